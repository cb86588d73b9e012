// The world's ECS in the words of our model, as the adapters over the real API would read it.
import type { ContainerInstance } from '../../model/container-instance.ts';
import { containerInstanceArn, instanceId, serviceArn, taskArn, taskDefinitionArn } from '../../model/ids.ts';
import type { Deployment, PlacementConstraint, Service, Task, TaskDefinition } from '../../model/service.ts';
import { countsOn, type EcsContainerInstance, remainingOn, takenPortsOn } from '../../world/ecs/container-instance.ts';
import type { PlacementConstraint as WorldConstraint } from '../../world/ecs/placement-constraint.ts';
import { countsOf, type EcsService, primaryOf, type Deployment as WorldDeployment } from '../../world/ecs/service.ts';
import type { EcsTask } from '../../world/ecs/task.ts';
import type { EcsTaskDefinition } from '../../world/ecs/task-definition.ts';

export function readContainerInstance(from: EcsContainerInstance, seenAt: number): ContainerInstance {
  const { runningCount, pendingCount } = countsOn(from);
  return {
    arn: containerInstanceArn(from.arn),
    instanceId: instanceId(from.ec2.id),
    status: from.status,
    agentConnected: from.agentConnected,
    capacityProvider: from.capacityProvider,
    agentVersion: from.agentVersion,
    registered: from.registered,
    remaining: remainingOn(from),
    gpus: from.gpuIds.length,
    takenPorts: takenPortsOn(from).sort(),
    runningTaskCount: runningCount,
    pendingTaskCount: pendingCount,
    registeredAt: from.registeredAt,
    version: from.version,
    seenAt,
    attributes: Object.fromEntries([...from.attributes].map(([name, value]) => [name, value ?? ''])),
  };
}

export function readTask(from: EcsTask): Task {
  return {
    arn: taskArn(from.arn),
    group: from.group,
    taskDefinition: taskDefinitionArn(from.definition.arn),
    containerInstanceArn: containerInstanceArn(from.containerInstance.arn),
    lastStatus: from.lastStatus,
    desiredStatus: from.desiredStatus,
  };
}

export function readService(from: EcsService): Service {
  return {
    arn: serviceArn(from.arn),
    name: from.name,
    schedulingStrategy: from.schedulingStrategy,
    taskDefinition: taskDefinitionArn(primaryOf(from).definition.arn),
    desiredCount: from.desiredCount,
    ...countsOf(from),
    ...from.bounds,
    placementConstraints: from.placementConstraints.map(readConstraint),
    placementStrategy: from.placementStrategy,
    deployments: from.deployments.map((deployment) => readDeployment(from, deployment)),
    targetGroups: from.loadBalancers.map(({ targetGroupArn }) => targetGroupArn),
    isDeploying: from.deployments.length > 1,
    placementFailure: newestPlacementFailure(from),
  };
}

/** Equal texts for equal services: what of one can change, in one line. */
export function versionOfService(service: EcsService): string {
  const { desiredCount, tally, bounds, deployments, events } = service;
  const counts = deployments.map((deployment) => {
    const { runningCount, pendingCount } = countsOf(service, deployment.id);
    return `${deployment.id} ${deployment.status} ${runningCount} ${pendingCount}`;
  });
  const percents = `${bounds.minimumHealthyPercent} ${bounds.maximumPercent}`;
  const newest = events.newestFirst[0]?.id ?? '';
  return `${desiredCount} ${tally.runningCount} ${tally.aliveCount} ${percents} ${newest} ${counts.join(', ')}`;
}

export function readDefinition(from: EcsTaskDefinition): TaskDefinition {
  const { need, cpuArchitecture } = from;
  return {
    arn: taskDefinitionArn(from.arn),
    family: from.family,
    shape: {
      ...need,
      architecture: cpuArchitecture,
      operatingSystem: operatingSystemOf(from),
      requiredAttributes: from.requiresAttributes.map((name) => ({ name, value: null })),
      expressions: from.placementConstraints.map(({ expression }) => expression).sort(),
      isDistinct: false,
      group: null,
    },
    stopTimeoutMs: stopTimeoutMsOf(from),
  };
}

function readDeployment(service: EcsService, deployment: WorldDeployment): Deployment {
  const counts = countsOf(service, deployment.id);
  const isPrimary = deployment === primaryOf(service);
  return {
    status: deployment.status,
    taskDefinition: taskDefinitionArn(deployment.definition.arn),
    // An older deployment wants no more than what is left of it.
    desiredCount: isPrimary ? service.desiredCount : counts.runningCount + counts.pendingCount,
    ...counts,
  };
}

function readConstraint(constraint: WorldConstraint): PlacementConstraint {
  return constraint.type === 'memberOf' ? { type: 'memberOf', expression: constraint.expression } : constraint;
}

function operatingSystemOf({ operatingSystemFamily }: EcsTaskDefinition): 'linux' | 'windows' | null {
  if (operatingSystemFamily === undefined) return null;
  return operatingSystemFamily === 'LINUX' ? 'linux' : 'windows';
}

function stopTimeoutMsOf({ containers }: EcsTaskDefinition): number | null {
  const seconds = containers.flatMap(({ stopTimeout }) => stopTimeout ?? []);
  return seconds.length === 0 ? null : Math.max(...seconds) * 1_000;
}

function newestPlacementFailure({ events }: EcsService): string | null {
  for (const { message } of events.newestFirst) {
    if (message.includes('unable to place a task')) return message;
    if (message.includes('has reached a steady state')) return null;
  }
  return null;
}
