import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pace } from '../../../src/agent/tasks/pace.ts';
import { overrunMs } from '../../../src/agent/tasks/stop-audit.ts';
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

describe('the overrun of a stop', () => {
  const ms = fc.integer({ min: 0, max: 400_000 });

  it('is what is missing from the two minutes, and none where no load balancer is waited for', () => {
    fc.assert(
      fc.property(ms, ms, ms, (deregistrationMs, stopTimeoutMs, marginMs) => {
        const overMs = overrunMs({ deregistrationMs, stopTimeoutMs, marginMs });
        const fits = deregistrationMs + stopTimeoutMs + marginMs <= 120_000;
        if (fits || deregistrationMs === 0) expect(overMs).toBeNull();
        else expect(120_000 + (overMs ?? 0)).toBe(deregistrationMs + stopTimeoutMs + marginMs);
      }),
    );
  });
});
