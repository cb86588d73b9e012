// A service: how many tasks of which definition, placed how, replaced within which percentages.
import type { EcsCluster } from './cluster.ts';
import type { EcsContainerInstance } from './container-instance.ts';
import type { LoadBalancerUse } from './load-balancers.ts';
import type { PlacementConstraint } from './placement-constraint.ts';
import type { PlacementStrategy } from './placement-strategy.ts';
import type { Bounds } from './service-bounds.ts';
import type { ServiceEvents } from './service-events.ts';
import type { Shortfall } from './shortfall.ts';
import type { ServiceTally } from './tally.ts';
import type { EcsTask } from './task.ts';
import type { EcsTaskDefinition } from './task-definition.ts';

export interface Deployment {
  readonly id: string;
  readonly definition: EcsTaskDefinition;
  readonly createdAt: number;
  updatedAt: number;
  status: 'PRIMARY' | 'ACTIVE';
  rolloutState: 'IN_PROGRESS' | 'COMPLETED';
}

export interface EcsService {
  readonly name: string;
  readonly arn: string;
  readonly cluster: EcsCluster;
  readonly schedulingStrategy: 'REPLICA' | 'DAEMON';
  readonly createdAt: number;
  readonly events: ServiceEvents;
  /** Tasks whose containers have not ended, as far as ECS knows. */
  readonly tasks: Set<EcsTask>;
  readonly tally: ServiceTally;
  /** The last look found everything as wanted, and nothing of the service has changed since. */
  isSettled: boolean;
  /** Something of the service or of its tasks has changed since the last look began. */
  isTouched: boolean;
  /** The cluster's `changes.room` of the last look, for DAEMON services: new instances want a task. */
  settledAtRoom: number;
  /** What came closest when nothing fitted, and how far the cluster's changes had come then; null when all was placed. */
  stuck: {
    readonly at: { readonly room: number; readonly tasks: number };
    readonly closest: { readonly instance: EcsContainerInstance; readonly shortfall: Shortfall } | null;
  } | null;
  /** One instant per missing task, oldest first: since when it has been wanted. */
  readonly wants: number[];
  bounds: Bounds;
  placementConstraints: readonly PlacementConstraint[];
  /** Empty for AWS's own default. */
  placementStrategy: readonly PlacementStrategy[];
  loadBalancers: readonly LoadBalancerUse[];
  desiredCount: number;
  /** Newest first; the first is the PRIMARY one. */
  deployments: Deployment[];
}

export function primaryOf(service: EcsService): Deployment {
  const primary = service.deployments[0];
  if (primary === undefined) throw new Error(`service ${service.name} has no deployment`);
  return primary;
}

/** Tasks the scheduler means to run, wherever they are. */
export function aliveTasksOf(service: EcsService): EcsTask[] {
  return [...service.tasks].filter((task) => task.desiredStatus === 'RUNNING');
}

export interface TaskCounts {
  readonly runningCount: number;
  readonly pendingCount: number;
}

export function countsOf({ tally }: EcsService, deploymentId?: string): TaskCounts {
  const counted = deploymentId === undefined ? tally : tally.deployments.get(deploymentId);
  const { aliveCount, runningCount } = counted ?? { aliveCount: 0, runningCount: 0 };
  return { runningCount, pendingCount: aliveCount - runningCount };
}

/**
 * Brings the list of wants in line with the number of missing tasks: new ones are wanted from now on, and when fewer are
 * missing the youngest wants are dropped. A task on a draining instance was asked to move and one whose power went is
 * lost, so both are missing here although ECS still counts them.
 */
export function recountWants(service: EcsService, now: number): void {
  const missing = Math.max(0, service.desiredCount - service.tally.servingCount);
  while (service.wants.length < missing) service.wants.push(now);
  service.wants.length = missing;
}
