import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addWindow, NO_WINDOWS, quantileOf, weightAboveZero } from '../../../src/plan/learn/window-counts.ts';

const of = (...counts: readonly number[]) =>
  counts.reduce<readonly number[]>((windows, count) => addWindow(windows, count, 1), NO_WINDOWS);

describe('windows and what they held', () => {
  it('have no quantile but 0 when there are none', () => {
    expect(quantileOf(NO_WINDOWS, 0.95)).toBe(0);
  });

  it('of which nineteen of twenty held none ask for none at 95 %', () => {
    const twenty = of(7, ...Array.from({ length: 19 }, () => 0));
    expect([quantileOf(twenty, 0.95), quantileOf(twenty, 0.96)]).toEqual([0, 7]);
  });

  it('fade, so that what is often now outweighs what was often once', () => {
    let windows = of(...Array.from({ length: 100 }, () => 12));
    expect(quantileOf(windows, 0.8)).toBe(12);
    for (let index = 0; index < 100; index += 1) windows = addWindow(windows, 2, 0.97);
    expect(quantileOf(windows, 0.8)).toBe(2);
  });

  it('are forgotten altogether when they have faded', () => {
    const windows = addWindow(of(500), 1, 2 ** -11);
    expect(windows).toEqual([0, 1]);
  });

  it('weigh by those that held any', () => {
    expect(weightAboveZero(of(0, 0, 3, 1))).toBe(2);
  });

  it('have a quantile that is the exact one, or at most 9 % more where counts are large, and rises with the share', () => {
    const counts = fc.array(fc.oneof(fc.nat(20), fc.nat(10_000)), { minLength: 1, maxLength: 60 });
    const share = fc.integer({ min: 1, max: 1_000 }).map((thousandths) => thousandths / 1_000);
    const property = fc.property(counts, share, share, (held, a, b) => {
      const [low, high] = [Math.min(a, b), Math.max(a, b)];
      const sorted = held.toSorted((x, y) => x - y);
      const exact = sorted[Math.ceil(high * held.length - 1e-6) - 1] ?? 0;
      const quantile = quantileOf(of(...held), high);
      expect(quantile).toBeGreaterThanOrEqual(exact);
      expect(quantile).toBeLessThanOrEqual(exact * 2 ** (1 / 8));
      expect(quantileOf(of(...held), low)).toBeLessThanOrEqual(quantile);
    });
    fc.assert(property);
  });
});
