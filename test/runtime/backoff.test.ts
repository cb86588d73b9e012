import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffDelayMs } from '../../src/runtime/backoff.ts';

const always = (value: number) => ({ next: () => value });
const backoff = { baseMs: 100, capMs: 2_000 };

describe('a backoff delay', () => {
  it('doubles its upper end with each failure up to the cap', () => {
    const upper = [0, 1, 2, 3, 4, 5, 60, 2_000].map((failures) => backoffDelayMs(failures, backoff, always(1)));
    expect(upper).toEqual([100, 200, 400, 800, 1_600, 2_000, 2_000, 2_000]);
  });

  it('may be nothing at all: the jitter is full', () => {
    expect(backoffDelayMs(10, backoff, always(0))).toBe(0);
  });

  it('lies between nothing and the cap whatever the chance', () => {
    fc.assert(
      fc.property(fc.nat(5_000), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (failures, chance) => {
        const delayMs = backoffDelayMs(failures, backoff, always(chance));
        expect(delayMs).toBeGreaterThanOrEqual(0);
        expect(delayMs).toBeLessThanOrEqual(backoff.capMs);
      }),
    );
  });
});
