// What the acts ask of the world's services, in the story's words.

import { aliveTasksOf, type EcsService } from '../../world/ecs/service.ts';
import { isRunning } from '../../world/ecs/task.ts';
import type { EcsTaskDefinition } from '../../world/ecs/task-definition.ts';
import type { Part } from './cast.ts';
import { taskDefinition } from './cast.ts';
import type { Stage } from './stage.ts';

export function register(stage: Stage, part: Part): EcsTaskDefinition {
  return stage.driver.inPresent(() => stage.world.ecs.registerTaskDefinition(taskDefinition(part)));
}

export function serviceOf(stage: Stage, name: string): EcsService {
  const service = stage.cluster.services.get(name);
  if (service === undefined) throw new Error(`the story has no service ${name}`);
  return service;
}

export function setDesired(stage: Stage, name: string, desiredCount: number): void {
  const service = serviceOf(stage, name);
  if (desiredCount > service.desiredCount) markDemand(stage, name);
  stage.driver.inPresent(() => stage.world.ecs.updateService(service, { desiredCount }));
}

/** From now on more is wanted: shortfalls are measured from here. */
export function markDemand(stage: Stage, service: string): void {
  stage.marks.demands.push({ service, at: stage.driver.now });
}

/** Every task a service wants runs on an instance that stays. */
export function isSteady(service: EcsService): boolean {
  const serving = aliveTasksOf(service).filter(
    (task) => isRunning(task) && task.endedAt === null && task.containerInstance.status === 'ACTIVE',
  );
  return serving.length === service.desiredCount && aliveTasksOf(service).length === serving.length;
}

export function areAllSteady(stage: Stage): boolean {
  return [...stage.cluster.services.values()].every(isSteady);
}
