// When each task here is to be stopped, so that it gets SIGTERM and its whole stop timeout before the deadline, and not a
// second earlier than that: every second before is a second of work, and ECS may still move it.
//
// Daemon tasks (log shippers, proxies) serve the others, so the others must have ended when the first of them is stopped.
// Where there is no time for both, a task's own stop timeout comes first: what is late is stopped at once. A load
// balancer's deregistration delay counts like the stop timeout, since ECS sends SIGTERM only after it; one that is longer
// than what is left does not fit in any order, so its task is stopped at once, too.
import { type Cause, isHibernation } from './cause.ts';
import type { ResponseSettings, Situation, TaskHere, TasksHere } from './situation.ts';
import { idOfStop } from './step-ids.ts';
import type { StopStep } from './steps.ts';

/** The stops that are left to do. Nothing is stopped for a cause that leaves us the time. */
export function stopsOf(cause: Cause, situation: Situation): StopStep[] {
  const { now, here, settings, memory } = situation;
  const tasks = (here?.tasks ?? []).filter((task) => !memory.taken.includes(idOfStop(task.arn)));
  if (isHibernation(cause)) {
    return tasks
      .filter(({ kind, isStopping }) => kind === 'service' && !isStopping)
      .map((task) => stopOf(task, cause, now));
  }
  const { deadlineAt, isVoluntary } = cause;
  if (deadlineAt === null) return [];
  const untold = tasks.filter(({ isStopping }) => !isStopping);
  return latestStops(untold, settings)
    .filter(({ task }) => !(isVoluntary && task.isProtected))
    .map(({ task, beforeMs }) => stopOf(task, cause, Math.max(now, deadlineAt - beforeMs)));
}

/**
 * How long before a deadline the first stop begins: the last moment to take what is here out of service safely. A task
 * that is stopping already counts in full: a response that has begun in time must not be held for voluntary again.
 */
export function needMs(here: TasksHere | null, settings: ResponseSettings): number {
  return Math.max(settings.marginMs, ...latestStops(here?.tasks ?? [], settings).map(({ beforeMs }) => beforeMs));
}

/** Whether an instance with this task on it is not drained yet. */
export function isWaitedFor({ kind }: TaskHere, cause: Cause, { standalone }: ResponseSettings): boolean {
  if (isHibernation(cause)) return kind === 'service';
  // Without a deadline nobody stops the daemons that the agent started itself, and they are there for others only.
  if (kind === 'daemon' && cause.deadlineAt === null) return false;
  return !(kind === 'standalone' && standalone === 'leave');
}

interface LatestStop {
  readonly task: TaskHere;
  /** Before the deadline. */
  readonly beforeMs: number;
}

function latestStops(tasks: readonly TaskHere[], { marginMs, standalone }: ResponseSettings): LatestStop[] {
  const stoppable = tasks.filter(({ kind }) => kind !== 'standalone' || standalone === 'stop-in-time');
  const daemonsMs = Math.max(0, ...stoppable.filter(({ kind }) => kind === 'daemon').map(takesMs));
  return stoppable.map((task) => {
    const afterMs = task.kind === 'daemon' ? marginMs : marginMs + daemonsMs;
    return { task, beforeMs: afterMs + takesMs(task) };
  });
}

function takesMs({ stopTimeoutMs, deregistrationMs }: TaskHere): number {
  return stopTimeoutMs + deregistrationMs;
}

function stopOf({ arn, kind }: TaskHere, cause: Cause, at: number): StopStep {
  return { id: idOfStop(arn), cause, at, kind: 'stop-task', taskArn: arn, taskKind: kind };
}
