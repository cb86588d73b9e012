// What every part of a response works with, and how long it goes on.
import type { ContainerInstanceArn } from '../model/ids.ts';
import type { Cluster } from '../ports/cluster.ts';
import { Failure } from '../ports/failure.ts';
import type { InterruptionNotice } from '../ports/metadata.ts';
import type { Persistence } from './act/persist.ts';
import type { WhoAmI } from './who-am-i.ts';

export interface Responding extends Persistence {
  readonly whoAmI: WhoAmI;
  /** The named cluster's API. Throws Failure; asked again for every attempt, so it should remember. */
  readonly openCluster: (name: string) => Promise<Cluster>;
  /** See `Situation.marginMs`. */
  readonly marginMs: number;
}

/** This container instance as something to act on. */
export interface Self {
  readonly cluster: Cluster;
  readonly arn: ContainerInstanceArn;
}

/** Bound on one write: many times what ECS needs, so that a lost answer costs little of the two minutes. */
export const WRITE_LIMIT_MS = 2_000;

/**
 * Bound on listing, four calls and their retries. Together with one write it must fit in the stop margin, so that a
 * listing that hangs at a task's last moment still leaves the task its whole stop timeout: the least margin that can be
 * configured is the sum of both.
 */
export const LIST_LIMIT_MS = 2_000;

// A deadline is approximate, and stays in the past when EC2 fails to end the instance: going all the same.
const AT_LEAST_MS = 60_000;

/** Until when a response to this notice keeps trying, epoch milliseconds. */
export function givesUpAt(notice: InterruptionNotice, nowAt: number): number {
  return Math.max(notice.deadlineAt, nowAt + AT_LEAST_MS);
}

/** Ourselves, as the ECS agent sees us at this moment. */
export async function ourselves({ whoAmI, openCluster }: Responding, signal: AbortSignal): Promise<Self> {
  const identity = await whoAmI.now(signal);
  if (identity === null) throw new Failure('timed-out', 'learning from the ECS agent which container instance this is');
  return { cluster: await openCluster(identity.cluster), arn: identity.containerInstanceArn };
}
