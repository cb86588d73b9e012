// An EC2 instance as ECS knows it.
import type { ContainerInstanceArn, InstanceId } from './ids.ts';
import type { HostPort, Resources } from './resources.ts';

export type ContainerInstanceStatus =
  | 'REGISTERING'
  | 'REGISTRATION_FAILED'
  | 'ACTIVE'
  | 'DRAINING'
  | 'DEREGISTERING'
  | 'INACTIVE';

export interface ContainerInstance {
  readonly arn: ContainerInstanceArn;
  readonly instanceId: InstanceId;
  readonly status: ContainerInstanceStatus;
  readonly agentConnected: boolean;
  /** The ECS capacity provider it belongs to; null for none. */
  readonly capacityProvider: string | null;
  /** Of the ECS agent; null when it hides it. */
  readonly agentVersion: string | null;
  /** null when ECS's list lacks cpu or memory. */
  readonly registered: Resources | null;
  /** As ECS says it, which may be negative on an over-committed instance; null when its list lacks cpu or memory. */
  readonly remaining: Resources | null;
  /** Registered GPUs. How many are free follows from the tasks: what `remaining` lists of them is not documented. */
  readonly gpus: number;
  /** Host ports taken now: reserved at registration or held by tasks. */
  readonly takenPorts: readonly HostPort[];
  /** Tasks whose desired status is RUNNING, so 0 may still mean containers inside their stop timeout. */
  readonly runningTaskCount: number;
  readonly pendingTaskCount: number;
  /** Epoch milliseconds. */
  readonly registeredAt: number;
  /** Rises with every change of it that ECS sends an event about. */
  readonly version: number;
  /**
   * When it was last described, epoch milliseconds: in a large cluster not everyone is, at every pass. The observer moves
   * it in place while nothing else changes, so that an unchanged instance stays the same object.
   */
  readonly seenAt: number;
  /** Attribute name to value; an attribute without value maps to the empty string. */
  readonly attributes: Readonly<Record<string, string>>;
}
