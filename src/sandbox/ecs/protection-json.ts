// A task's scale-in protection as both protection calls show it.
import { type EcsTask, isProtected } from '../../world/ecs/task.ts';

export function protectionJson(task: EcsTask, now: number): object {
  const protectionEnabled = isProtected(task, now);
  return {
    taskArn: task.arn,
    protectionEnabled,
    expirationDate: protectionEnabled && task.protectedUntil !== null ? new Date(task.protectedUntil) : undefined,
  };
}

/** Only a running task of a service can be protected. */
export function isProtectable(task: EcsTask): boolean {
  return task.service !== null && task.desiredStatus === 'RUNNING';
}
