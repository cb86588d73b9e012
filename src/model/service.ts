// Services, tasks and task definitions, reduced to what decisions need.
import type { ContainerInstanceArn, ServiceArn, TaskArn, TaskDefinitionArn } from './ids.ts';
import type { TaskShape } from './task-shape.ts';

export type SchedulingStrategy = 'REPLICA' | 'DAEMON';

/** What binds an instance a task may stand on. */
export type PlacementConstraint =
  | { readonly type: 'distinctInstance' }
  | { readonly type: 'memberOf'; readonly expression: string };

/** How ECS ranks the instances a task fits on; best effort, in order. */
export type PlacementStrategy =
  | { readonly type: 'random' }
  /** `instanceId`, or `attribute:NAME`. */
  | { readonly type: 'spread'; readonly field: string }
  | { readonly type: 'binpack'; readonly field: 'cpu' | 'memory' };

/** One set of a service's tasks: of its newest definition (PRIMARY), or of one that is being replaced (ACTIVE). */
export interface Deployment {
  readonly status: 'PRIMARY' | 'ACTIVE' | 'INACTIVE';
  readonly taskDefinition: TaskDefinitionArn;
  readonly desiredCount: number;
  readonly runningCount: number;
  readonly pendingCount: number;
}

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
  /** Those of the service itself; its definition has its own. */
  readonly placementConstraints: readonly PlacementConstraint[];
  /** Empty when the service has none of its own, and ECS's default applies. */
  readonly placementStrategy: readonly PlacementStrategy[];
  readonly deployments: readonly Deployment[];
  /** The load balancer target groups its tasks are registered with, as ARNs. */
  readonly targetGroups: readonly string[];
  /** A deployment other than the finished one is under way. */
  readonly isDeploying: boolean;
  /** The newest placement failure's text, when the newest events hold one. */
  readonly placementFailure: string | null;
}

export interface TaskDefinition {
  readonly arn: TaskDefinitionArn;
  readonly family: string;
  /** Without what a service adds: its own constraints, and its name where they ask for it. */
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

/** The tasks of one container instance that are not STOPPED, as last listed. Immutable: a change makes a new one. */
export interface TasksOnInstance {
  readonly containerInstanceArn: ContainerInstanceArn;
  readonly tasks: readonly Task[];
}

/** The service's name when the task belongs to one, null for a standalone task. */
export function serviceNameOf(task: Task): string | null {
  return task.group.startsWith('service:') ? task.group.slice('service:'.length) : null;
}
