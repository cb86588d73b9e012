// What the next decision needs to know of the cluster, beyond what is read in any case.
import type { ContainerInstanceArn } from '../../model/ids.ts';

export interface Wishes {
  /** Instances whose tasks the next decision needs to know, most wanted first. */
  readonly lookAt: readonly ContainerInstanceArn[];
  /** Instances that may be chosen if none of their tasks is protected, most wanted first. */
  readonly protectionOf?: readonly ContainerInstanceArn[];
}
