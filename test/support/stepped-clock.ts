// A clock that stands until it is told to move: its two clocks together, or the wall clock alone.
import type { Clock } from '../../src/ports/clock.ts';

export interface SteppedClock extends Clock {
  advance(durationMs: number): void;
  /** As whoever sets the time of a host does: nothing else notices. */
  stepWall(byMs: number): void;
}

export function steppedClock(startAt = Date.parse('2026-11-21T08:00:00Z')): SteppedClock {
  let elapsedMs = 0;
  let offByMs = 0;
  return {
    now: () => startAt + elapsedMs + offByMs,
    monotonicMs: () => elapsedMs,
    sleep: async (durationMs) => {
      elapsedMs += durationMs;
    },
    advance: (durationMs) => {
      elapsedMs += durationMs;
    },
    stepWall: (byMs) => {
      offByMs += byMs;
    },
  };
}
