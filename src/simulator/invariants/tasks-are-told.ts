// Never a task that loses its power without SIGTERM and its whole stop timeout, where that could have been.

import { findTask } from '../../world/ecs/cluster.ts';
import type { EcsTask } from '../../world/ecs/task.ts';
import type { WorldEvent } from '../../world/history.ts';
import type { Invariant, Watched } from './invariant.ts';

/** Of the agent, and of ECS to answer: the stop margin, a poll, and a few calls. */
const OWN_MS = 15_000;

type Loss = Extract<WorldEvent, { kind: 'task-stopped' }>;

export const tasksAreTold: Invariant = {
  name: 'no task is lost that could have been told to stop in time',
  watch(watched, broken) {
    const { world, cluster, interfered } = watched.stage;
    const causes = new Map<string, string>();
    const noticedAt = new Map<string, number>();
    world.history.subscribe((event) => {
      if (event.kind === 'notice') noticedAt.set(event.instanceId, event.at);
      if (event.kind === 'notice-withdrawn') noticedAt.delete(event.instanceId);
      if (event.kind === 'instance-ending') causes.set(event.instanceId, event.cause);
      if (event.kind !== 'task-stopped' || !isLoss(event) || interfered.has(event.instanceId)) return;
      const task = findTask(cluster, event.taskArn);
      if (task === undefined) return;
      const isOurs = causes.get(event.instanceId) !== 'interruption';
      if (isOurs || couldBeTold(watched, task, noticedAt.get(event.instanceId) ?? event.at)) {
        broken(`a task of ${event.group} on ${event.instanceId}: ${event.end}, ${causes.get(event.instanceId)}`);
      }
    });
  },
};

function isLoss({ end }: Loss): boolean {
  return end === 'cut-short' || end === 'killed-without-sigterm';
}

/** Whether there was the time from when somebody here could know, and nothing of AWS was in the way. */
function couldBeTold({ stage, weather }: Watched, task: EcsTask, noticedAt: number): boolean {
  const { now } = stage.time;
  const knownAt = Math.max(noticedAt, task.containerInstance.registeredAt, task.createdAt);
  const isInTime = now - knownAt >= task.definition.stopTimeoutMs + OWN_MS;
  return isInTime && weather.fairForMs('api-trouble', 'host-trouble') > now - noticedAt;
}
