// `spotkeeper pause` and `spotkeeper resume`: the tag by which every controller of the cluster holds back.
import { formatPause, ORDER_TAG, type Pause, parsePause, type Stop, type UnreadablePause } from '../../model/orders.ts';
import type { Cluster } from '../../ports/cluster.ts';

export interface Paused {
  /** `refused`: a pause stands that this one would cut short. */
  readonly result: 'paused' | 'refused';
  /** As it now stands in the tag. */
  readonly pause: Pause | UnreadablePause;
  /** What stood there before, and was in force; null when nothing was. */
  readonly before: Pause | UnreadablePause | null;
  readonly stop: Stop | null;
}

export interface Resumed {
  readonly result: 'resumed' | 'not-paused';
  /** The pause that was taken back. */
  readonly before: Pause | UnreadablePause | null;
  /** The kill switch, which stays. */
  readonly stop: Stop | null;
}

/** Pauses, unless a pause stands that covers more or lasts longer. @throws Failure what the cluster throws */
export async function pause(cluster: Cluster, asked: Pause, now: number): Promise<Paused> {
  const { orders } = await cluster.operatorWords();
  const before = inForce(orders.pause, now);
  const { stop } = orders;
  if (before !== null && before.of !== 'unreadable' && wouldBeCut(before, asked)) {
    return { result: 'refused', pause: before, before, stop };
  }
  const text = formatPause(asked);
  await cluster.setTag(ORDER_TAG.pause, text);
  // One whose key is put otherwise would hold beside it.
  for (const key of orders.pauseKeys) if (key !== ORDER_TAG.pause) await cluster.removeTag(key);
  // What the controllers will read, whatever AWS lets no tag hold.
  return { result: 'paused', pause: parsePause(text), before, stop };
}

/** Takes back a pause, also one that is over or cannot be read. @throws Failure what the cluster throws */
export async function resume(cluster: Cluster, now: number): Promise<Resumed> {
  const { orders } = await cluster.operatorWords();
  for (const key of orders.pauseKeys) await cluster.removeTag(key);
  const before = inForce(orders.pause, now);
  return { result: before === null ? 'not-paused' : 'resumed', before, stop: orders.stop };
}

function inForce(pause: Pause | UnreadablePause | null, now: number): Pause | UnreadablePause | null {
  return pause !== null && (pause.of === 'unreadable' || pause.until > now) ? pause : null;
}

function wouldBeCut(before: Pause, asked: Pause): boolean {
  return asked.until < before.until || (before.of === 'everything' && asked.of === 'shrinking');
}
