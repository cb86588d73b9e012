// Whether a snapshot is good enough to give anything away. What it lacks or tells too late may hide a need.
import type { ClusterSnapshot } from '../model/snapshot.ts';

/** A pass whose calls are all retried takes about this long; what is older tells of another cluster. */
const STALE_AFTER_MS = 60_000;

/** Whole and fresh. An incomplete or stale snapshot may grow the fleet, never shrink it. */
export function mayShrink(snapshot: ClusterSnapshot, now: number): boolean {
  return snapshot.gaps.length === 0 && now - snapshot.observedAt <= STALE_AFTER_MS;
}
