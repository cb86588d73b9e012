import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TaskShape } from '../../src/model/task-shape.ts';
import { capacityOf, countsOf } from '../../src/plan/capacity/capacity.ts';
import { unitsFor } from '../../src/plan/shortage.ts';
import { aFleet, aShape } from '../support/builders.ts';
import { anEmptyRoom, emptyRoomsOf } from '../support/empty-rooms.ts';

const kind = (value: string) => ({ ...anEmptyRoom('').traits, attributes: { kind: value } });
const TYPES = emptyRoomsOf({
  'c.large': { cpuUnits: 4096, memoryMiB: 3_600, traits: kind('c') },
  'm.large': { cpuUnits: 2048, memoryMiB: 7_690, traits: kind('m') },
  'm.xlarge': { cpuUnits: 4096, memoryMiB: 15_586, gpus: 1 },
});
const fleet = aFleet([], {
  options: [
    { instanceType: 'c.large', weightUnits: 2 },
    { instanceType: 'm.large', weightUnits: 1 },
    { instanceType: 'm.xlarge', weightUnits: 2 },
  ],
});

/** Units for so many tasks of each shape. */
function unitsOf(shapes: readonly TaskShape[], counts: readonly number[]): number {
  const capacity = capacityOf({ now: [], inFlight: [] }, shapes, { empty: TYPES, groups: [] });
  const demands = shapes.map((shape, at) => ({ shape, count: counts[at] ?? 0 }));
  return unitsFor(capacity, fleet, countsOf(capacity, demands));
}

const small = aShape({ cpuUnits: 1024, memoryMiB: 3_500 });
const gpu = aShape({ cpuUnits: 256, memoryMiB: 256, gpus: 1 });
const wide = aShape({ cpuUnits: 4096, memoryMiB: 512 });
const tall = aShape({ cpuUnits: 256, memoryMiB: 15_000 });

describe('the units for tasks without a place', () => {
  it('are none for no tasks', () => {
    expect(unitsOf([small, gpu], [0, 0])).toBe(0);
  });

  it('suffice whichever type the fleet picks', () => {
    // Four c.large of weight 2, one task each, come when more than 6 units are missing; two m.large of weight 1 would do.
    expect(unitsOf([small], [4])).toBe(7);
  });

  it('leave out a type that hosts nothing of it', () => {
    expect(unitsOf([gpu], [3])).toBe(5);
  });

  it('are no fewer because one shape more is wanted, which only some types host', () => {
    // An m.xlarge would hold all of it; the fleet may still pick others, and the small ones need as much of them as before.
    expect(unitsOf([small, gpu], [4, 1])).toBe(7);
  });

  it('are summed over shapes of which no type hosts both', () => {
    const [onC, onM] = ['c', 'm'].map((value) => ({ ...small, requiredAttributes: [{ name: 'kind', value }] }));
    if (onC === undefined || onM === undefined) throw new Error('two shapes are made above');
    expect([unitsOf([onC, onM], [2, 0]), unitsOf([onC, onM], [0, 2])]).toEqual([3, 1]);
    expect(unitsOf([onC, onM], [2, 2])).toBe(4);
  });

  it('never rise when less is without a place', () => {
    const count = fc.nat(6);
    fc.assert(
      fc.property(fc.tuple(count, count, count, count), fc.tuple(count, count, count, count), (more, less) => {
        const shapes = [small, gpu, wide, tall];
        const least = more.map((each, at) => Math.min(each, less[at] ?? 0));
        expect(unitsOf(shapes, least)).toBeLessThanOrEqual(unitsOf(shapes, more));
      }),
      { numRuns: 2_000 },
    );
  });
});
