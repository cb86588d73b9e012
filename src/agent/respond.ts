// What an interruption notice asks of us, as a schedule. Pure: the same notice, tasks and instant give the same steps, so
// it can be made again at any time and after any restart.
//
// DRAINING comes first: from then on ECS places nothing here and moves service tasks as their percentages allow. The
// attribute comes second, since it only tells others why. A task that is still wanted here when its own stop timeout
// would no longer fit before the deadline is stopped by us: ECS never stops standalone tasks, and may be unable to move
// a service task in time. Nothing is stopped earlier than that: every second before is a second of work.
import type { TaskArn } from '../model/ids.ts';

export type TaskKind = 'standalone' | 'service' | 'daemon';

/** A task on this instance whose desired status is RUNNING. */
export interface TaskHere {
  readonly arn: TaskArn;
  readonly kind: TaskKind;
  /** SIGTERM to SIGKILL. */
  readonly stopTimeoutMs: number;
}

export interface StopStep {
  readonly kind: 'stop-task';
  /** Epoch milliseconds, as in every step: the instant to do it, never before the instant of planning. */
  readonly at: number;
  readonly taskArn: TaskArn;
  readonly taskKind: TaskKind;
}

export type Step = { readonly kind: 'drain' | 'write-notice'; readonly at: number } | StopStep;

export interface Situation {
  readonly deadlineAt: number;
  readonly tasks: readonly TaskHere[];
  readonly nowAt: number;
  /** Kept between the end of a task's stop timeout and the deadline. */
  readonly marginMs: number;
}

/** The steps in the order in which to do them. Of stops that fall on one instant, daemon tasks come last. */
export function respond(situation: Situation): Step[] {
  const { nowAt, tasks } = situation;
  const stops = tasks.map((task) => stopOf(task, situation));
  return [{ kind: 'drain', at: nowAt }, { kind: 'write-notice', at: nowAt }, ...stops.sort(byInstant)];
}

/** Only the stops of a schedule. */
export function stopsIn(steps: readonly Step[]): StopStep[] {
  return steps.filter((step): step is StopStep => step.kind === 'stop-task');
}

function stopOf({ arn, kind, stopTimeoutMs }: TaskHere, { deadlineAt, nowAt, marginMs }: Situation): StopStep {
  const latestAt = deadlineAt - stopTimeoutMs - marginMs;
  return { kind: 'stop-task', at: Math.max(nowAt, latestAt), taskArn: arn, taskKind: kind };
}

/** Daemons (log shippers, proxies) serve the other tasks, so they go last where their own timeout leaves the choice. */
function byInstant(a: StopStep, b: StopStep): number {
  return a.at - b.at || Number(a.taskKind === 'daemon') - Number(b.taskKind === 'daemon');
}
