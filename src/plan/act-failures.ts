// What to make of acts that fail one pass after the other: AWS may be in trouble, or a permission gone, and half of a
// retirement may be all that is ever done. While they fail, nothing shrinks.

export interface ActFailures {
  /** Passes in a row in which an act failed. */
  readonly inARow: number;
  /** Of the last failure, epoch milliseconds; null when there was none. */
  readonly lastAt: number | null;
}

export const NO_FAILURES: ActFailures = { inARow: 0, lastAt: null };

// The SDK has tried each call several times already, so a third pass is no hiccup.
const MOST_IN_A_ROW = 3;

// A frozen shrink can no more fail than succeed, so that it works again only shows by trying: one act after each such time.
const TRIED_AGAIN_AFTER_MS = 300_000;

export function areFailing({ inARow, lastAt }: ActFailures, now: number): boolean {
  return inARow >= MOST_IN_A_ROW && lastAt !== null && Math.abs(now - lastAt) < TRIED_AGAIN_AFTER_MS;
}

/** After a pass that acted. A pass with nothing to do says nothing. */
export function afterActing({ inARow }: ActFailures, hasFailed: boolean, now: number): ActFailures {
  return hasFailed ? { inARow: inARow + 1, lastAt: now } : NO_FAILURES;
}
