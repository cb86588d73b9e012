// What the agent has seen and done so far: the one thing it keeps on disk. Marks are what we set on the container instance
// and must take back; they outlive a reboot, since ECS keeps them. Progress belongs to one boot: after another one its
// events are over. `respond` makes the next one of what it sees, step-memory.ts of what is done; nobody edits it.
import { SIGNAL_KINDS, type SignalKind } from '../signals/signal.ts';
import { type Cause, instantIn, kindOf } from './cause.ts';

/** Something we set ourselves, and for which cause (its key). */
export interface Mark {
  readonly cause: string;
  readonly since: number;
}

export interface Memory {
  readonly drained: Mark | null;
  readonly cordoned: Mark | null;
  /** The value of the notice attribute that we wrote. */
  readonly notice: string | null;
  /** What was answered last: it is told when it is over, and goes on after a restart until its signal is learned anew. */
  readonly last: Cause | null;
  /** Causes that stand in this boot: by key, when each was first seen (epoch milliseconds). */
  readonly seen: Readonly<Record<string, number>>;
  /** Keys of causes that are over although their signal may still stand: a cordon that nothing followed. */
  readonly over: readonly string[];
  /** Ids of the steps taken for the causes of `seen`. */
  readonly taken: readonly string[];
}

export const NO_MEMORY: Memory = {
  drained: null,
  cordoned: null,
  notice: null,
  last: null,
  seen: {},
  over: [],
  taken: [],
};

/** Enough for every event that one instance may be told of at once; and the state file cannot grow. */
const OVER_LIMIT = 20;

/** `over` with the keys that are over now, each once; those that were over last are kept. */
export function withOver(over: readonly string[], keys: readonly string[]): readonly string[] {
  const earlier = over.filter((key) => !keys.includes(key));
  return [...new Set([...earlier, ...keys])].slice(-OVER_LIMIT);
}

/** After a restart, until the source of a kind has spoken: what we answered when it was read last. */
export function unlearned({ last, seen }: Memory, kind: SignalKind): Cause[] {
  return last !== null && last.kind === kind && seen[last.key] !== undefined ? [last] : [];
}

/** The cause of a kind that stood when we looked last; only for kinds whose keys end in an instant. */
export function lastKey({ seen }: Memory, kind: 'interruption' | 'rebalance'): string | null {
  return Object.keys(seen).findLast((key) => kindOf(key) === kind && isInstant(instantIn(key))) ?? null;
}

/** What of an earlier boot's memory still counts: what ECS keeps of ours, and what was over for good. */
export function memoryOfNewBoot({ drained, cordoned, notice, last, over }: Memory): Memory {
  return { drained, cordoned, notice, last, seen: {}, over: withOver(over, []), taken: [] };
}

/** A memory as it was written; null for anything else. Fields of a later version are passed over. */
export function readMemory(value: unknown): Memory | null {
  if (!isRecord(value)) return null;
  const { drained, cordoned, notice, last, seen, over, taken } = value;
  if (!isMarkOrNull(drained) || !isMarkOrNull(cordoned) || !(notice === null || typeof notice === 'string'))
    return null;
  if (!isCauseOrNull(last) || !isInstants(seen) || !isTexts(over) || !isTexts(taken)) return null;
  return {
    drained: drained && { cause: drained.cause, since: drained.since },
    cordoned: cordoned && { cause: cordoned.cause, since: cordoned.since },
    notice,
    last: last && withoutMore(last),
    seen: { ...seen },
    over: [...over],
    taken: [...taken],
  };
}

/** The last with a year of four digits; far from what a Date can hold, so that any deadline counted from one is a date. */
const LATEST_INSTANT = Date.UTC(10_000, 0) - 1;

/** Epoch milliseconds. */
export function isInstant(value: unknown): value is number {
  return typeof value === 'number' && Math.abs(value) <= LATEST_INSTANT;
}

function withoutMore({ kind, key, action, deadlineAt, isVoluntary }: Cause): Cause {
  return { kind, key, action, deadlineAt, isVoluntary };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isMarkOrNull(value: unknown): value is Mark | null {
  return value === null || (isRecord(value) && typeof value.cause === 'string' && isInstant(value.since));
}

function isCauseOrNull(value: unknown): value is Cause | null {
  if (value === null) return true;
  if (!isRecord(value)) return false;
  const { kind, key, action, deadlineAt, isVoluntary } = value;
  const isKnown = SIGNAL_KINDS.some((known) => known === kind) && typeof key === 'string';
  const isAction = action === null || typeof action === 'string';
  return isKnown && isAction && hasInstant(kind, key, deadlineAt) && typeof isVoluntary === 'boolean';
}

/** A recommendation says in its key when it was made, every other cause has a deadline: one of them is told to others. */
function hasInstant(kind: unknown, key: unknown, deadlineAt: unknown): boolean {
  if (deadlineAt !== null) return isInstant(deadlineAt);
  return kind === 'rebalance' && typeof key === 'string' && isInstant(instantIn(key));
}

function isInstants(value: unknown): value is Record<string, number> {
  return isRecord(value) && Object.values(value).every(isInstant);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((text) => typeof text === 'string');
}
