// When a required daemon is to be started, and when again. Pure: what is seen goes in, the next state comes out. There
// is never reason for a second one: while one is there, or may be on its way, nothing is started.
//
// alive: the ECS agent lists one that runs or is about to. starting: ECS was asked, and perhaps took it, but none is seen
// yet. waiting: there is none, and the next is started when the pause is over.
import type { TaskArn } from '../../model/ids.ts';

/** All instants by the clock that never steps back. */
export type DaemonState =
  | { readonly kind: 'waiting'; readonly notBeforeMs: number; readonly failures: number }
  | { readonly kind: 'starting'; readonly taskArn: TaskArn | null; readonly sinceMs: number; readonly failures: number }
  | { readonly kind: 'alive'; readonly runningSinceMs: number | null; readonly failures: number };

/** What the ECS agent says of the family's tasks. */
export interface Seen {
  readonly is: 'absent' | 'pending' | 'running';
  /** Those that it knows and that have ended. */
  readonly ended: ReadonlySet<TaskArn>;
}

export const NEVER_STARTED: DaemonState = { kind: 'waiting', notBeforeMs: Number.NEGATIVE_INFINITY, failures: 0 };

/** How long ECS and the ECS agent may take to agree that a task is here. */
export const VISIBLE_MS = 30_000;
/** A daemon that ran for so long has shown that it can: its next end is a first one. */
export const PROVEN_MS = 10 * 60_000;
export const LEAST_PAUSE_MS = 1_000;
export const MOST_PAUSE_MS = 5 * 60_000;

/** @param chance in [0, 1) */
export function afterLook(state: DaemonState, seen: Seen, nowMs: number, chance: number): DaemonState {
  if (seen.is !== 'absent') return alive(state, seen.is, nowMs);
  switch (state.kind) {
    case 'waiting':
      return state;
    case 'alive': {
      const isProven = state.runningSinceMs !== null && nowMs - state.runningSinceMs >= PROVEN_MS;
      return afterFailure(isProven ? 0 : state.failures, nowMs, chance);
    }
    case 'starting': {
      const hasEnded = state.taskArn !== null && seen.ended.has(state.taskArn);
      const isOverdue = nowMs - state.sinceMs >= VISIBLE_MS;
      return hasEnded || isOverdue ? afterFailure(state.failures, nowMs, chance) : state;
    }
    default:
      return state satisfies never;
  }
}

export function isDue(state: DaemonState, nowMs: number): boolean {
  return state.kind === 'waiting' && nowMs >= state.notBeforeMs;
}

/** ECS was asked. `taskArn` is null when its answer was lost: it may have started one all the same. */
export function afterStart({ failures }: DaemonState, taskArn: TaskArn | null, nowMs: number): DaemonState {
  return { kind: 'starting', taskArn, sinceMs: nowMs, failures };
}

/** ECS refused, or was not reached. */
export function afterRefusal({ failures }: DaemonState, nowMs: number, chance: number): DaemonState {
  return afterFailure(failures, nowMs, chance);
}

/** The instance takes no tasks for now, which is nobody's failure. */
export function postponed({ failures }: DaemonState, nowMs: number): DaemonState {
  return { kind: 'waiting', notBeforeMs: nowMs + VISIBLE_MS, failures };
}

function alive(state: DaemonState, is: 'pending' | 'running', nowMs: number): DaemonState {
  const before = state.kind === 'alive' ? state.runningSinceMs : null;
  return { kind: 'alive', runningSinceMs: is === 'running' ? (before ?? nowMs) : null, failures: state.failures };
}

/** The upper end doubles with each failure; the lower half is certain, so that no image that cannot start runs hot. */
function afterFailure(failures: number, nowMs: number, chance: number): DaemonState {
  const mostMs = Math.min(MOST_PAUSE_MS, 2 * LEAST_PAUSE_MS * 2 ** failures);
  return { kind: 'waiting', notBeforeMs: nowMs + (mostMs / 2) * (1 + chance), failures: failures + 1 };
}
