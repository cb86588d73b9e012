// Whether a snapshot is good enough to give anything away. What it lacks or tells too late may hide a need.
import type { ContainerInstance } from '../model/container-instance.ts';
import type { ClusterSnapshot } from '../model/snapshot.ts';

/** A pass whose calls are all retried takes about this long; what is older tells of another cluster. */
export const STALE_AFTER_MS = 60_000;

/** What is wrong with the view; nothing when it is whole and fresh. Otherwise it may grow the fleet, never shrink it. */
export function viewFaults({ gaps, observedAt }: ClusterSnapshot, now: number): ('partial-view' | 'stale-view')[] {
  return [
    ...(gaps.length > 0 ? (['partial-view'] as const) : []),
    ...(now - observedAt > STALE_AFTER_MS ? (['stale-view'] as const) : []),
  ];
}

/** Whole and fresh. */
export function mayShrink(snapshot: ClusterSnapshot, now: number): boolean {
  return viewFaults(snapshot, now).length === 0;
}

/** Whether an instance was described lately enough to say what stands on it: in a large cluster not everyone always is. */
export function isSeenLately(containerInstance: ContainerInstance | null, now: number): boolean {
  return containerInstance !== null && now - containerInstance.seenAt <= STALE_AFTER_MS;
}
