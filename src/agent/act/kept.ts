// The state file as it is written: the memory, and whose it is.
import { containerInstanceArn } from '../../model/ids.ts';
import { isInstant, type Memory, readMemory } from '../respond/memory.ts';
import type { Identity } from '../who-am-i.ts';
import type { Hold } from './response-clock.ts';

export interface Kept {
  readonly version: 1;
  /** null where it had not been learned yet. */
  readonly instanceId: string | null;
  readonly identity: Identity | null;
  readonly bootId: string;
  /** Epoch milliseconds, as is the next. */
  readonly bootedAt: number;
  readonly writtenAt: number;
  /** null while nothing pressed. */
  readonly hold: Hold | null;
  readonly memory: Memory;
}

/** @throws Error for a text that is not one of ours */
export function readKept(text: string): Kept {
  const value: unknown = JSON.parse(text);
  const { version, instanceId, identity, bootId, bootedAt, writtenAt, hold, memory } = Object(value);
  const read = readMemory(memory);
  const isOurs = typeof bootId === 'string' && Number.isFinite(bootedAt) && Number.isFinite(writtenAt);
  if (version !== 1 || !isOurs || read === null) throw new Error('it is not one of ours');
  return {
    version,
    instanceId: typeof instanceId === 'string' ? instanceId : null,
    identity: readIdentity(identity),
    bootId,
    bootedAt: Number(bootedAt),
    writtenAt: Number(writtenAt),
    hold: readHold(hold),
    memory: read,
  };
}

/** An earlier version kept none. */
function readHold(value: unknown): Hold | null {
  const { at, monotonicMs } = Object(value);
  return isInstant(at) && Number.isFinite(monotonicMs) ? { at, monotonicMs: Number(monotonicMs) } : null;
}

function readIdentity(value: unknown): Identity | null {
  const { cluster, containerInstanceArn: arn } = Object(value);
  return typeof cluster === 'string' && typeof arn === 'string'
    ? { cluster, containerInstanceArn: containerInstanceArn(arn) }
    : null;
}
