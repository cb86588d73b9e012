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
  readonly registered: Resources;
  readonly remaining: Resources;
  /** Host ports taken now: reserved at registration or held by tasks. */
  readonly takenPorts: readonly HostPort[];
  /** Tasks whose desired status is RUNNING, so 0 may still mean containers inside their stop timeout. */
  readonly runningTaskCount: number;
  readonly pendingTaskCount: number;
  /** Epoch milliseconds. */
  readonly registeredAt: number;
  /** Attribute name to value; an attribute without value maps to the empty string. */
  readonly attributes: Readonly<Record<string, string>>;
}
