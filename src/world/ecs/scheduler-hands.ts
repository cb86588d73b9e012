// What the schedulers act with, and the one way in which they stop tasks.
import type { Ground } from '../ground.ts';
import { type EcsService, primaryOf } from './service.ts';
import type { EcsTask } from './task.ts';
import type { TaskLife } from './task-life.ts';

export interface SchedulerHands {
  readonly ground: Ground;
  readonly life: TaskLife;
}

export function stopTasks(service: EcsService, tasks: readonly EcsTask[], { ground, life }: SchedulerHands): void {
  if (tasks.length === 0) return;
  const reason = `Scaling activity initiated by (deployment ${primaryOf(service).id})`;
  for (const task of tasks) life.stop(task, 'ServiceSchedulerInitiated', reason);
  service.events.sayStopped(ground.agenda.now, service.name, tasks);
}
