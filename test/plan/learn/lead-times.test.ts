import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { creditOf, type Launch, leadTimesOf } from '../../../src/plan/learn/lead-times.ts';

const SECOND_MS = 1_000;
const GRACE = { joinGraceMs: 600 * SECOND_MS };
const PRIOR = { p50Ms: 120 * SECOND_MS, p95Ms: 240 * SECOND_MS, isLearned: false };

/** Launches a minute apart, the first the oldest, each taking so many seconds. */
const launches = (...leadSeconds: readonly number[]): Launch[] =>
  leadSeconds.map((lead, index) => ({
    launchedAt: index * 60_000,
    registeredAt: index * 60_000 + lead * SECOND_MS,
  }));
const same = (count: number, seconds: number): number[] => Array.from({ length: count }, () => seconds);

describe('the lead time', () => {
  it('is the prior before the first launch', () => {
    expect(leadTimesOf([], GRACE)).toEqual(PRIOR);
  });

  it('moves towards what is seen with every launch', () => {
    const p95s = [1, 5, 20, 200].map((count) => leadTimesOf(launches(...same(count, 60)), GRACE).p95Ms / SECOND_MS);
    expect(p95s).toEqual([210, 150, 96, 64.39]);
  });

  it('is learned when as many launches are known as the prior counts for', () => {
    expect(leadTimesOf(launches(...same(4, 60)), GRACE).isLearned).toBe(false);
    expect(leadTimesOf(launches(...same(5, 60)), GRACE).isLearned).toBe(true);
  });

  it('has a tail of its own', () => {
    const { p50Ms, p95Ms } = leadTimesOf(launches(...same(180, 50), ...same(20, 300)), GRACE);
    expect(p50Ms).toBeLessThan(60 * SECOND_MS);
    expect(p95Ms).toBeGreaterThan(290 * SECOND_MS);
  });

  it('is that of the newest launches: a faster image shows, whatever was before', () => {
    const slowThenFast = launches(...same(500, 300), ...same(200, 30));
    expect(leadTimesOf(slowThenFast, GRACE)).toEqual(leadTimesOf(launches(...same(200, 30)), GRACE));
  });

  it('takes no notice of an old instance whose ECS agent registered anew', () => {
    expect(leadTimesOf(launches(60, 601, 86_400), GRACE)).toEqual(leadTimesOf(launches(60), GRACE));
  });

  it('takes no notice of a registration before the launch, nor of instances of which one instant is not known', () => {
    const nonsense: Launch[] = [
      { launchedAt: 60_000, registeredAt: 0 },
      { launchedAt: null, registeredAt: 5 },
      { launchedAt: 5, registeredAt: null },
    ];
    expect(leadTimesOf(nonsense, GRACE)).toEqual(PRIOR);
  });

  it('is never longer than the grace after which an instance is an orphan', () => {
    expect(leadTimesOf([], { joinGraceMs: 30_000 })).toMatchObject({ p50Ms: 30_000, p95Ms: 30_000 });
  });

  it('is between its prior and its samples, p50 at most p95, whatever the launches and their order', () => {
    const instant = fc.option(fc.integer({ min: 0, max: 3_600_000 }));
    const anyLaunches = fc.array(fc.record({ launchedAt: instant, registeredAt: instant }), { maxLength: 300 });
    const withOrder = anyLaunches.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    const property = fc.property(
      withOrder,
      fc.integer({ min: 1_000, max: 1_200_000 }),
      ([all, shuffled], joinGraceMs) => {
        const learned = leadTimesOf(all, { joinGraceMs });
        expect(leadTimesOf(shuffled, { joinGraceMs })).toEqual(learned);
        expect(learned.p50Ms).toBeLessThanOrEqual(learned.p95Ms);
        expect(learned.p50Ms).toBeGreaterThanOrEqual(0);
        expect(learned.p95Ms).toBeLessThanOrEqual(joinGraceMs);
      },
    );
    fc.assert(property);
  });
});

describe('the credit of an instance on its way', () => {
  it.each([
    ['is whole when it has just been launched', 0, 1],
    ['is whole until nearly every launch has come', 100, 1],
    ['is half after twice as long', 200, 0.5],
    ['is gone after three times as long', 300, 0],
    ['stays gone', 1_000, 0],
  ])('%s', (_name, ageMs, expected) => {
    expect(creditOf(ageMs, { p95Ms: 100 })).toBe(expected);
  });

  it('never rises with age, and stays between 0 and 1', () => {
    const age = fc.integer({ min: -1_000, max: 2_000_000 });
    const property = fc.property(age, age, fc.integer({ min: 0, max: 600_000 }), (a, b, p95Ms) => {
      const [younger, older] = [creditOf(Math.min(a, b), { p95Ms }), creditOf(Math.max(a, b), { p95Ms })];
      expect(older).toBeLessThanOrEqual(younger);
      expect(older).toBeGreaterThanOrEqual(0);
      expect(younger).toBeLessThanOrEqual(1);
    });
    fc.assert(property);
  });
});
