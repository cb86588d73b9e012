import type { ContainerInstanceArn, TaskArn } from '../model/ids.ts';

export type InterruptionAction = 'terminate' | 'stop' | 'hibernate';

export interface InterruptionNotice {
  readonly action: InterruptionAction;
  /** When the instance ends, approximately; epoch milliseconds. May lie in the past: it is still going. */
  readonly deadlineAt: number;
}

export interface RebalanceRecommendation {
  /** When EC2 emitted it, epoch milliseconds. */
  readonly noticedAt: number;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceStatusEvent.html */
export const MAINTENANCE_CODES = [
  'instance-reboot',
  'system-reboot',
  'system-maintenance',
  'instance-retirement',
  'instance-stop',
] as const;
export type MaintenanceCode = (typeof MAINTENANCE_CODES)[number];

export interface MaintenanceEvent {
  readonly id: string;
  /** null for a code that we do not know: it may mean anything, so it is taken as seriously as the known ones. */
  readonly code: MaintenanceCode | null;
  readonly state: 'active' | 'completed' | 'canceled';
  /** The earliest it may begin, epoch milliseconds. */
  readonly notBeforeAt: number;
}

/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/retrieving-target-lifecycle-state-through-imds.html */
export const TARGET_LIFECYCLE_STATES = [
  'Detached',
  'InService',
  'Standby',
  'Terminated',
  'Warmed:Hibernated',
  'Warmed:Running',
  'Warmed:Stopped',
  'Warmed:Terminated',
] as const;
export type TargetLifecycleState = (typeof TARGET_LIFECYCLE_STATES)[number];

/** This instance's own metadata (IMDSv2). A rejection means "not known", never "nothing". */
export interface InstanceMetadata {
  /** null means that the service said there is no notice. */
  interruptionNotice(signal?: AbortSignal): Promise<InterruptionNotice | null>;
  rebalanceRecommendation(signal?: AbortSignal): Promise<RebalanceRecommendation | null>;
  /** Empty when nothing is scheduled. */
  maintenanceEvents(signal?: AbortSignal): Promise<readonly MaintenanceEvent[]>;
  /** null outside an Auto Scaling group. */
  targetLifecycleState(signal?: AbortSignal): Promise<TargetLifecycleState | null>;
  region(signal?: AbortSignal): Promise<string>;
  instanceId(signal?: AbortSignal): Promise<string>;
  /** Whether the service keeps connections open between requests; it counts packets, and a new connection costs more. */
  keepsConnections(): boolean;
}

/** A task as the ECS agent on this host knows it. */
export interface LocalTask {
  readonly arn: TaskArn;
  readonly family: string;
  /** Of the task definition. */
  readonly revision: number;
  /** What its containers do, as far as ECS is told: a task inside its stop timeout still runs. */
  readonly knownStatus: 'PENDING' | 'RUNNING' | 'STOPPED';
  /** What is wanted; the ECS agent leaves it blank when the known status is ahead of it, which is null here. */
  readonly desiredStatus: 'RUNNING' | 'STOPPED' | null;
  readonly images: readonly string[];
}

/** The ECS agent's introspection endpoint on this host: it costs no API call, whatever ECS throttles. */
export interface EcsAgentIntrospection {
  /** Who this host is to ECS; null until it has registered. */
  whoAmI(signal?: AbortSignal): Promise<{ cluster: string; containerInstanceArn: ContainerInstanceArn } | null>;
  /** Every task it knows, for some hours also those that are STOPPED. */
  tasks(signal?: AbortSignal): Promise<readonly LocalTask[]>;
}
