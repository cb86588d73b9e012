// The machine's own clock, and the only home of timers and of "now". Everything else is handed a Clock.
import { performance } from 'node:perf_hooks';
import type { Clock } from '../ports/clock.ts';
import { onAbort } from '../ports/on-abort.ts';

/** The longest delay a Node timer can hold (2^31 - 1 ms, 24.8 days); a longer one would fire at once. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** From the boot of the host (on Linux) to the start of this process. */
const STARTED_MS = Number(process.hrtime.bigint()) / 1e6 - performance.now();

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => STARTED_MS + performance.now(),
  async sleep(durationMs, signal) {
    const until = performance.now() + durationMs;
    for (let left = durationMs; left > 0 && signal?.aborted !== true; left = until - performance.now()) {
      await oneTimer(Math.min(Math.ceil(left), LONGEST_TIMER_MS), signal);
    }
  },
};

function oneTimer(delayMs: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      forget?.();
      resolve();
    };
    const timer = setTimeout(finish, delayMs);
    const forget = signal === undefined ? null : onAbort(signal, finish);
  });
}
