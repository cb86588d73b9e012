// What tasks on this instance are told of a response: why, until when, and who will be stopped when. Its JSON is a contract
// with other people's programs, so fields are only ever added.
import type { Cause } from '../respond/cause.ts';
import type { Step } from '../respond/steps.ts';
import type { SignalKind } from '../signals/signal.ts';

/** Instants are ISO 8601, UTC. */
export interface TaskNotice {
  readonly signal: SignalKind;
  /** `terminate`, `system-reboot`; null where the signal says nothing. */
  readonly action: string | null;
  /** null where nothing says when the instance ends. */
  readonly deadline: string | null;
  /** When the agent learned of it. */
  readonly since: string;
  /** Every task that is waited for has ended. */
  readonly isDrained: boolean;
  /** The tasks that the agent stops itself, or has stopped; the others ECS moves, or they end. */
  readonly stops: readonly TaskStop[];
}

export interface TaskStop {
  readonly taskArn: string;
  /** The stop itself; SIGTERM follows once the load balancers have let go of the task. */
  readonly at: string;
}

export interface Answering {
  readonly cause: Cause;
  /** When the cause was first seen, epoch milliseconds. */
  readonly since: number;
  readonly isDrained: boolean;
  /** Those to come. */
  readonly steps: readonly Step[];
  readonly now: number;
}

/**
 * @param previous what tasks were told last: a stop whose time has come stays as it was announced, though a step that is
 *   due is planned anew at each instant, and not at all when it was taken
 */
export function taskNoticeOf(
  { cause, since, isDrained, steps, now }: Answering,
  previous: TaskNotice | null,
): TaskNotice {
  const { kind: signal, action, deadlineAt } = cause;
  const told = {
    signal,
    action,
    deadline: deadlineAt === null ? null : isoOf(deadlineAt),
    since: isoOf(since),
    isDrained,
  };
  const isSame = previous?.signal === told.signal && previous.action === told.action && previous.since === told.since;
  const begun = (isSame ? previous.stops : []).filter(({ at }) => Date.parse(at) <= now);
  const announced = new Set(begun.map(({ taskArn }) => taskArn));
  const coming = steps.flatMap((step) =>
    step.kind === 'stop-task' && !announced.has(step.taskArn) ? [{ taskArn: step.taskArn, at: isoOf(step.at) }] : [],
  );
  return { ...told, stops: [...begun, ...coming].sort(inOrder) };
}

const isoOf = (instant: number): string => new Date(instant).toISOString();

function inOrder(a: TaskStop, b: TaskStop): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  return a.taskArn < b.taskArn ? -1 : Number(a.taskArn > b.taskArn);
}
