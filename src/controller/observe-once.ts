// One look at the whole cluster, for a person who waits for it.
import type { ClusterSnapshot } from '../model/snapshot.ts';
import type { Share } from './observe/call-budget.ts';
import type { Wishes } from './observe/wishes.ts';
import { Observer, type Sources } from './observe.ts';

// For one look a person waits, and then nothing more is asked.
const LOOK_SHARE: Share = { sustained: 0.5, burst: 1 };
const LOOK_PAUSE_MS = 500;

/**
 * One snapshot with everything read once, or with a gap for what could not be: up to a minute in the largest clusters.
 * @param wishesAfter what a decision on it would still need to know, which is then read as well
 */
export async function observeOnce(
  sources: Sources,
  wishesAfter: (snapshot: ClusterSnapshot) => Wishes | null = () => null,
  signal?: AbortSignal,
): Promise<ClusterSnapshot> {
  const observer = new Observer(sources, LOOK_SHARE);
  let snapshot = await observer.observe({ lookAt: [] }, signal);
  while (observer.isStillReading && signal?.aborted !== true) {
    await sources.clock.sleep(LOOK_PAUSE_MS, signal);
    snapshot = await observer.observe({ lookAt: [] }, signal);
  }
  const wishes = observer.failures.length === 0 ? wishesAfter(snapshot) : null;
  return wishes === null || signal?.aborted === true ? snapshot : observer.observe(wishes, signal);
}
