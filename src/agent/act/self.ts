// This container instance as something to act on, and how long one call about it may take.
import type { ContainerInstanceArn } from '../../model/ids.ts';
import type { Cluster } from '../../ports/cluster.ts';
import { Failure } from '../../ports/failure.ts';
import type { WhoAmI } from '../who-am-i.ts';
import type { Persistence } from './persist.ts';

export interface Acting extends Persistence {
  readonly whoAmI: WhoAmI;
  /** The named cluster's API. Throws Failure; asked again for every attempt, so it should remember. */
  readonly openCluster: (name: string) => Promise<Cluster>;
}

export interface Self {
  readonly cluster: Cluster;
  readonly arn: ContainerInstanceArn;
}

/** Bound on one write: many times what ECS needs, so that a lost answer costs little of the two minutes. */
export const WRITE_LIMIT_MS = 2_000;

/** Ourselves, as the ECS agent sees us at this moment. */
export async function ourselves({ whoAmI, openCluster }: Acting, signal: AbortSignal): Promise<Self> {
  const identity = await whoAmI.now(signal);
  if (identity === null) throw new Failure('timed-out', 'learning from the ECS agent which container instance this is');
  return { cluster: await openCluster(identity.cluster), arn: identity.containerInstanceArn };
}
