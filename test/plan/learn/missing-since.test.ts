import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lastingCount, type MissingSince, rememberMissing } from '../../../src/plan/learn/missing-since.ts';

const DEBOUNCE_MS = 10_000;

interface Look {
  readonly now: number;
  readonly missing: number;
}

const entriesAfter = (looks: readonly Look[]): readonly MissingSince[] =>
  looks.reduce<readonly MissingSince[]>((entries, { missing, now }) => rememberMissing(entries, missing, now), []);
/** A look a second, beginning at second 0. */
const everySecond = (...missing: readonly number[]): Look[] =>
  missing.map((count, index) => ({ now: index * 1_000, missing: count }));

describe('missing tasks', () => {
  it('are no lasting need when they are first seen', () => {
    expect(lastingCount(entriesAfter(everySecond(4)), 0, DEBOUNCE_MS)).toBe(0);
  });

  it('are lasting when they have been missing for the whole debounce', () => {
    const entries = entriesAfter([
      { now: 0, missing: 4 },
      { now: 9_999, missing: 4 },
    ]);
    expect(lastingCount(entries, 9_999, DEBOUNCE_MS)).toBe(0);
    expect(lastingCount(entries, 10_000, DEBOUNCE_MS)).toBe(4);
  });

  it('that come one by one are lasting one by one', () => {
    const entries = entriesAfter(everySecond(1, 1, 2, 2, 5));
    expect([9_000, 10_000, 11_000, 12_000, 14_000].map((now) => lastingCount(entries, now, DEBOUNCE_MS))).toEqual([
      0, 1, 1, 2, 5,
    ]);
  });

  it('that were found once and are missing again begin anew', () => {
    const entries = entriesAfter(everySecond(3, 3, 1, 3));
    expect(lastingCount(entries, 10_000, DEBOUNCE_MS)).toBe(1);
    expect(lastingCount(entries, 13_000, DEBOUNCE_MS)).toBe(3);
  });

  it('count at once where nothing is debounced', () => {
    expect(lastingCount(entriesAfter(everySecond(2, 3)), 1_000, 0)).toBe(3);
  });

  it('begin anew when the clock is put back', () => {
    const entries = entriesAfter([
      { now: 60_000, missing: 2 },
      { now: 5_000, missing: 2 },
    ]);
    expect(entries).toEqual([{ count: 2, since: 5_000 }]);
  });

  it('that grow at every look stay few entries, and the first of them stay lasting', () => {
    const entries = entriesAfter(everySecond(...Array.from({ length: 1_000 }, (_, index) => index + 1)));
    expect(entries.length).toBeLessThanOrEqual(64);
    expect(lastingCount(entries, 999_000, 900_000)).toBe(1);
  });
});

describe('any looks at missing tasks', () => {
  const anyLooks = fc
    .array(fc.record({ after: fc.integer({ min: 0, max: 15_000 }), missing: fc.integer({ min: 0, max: 9 }) }), {
      minLength: 1,
      maxLength: 40,
    })
    .map((steps) => {
      let now = 0;
      return steps.map(({ after: step, missing }): Look => {
        now += step;
        return { now, missing };
      });
    });
  const anyDebounce = fc.integer({ min: 0, max: 30_000 });

  it('find as lasting the fewest missing in all looks since a debounce ago, judged by the looks themselves', () => {
    const property = fc.property(anyLooks, anyDebounce, (looks, debounceMs) => {
      const { now } = looks.at(-1) ?? { now: 0 };
      // The most tasks for which there is a look a debounce ago since which no look found fewer.
      let most = 0;
      looks.forEach((look, index) => {
        const fewest = Math.min(...looks.slice(index).map(({ missing }) => missing));
        if (now - look.now >= debounceMs) most = Math.max(most, fewest);
      });
      expect(lastingCount(entriesAfter(looks), now, debounceMs)).toBe(most);
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('never find more lasting than are missing now', () => {
    const property = fc.property(
      anyLooks,
      anyDebounce,
      fc.integer({ min: 0, max: 1e9 }),
      (looks, debounceMs, later) => {
        const last = looks.at(-1) ?? { now: 0, missing: 0 };
        expect(lastingCount(entriesAfter(looks), last.now + later, debounceMs)).toBeLessThanOrEqual(last.missing);
      },
    );
    fc.assert(property);
  });

  it('leave entries whose counts and instants both rise', () => {
    const property = fc.property(anyLooks, (looks) => {
      const entries = entriesAfter(looks);
      for (const [index, { count, since }] of entries.entries()) {
        const next = entries[index + 1] ?? { count: Number.POSITIVE_INFINITY, since: Number.POSITIVE_INFINITY };
        expect(count).toBeGreaterThan(0);
        expect(next.count).toBeGreaterThan(count);
        expect(next.since).toBeGreaterThan(since);
      }
    });
    fc.assert(property);
  });
});
