// Services, tasks and task definitions, reduced to what decisions need.
import type { ContainerInstanceArn, ServiceArn, TaskArn, TaskDefinitionArn } from './ids.ts';
import type { TaskShape } from './task-shape.ts';

export type SchedulingStrategy = 'REPLICA' | 'DAEMON';

export interface Service {
  readonly arn: ServiceArn;
  readonly name: string;
  readonly schedulingStrategy: SchedulingStrategy;
  readonly taskDefinition: TaskDefinitionArn;
  readonly desiredCount: number;
  readonly runningCount: number;
  readonly pendingCount: number;
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  /** A deployment other than the finished one is under way. */
  readonly isDeploying: boolean;
  /** The newest placement failure's text, when the newest events hold one. */
  readonly placementFailure: string | null;
}

export interface TaskDefinition {
  readonly arn: TaskDefinitionArn;
  readonly shape: TaskShape;
  /** The longest stop timeout of its containers; null where none is set and the ECS agent's own default applies. */
  readonly stopTimeoutMs: number | null;
}

export type TaskStatus =
  | 'PROVISIONING'
  | 'PENDING'
  | 'ACTIVATING'
  | 'RUNNING'
  | 'DEACTIVATING'
  | 'STOPPING'
  | 'DEPROVISIONING'
  | 'STOPPED'
  | 'DELETED';

export interface Task {
  readonly arn: TaskArn;
  /** `service:NAME` for service tasks, `family:NAME` for standalone ones. */
  readonly group: string;
  readonly taskDefinition: TaskDefinitionArn;
  readonly containerInstanceArn: ContainerInstanceArn | null;
  readonly lastStatus: TaskStatus;
  readonly desiredStatus: 'RUNNING' | 'STOPPED' | 'PENDING';
}

/** The service's name when the task belongs to one, null for a standalone task. */
export function serviceNameOf(task: Task): string | null {
  return task.group.startsWith('service:') ? task.group.slice('service:'.length) : null;
}
