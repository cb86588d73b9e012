// What is missing all along, against what is missing now and then.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type MissingUnits, missingAfter, missingFor } from '../../../src/plan/on-demand/missing.ts';

/** After looks of so many units missing, one a second from second 0. */
const looked = (units: readonly number[]) =>
  units.reduce<readonly MissingUnits[]>((missing, each, second) => missingAfter(missing, each, second * 1_000), []);

describe('what is missing', () => {
  it('counts from when it began, and no more of it than was missing all along', () => {
    const missing = looked([3, 8, 5, 9]);
    expect(missingFor(missing, 3_000, 3_000)).toBe(3);
    expect(missingFor(missing, 2_000, 3_000)).toBe(5);
    expect(missingFor(missing, 0, 3_000)).toBe(9);
  });

  it('begins anew when nothing was missing in between', () => {
    expect(missingFor(looked([4, 4, 0, 4]), 1_000, 3_000)).toBe(0);
  });

  it('is, for any time, the least of what was missing in that time', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { minLength: 1, maxLength: 20 }), fc.nat(20), (units, back) => {
        const last = units.length - 1;
        fc.pre(back <= last);
        expect(missingFor(looked(units), back * 1_000, last * 1_000)).toBe(Math.min(...units.slice(last - back)));
      }),
    );
  });

  it('is no older for a clock that was put back', () => {
    expect(missingFor(missingAfter([{ at: 9_000, units: 4 }], 4, 1_000), 1, 1_000)).toBe(0);
  });
});
