// The one wait that is not for time: until everything that can go on by itself has.
import process from 'node:process';

/** So often the event loop comes round all the same: whoever shares the process must be able to breathe. */
const BREATH = 1_000;

let calls = 0;

/**
 * Resolves when no promise of this process has anything left to do; for those whose waits are all promises. Node runs every
 * microtask, and those that follow from it, before it comes to the next tick.
 * https://nodejs.org/en/learn/asynchronous-work/event-loop-timers-and-nexttick
 */
export function settled(): Promise<void> {
  calls += 1;
  return new Promise((resolve) => (calls % BREATH === 0 ? setImmediate(resolve) : process.nextTick(resolve)));
}
