// Whether somebody renews the lease, for those who only look. The record has no time in it, so one read tells who held it
// last and not that the holder is alive: it has to be seen to change.
import type { Clock } from '../ports/clock.ts';
import type { LeaseRecord, LeaseStore } from '../ports/lease-store.ts';

export interface WatchedLease {
  /** As read last; null when nobody ever held it. */
  readonly kept: LeaseRecord | null;
  /** Whether it was written while it was watched; null where there is nothing to renew. */
  readonly isRenewed: boolean | null;
  /** How long it was watched. */
  readonly watchedMs: number;
}

// A leader renews once in each retry period: half of one more, for the time a write takes.
const PERIODS = 1.5;
// However short the period, a call over a network takes its time; and however long, a person waits at the other end.
const LEAST_MS = 1_000;
const MOST_MS = 3_000;
const LOOK_EVERY_MS = 250;

/**
 * Returns as soon as the lease is renewed or nobody holds it, or after a little more than a retry period, three seconds at
 * most. A longer period than two seconds is not watched to its end, so "not renewed" is to be told with how long it was
 * watched. @throws Failure of the store
 */
export async function watchLease(
  store: LeaseStore,
  { clock, retryPeriodMs }: { readonly clock: Clock; readonly retryPeriodMs: number },
): Promise<WatchedLease> {
  const first = await store.read();
  const sinceMs = clock.monotonicMs();
  const limitMs = Math.min(MOST_MS, Math.max(LEAST_MS, retryPeriodMs * PERIODS));
  let kept = first;
  let watchedMs = 0;
  while (kept !== null && !kept.isReleased && kept.version === first?.version && watchedMs < limitMs) {
    await clock.sleep(Math.min(LOOK_EVERY_MS, limitMs - watchedMs));
    kept = await store.read();
    watchedMs = clock.monotonicMs() - sinceMs;
  }
  const isHeld = kept !== null && !kept.isReleased;
  return { kept, isRenewed: isHeld ? kept?.version !== first?.version : null, watchedMs };
}
