// How long tasks waited, and how they ended.
import type { TaskEnd } from '../../../world/history.ts';
import { type Evidence, eventsOf, percentile } from './evidence.ts';

export interface TaskFigures {
  /** Wanted until RUNNING, over every task that came to run. */
  readonly started: number;
  readonly pendingP50Ms: number | null;
  readonly pendingMaxMs: number | null;
  readonly ends: Readonly<Record<TaskEnd, number>>;
  /** Tasks that were lost: the power went before they had their SIGTERM and their whole stop timeout. */
  readonly lost: readonly string[];
}

export function taskFigures(evidence: Evidence): TaskFigures {
  const pending = eventsOf(evidence, 'task-running').map((event) => event.at - event.wantedAt);
  const stopped = eventsOf(evidence, 'task-stopped');
  const count = (end: TaskEnd) => stopped.filter((event) => event.end === end).length;
  return {
    started: pending.length,
    pendingP50Ms: percentile(pending, 0.5),
    pendingMaxMs: percentile(pending, 1),
    ends: {
      exited: count('exited'),
      'stop-timeout-used-up': count('stop-timeout-used-up'),
      'cut-short': count('cut-short'),
      'killed-without-sigterm': count('killed-without-sigterm'),
    },
    lost: stopped
      .filter(({ end }) => end === 'cut-short' || end === 'killed-without-sigterm')
      .map(({ taskArn, group, instanceId, end }) => `${group} ${taskArn} on ${instanceId}: ${end}`),
  };
}
