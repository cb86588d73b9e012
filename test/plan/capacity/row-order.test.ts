import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { everyRow, looseness, rowOrder } from '../../../src/plan/capacity/row-order.ts';

const someValues = fc.array(
  fc.integer({ min: -1_000_000, max: 1_000_000 }).map((value) => value / 8),
  { maxLength: 200 },
);

describe('the order of rows', () => {
  it('names every row it is given once', () => {
    fc.assert(
      fc.property(someValues, fc.nat(3), (values, each) => {
        const rows = everyRow(values.length).filter((row) => row % (each + 1) === 0);
        expect([...rowOrder(Float64Array.from(values), rows)].sort((a, b) => a - b)).toEqual([...rows]);
      }),
    );
  });

  it('rises by value, but for differences of less than a thousandth of the whole range', () => {
    fc.assert(
      fc.property(someValues, (values) => {
        const order = [...rowOrder(Float64Array.from(values), everyRow(values.length))];
        const range = Math.max(0, ...values) - Math.min(0, ...values);
        const sorted = order.map((row) => values[row] ?? 0);
        sorted.slice(1).forEach((value, at) => {
          expect(value).toBeGreaterThanOrEqual((sorted[at] ?? 0) - range / 1_000);
        });
      }),
    );
  });

  it('leaves rows of equal value in the order they come in', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { maxLength: 50 }), (values) => {
        const expected = [...everyRow(values.length)].sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0) || a - b);
        expect([...rowOrder(Float64Array.from(values), everyRow(values.length))]).toEqual(expected);
      }),
    );
  });

  it('is the given one where all are alike', () => {
    expect([...rowOrder(Float64Array.of(5, 5, 5), Uint32Array.of(2, 0, 1))]).toEqual([2, 0, 1]);
  });
});

describe('looseness', () => {
  it('weighs cpu and memory by what the shapes need of each', () => {
    const free = { cpu: Int32Array.of(100, 0), memory: Int32Array.of(0, 1000) };
    const need = { cpu: Int32Array.of(10, 10), memory: Int32Array.of(100, 300) };
    expect([...looseness(free, need)]).toEqual([5, 2.5]);
  });
});
