// A clock that tests turn by hand: sleepers wake in the order of their instants, and what they do then has its turn
// before the next one wakes.
import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../../src/ports/clock.ts';

export interface TurnedClock extends Clock {
  /** Resolves when all that was due has been woken and has had its turn. */
  turn(durationMs: number): Promise<void>;
  /** Steps the wall clock alone, as whoever sets the time of a host does: no sleeper notices. */
  stepWall(byMs: number): void;
}

interface Sleeper {
  readonly dueMs: number;
  readonly wake: () => void;
}

export function turnedClock(startAt = Date.parse('2026-11-21T08:00:00Z')): TurnedClock {
  const sleepers = new Set<Sleeper>();
  let elapsedMs = 0;
  let offByMs = 0;
  return {
    now: () => startAt + elapsedMs + offByMs,
    monotonicMs: () => elapsedMs,
    sleep(durationMs, signal) {
      if (signal?.aborted || durationMs <= 0) return Promise.resolve();
      return new Promise((resolve) => {
        const wake = () => {
          sleepers.delete(sleeper);
          signal?.removeEventListener('abort', wake);
          resolve();
        };
        const sleeper = { dueMs: elapsedMs + durationMs, wake };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', wake);
      });
    },
    async turn(durationMs) {
      const untilMs = elapsedMs + durationMs;
      await settled();
      for (let next = firstOf(sleepers, untilMs); next !== undefined; next = firstOf(sleepers, untilMs)) {
        elapsedMs = Math.max(elapsedMs, next.dueMs);
        next.wake();
        await settled();
      }
      elapsedMs = untilMs;
    },
    stepWall(byMs) {
      offByMs += byMs;
    },
  };
}

function firstOf(sleepers: ReadonlySet<Sleeper>, untilMs: number): Sleeper | undefined {
  return [...sleepers].filter(({ dueMs }) => dueMs <= untilMs).sort((a, b) => a.dueMs - b.dueMs)[0];
}

/** Promises follow each other within one turn of the event loop; two for those that lead to others. */
async function settled(): Promise<void> {
  await turn();
  await turn();
}
