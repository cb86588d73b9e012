// A clock that stands until it is told to move.
import type { Clock } from '../../src/ports/clock.ts';

export interface SteppedClock extends Clock {
  advance(durationMs: number): void;
}

export function steppedClock(startAt = Date.parse('2026-11-21T08:00:00Z')): SteppedClock {
  let elapsedMs = 0;
  return {
    now: () => startAt + elapsedMs,
    monotonicMs: () => elapsedMs,
    sleep: async (durationMs) => {
      elapsedMs += durationMs;
    },
    advance: (durationMs) => {
      elapsedMs += durationMs;
    },
  };
}
