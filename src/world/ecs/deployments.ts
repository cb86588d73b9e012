// Deployments of a service: the newest is PRIMARY, older ones stay ACTIVE until none of their tasks is left.
import type { Rng } from '../../ports/rng.ts';
import { type Deployment, type EcsService, primaryOf } from './service.ts';
import type { EcsTaskDefinition } from './task-definition.ts';

export function newDeployment(definition: EcsTaskDefinition, now: number, rng: Rng): Deployment {
  // 19 digits, as AWS numbers them.
  const digits = Array.from({ length: 19 }, () => Math.floor(rng.next() * 10)).join('');
  return {
    id: `ecs-svc/${digits}`,
    definition,
    createdAt: now,
    updatedAt: now,
    status: 'PRIMARY',
    rolloutState: 'IN_PROGRESS',
  };
}

/** Begins to replace every task; the schedulers do it. */
export function beginDeployment(service: EcsService, deployment: Deployment): void {
  primaryOf(service).status = 'ACTIVE';
  service.deployments = [deployment, ...service.deployments];
  service.events.unsteady();
}

/** Drops deployments that have no task left, and says so when everything is as wanted. */
export function settleDeployments(service: EcsService, now: number): void {
  const primary = primaryOf(service);
  const { tally } = service;
  service.deployments = service.deployments.filter(
    (deployment) => deployment === primary || tally.deployments.has(deployment.id),
  );
  const isAsWanted =
    service.deployments.length === 1 &&
    tally.aliveCount === service.desiredCount &&
    tally.runningCount === tally.aliveCount &&
    tally.leavingCount === 0;
  service.isSettled = isAsWanted;
  if (!isAsWanted) return;
  if (primary.rolloutState === 'IN_PROGRESS') {
    primary.rolloutState = 'COMPLETED';
    primary.updatedAt = now;
  }
  service.events.saySteadyState(now, service.name);
}
