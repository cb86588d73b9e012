// The record of a task in the moment it is placed. It places nothing by itself.

import type { Ground } from '../ground.ts';
import { between } from '../seeded-rng.ts';
import { type EcsContainerInstance, freeGpusOn } from './container-instance.ts';
import { ecsArn, newId } from './identity.ts';
import type { EcsService } from './service.ts';
import type { EcsTask } from './task.ts';
import type { EcsTaskDefinition } from './task-definition.ts';

export interface TaskOrder {
  readonly definition: EcsTaskDefinition;
  readonly containerInstance: EcsContainerInstance;
  readonly group: string;
  readonly service: EcsService | null;
  readonly startedBy: string | null;
  readonly wantedAt: number;
}

const NONE: readonly string[] = [];

/** PENDING as of now; its image and its containers take as long as the settings say. */
export function newTask(order: TaskOrder, { agenda, rng, settings }: Ground): EcsTask {
  const { definition, containerInstance, group, service, startedBy, wantedAt } = order;
  const { cluster } = containerInstance;
  const id = newId(rng);
  return {
    definition,
    containerInstance,
    group,
    service,
    startedBy,
    wantedAt,
    id,
    arn: ecsArn(settings, 'task', `${cluster.name}/${id}`),
    cluster,
    need: definition.need,
    gpuIds: definition.need.gpus === 0 ? NONE : freeGpusOn(containerInstance).slice(0, definition.need.gpus),
    counted: { alive: false, running: false, serving: false, leaving: false },
    createdAt: agenda.now,
    lastStatus: 'PENDING',
    desiredStatus: 'RUNNING',
    version: 1,
    readyAt: agenda.now + between(rng, settings.taskStartMs),
    startedAt: null,
    stoppingAt: null,
    sigtermAt: null,
    endedAt: null,
    stoppedAt: null,
    exitCode: null,
    stopCode: null,
    stoppedReason: null,
    protectedUntil: null,
  };
}
