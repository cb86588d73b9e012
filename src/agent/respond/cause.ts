// One cause: what its key and kind say about it. Keys hold what a cause needs to outlast its signal, and a restart.
import type { Notice, NoticeKind } from '../../model/attributes.ts';
import { SIGNAL_KINDS, type SignalKind } from '../signals/signal.ts';
import { isInstant, type Memory } from './memory.ts';
import type { Cause } from './steps.ts';

/** What others are told of a cause. */
export function noticeOf({ kind, key, deadlineAt }: Cause): Notice {
  return { kind: NOTICE_KIND[kind], deadlineAt: deadlineAt ?? instantIn(key) };
}

/** Hibernation starts at once and keeps what is in memory: tasks go on after it, but nobody reaches them until then. */
export function isHibernation({ kind, action }: Cause): boolean {
  return kind === 'interruption' && action === 'hibernate';
}

/** After a restart, until the source has spoken: what we answered when it was read last. */
export function unlearned({ last, seen }: Memory, kind: SignalKind): Cause[] {
  return last !== null && last.kind === kind && seen[last.key] !== undefined ? [last] : [];
}

/** The cause of a kind that stood when we looked last; only for kinds whose keys end in an instant. */
export function lastKey({ seen }: Memory, kind: 'interruption' | 'rebalance'): string | null {
  return Object.keys(seen).findLast((key) => kindOf(key) === kind && isInstant(instantIn(key))) ?? null;
}

export function kindOf(key: string): SignalKind | undefined {
  return SIGNAL_KINDS.find((kind) => kind === key.split('/', 1)[0]);
}

export function instantIn(key: string): number {
  return Number(key.slice(key.lastIndexOf('/') + 1));
}

const NOTICE_KIND: Readonly<Record<SignalKind, NoticeKind>> = {
  interruption: 'interruption',
  'host-shutdown': 'shutdown',
  'target-state': 'termination',
  maintenance: 'maintenance',
  rebalance: 'rebalance',
};
