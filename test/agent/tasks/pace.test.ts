import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pace } from '../../../src/agent/tasks/pace.ts';
import { turnedClock } from '../../support/turned-clock.ts';

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('a pace', () => {
  it('is due at first and after each success, and after a failure waits at least half of its doubled pause', () => {
    fc.assert(
      fc.property(fc.array(chance, { minLength: 1, maxLength: 20 }), (chances) => {
        let at = 0;
        const rng = { next: () => chances[at] ?? 0 };
        const pace = new Pace({ clock: turnedClock(), rng }, { baseMs: 1_000, capMs: 30_000 });
        expect(pace.isDue).toBe(true);
        for (at = 0; at < chances.length; at += 1) {
          pace.failed();
          const mostMs = Math.min(30_000, 1_000 * 2 ** at);
          expect(pace.waitMs).toBeGreaterThanOrEqual(mostMs / 2);
          expect(pace.waitMs).toBeLessThanOrEqual(mostMs);
        }
        pace.succeeded();
        expect(pace.isDue).toBe(true);
      }),
    );
  });
});
