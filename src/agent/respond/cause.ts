// One cause: something that is to be answered, and what its key and kind say about it. Keys hold what a cause needs to
// outlast its signal, and a restart.
import type { Notice } from '../../model/attributes.ts';
import { SIGNAL_KINDS, type SignalKind } from '../signals/signal.ts';

export interface Cause {
  readonly kind: SignalKind;
  /** The same for the same event, however often it is read, and another for the next: `interruption/terminate/1790000000000`. */
  readonly key: string;
  /** What will happen to the instance: `terminate`, `system-reboot`; null where it says nothing. */
  readonly action: string | null;
  /** Until when every task must have ended, epoch milliseconds; null where nothing says. */
  readonly deadlineAt: number | null;
  /**
   * Nobody takes the instance from us yet: what a drain would cost may be held against it, and task protection is
   * honoured entirely.
   */
  readonly isVoluntary: boolean;
}

/** What others are told of a cause. */
export function noticeOf({ kind, key, deadlineAt }: Cause): Notice {
  return { kind, deadlineAt: deadlineAt ?? instantIn(key) };
}

/** Hibernation starts at once and keeps what is in memory: tasks go on after it, but nobody reaches them until then. */
export function isHibernation({ kind, action }: Cause): boolean {
  return kind === 'interruption' && action === 'hibernate';
}

export function kindOf(key: string): SignalKind | undefined {
  return SIGNAL_KINDS.find((kind) => kind === key.split('/', 1)[0]);
}

export function instantIn(key: string): number {
  return Number(key.slice(key.lastIndexOf('/') + 1));
}
