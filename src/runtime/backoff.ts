// Delays between attempts: exponential, with full jitter, so that the instances of a fleet that all fail at once do not
// all come back at once. Pure: the caller sleeps.
import type { Rng } from '../ports/rng.ts';

export interface Backoff {
  /** Upper end of the first delay. */
  readonly baseMs: number;
  /** Upper end of every later delay. */
  readonly capMs: number;
}

/**
 * The pause before the next attempt, in milliseconds: evenly between 0 and min(cap, base * 2^failures).
 * Full jitter as in https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 *
 * @param failures attempts that failed since the last success, less one: 0 after the first failure
 */
export function backoffDelayMs(failures: number, backoff: Backoff, rng: Rng): number {
  return rng.next() * Math.min(backoff.capMs, backoff.baseMs * 2 ** failures);
}
