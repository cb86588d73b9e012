// What the agent remembers across its own restarts and the host's reboots: one small file, written only when something
// has changed. Read from this boot it is taken as it is; read from an earlier boot of this instance only the marks count;
// from another instance (a machine image was made of a running one) nothing does.
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import { readIfThere, writeAtomically } from '../../runtime/atomic-file.ts';
import type { Boot } from '../../runtime/boot.ts';
import { type Memory, memoryOfNewBoot, NO_MEMORY, readMemory } from '../respond/memory.ts';

export interface KeeperOptions {
  /** null: nothing is kept, and a restart begins anew. */
  readonly path: string | null;
  readonly boot: Boot;
  readonly clock: Clock;
  /** This instance, once it is known; asked only when the file is from another boot. null when the signal aborts first. */
  readonly instanceId: (signal: AbortSignal) => Promise<string | null>;
  readonly logger: Logger;
}

interface Kept {
  readonly version: 1;
  readonly instanceId: string | null;
  readonly bootId: string;
  /** Epoch milliseconds, as is the next. */
  readonly bootedAt: number;
  readonly writtenAt: number;
  readonly memory: Memory;
}

// Others may see what the agent did to the instance; nothing in it is a secret.
const FILE_MODE = 0o644;

export class MemoryKeeper {
  readonly #options: KeeperOptions;
  #memory: Memory = NO_MEMORY;
  #bootedAt: number;
  #instanceId: string | null = null;
  #written = '';
  #writing: Promise<void> = Promise.resolve();
  #isFailing = false;

  private constructor(options: KeeperOptions) {
    this.#options = options;
    this.#bootedAt = options.boot.upSince;
  }

  /** Reads what was kept. A file that cannot be read is said and taken for none. */
  static async open(options: KeeperOptions, signal: AbortSignal): Promise<MemoryKeeper> {
    const keeper = new MemoryKeeper(options);
    await keeper.#recall(signal);
    return keeper;
  }

  get memory(): Memory {
    return this.#memory;
  }

  /** When this boot began, epoch milliseconds. */
  get bootedAt(): number {
    return this.#bootedAt;
  }

  /** Takes a new memory; resolves when it is on disk, or when that has failed, which is said. */
  keep(memory: Memory): Promise<void> {
    this.#memory = memory;
    const { path, boot, clock } = this.#options;
    if (path === null) return Promise.resolve();
    const content = { instanceId: this.#instanceId, bootId: boot.id, bootedAt: this.#bootedAt, memory };
    const key = JSON.stringify(content);
    if (key === this.#written) return this.#untilWritten();
    this.#written = key;
    const kept: Kept = { version: 1, ...content, writtenAt: clock.now() };
    this.#writing = this.#writing.then(() => this.#write(path, `${JSON.stringify(kept)}\n`, key));
    return this.#untilWritten();
  }

  /** For the file: it may be learned later than the first notice comes. */
  knowInstance(instanceId: string): void {
    if (instanceId === this.#instanceId) return;
    this.#instanceId = instanceId;
    if (this.#written !== '') void this.keep(this.#memory);
  }

  async #recall(signal: AbortSignal): Promise<void> {
    const { path, boot, instanceId, logger } = this.#options;
    if (path === null) return;
    const kept = this.#read(path);
    if (kept === null) return;
    if (kept.bootId === boot.id) {
      this.#memory = kept.memory;
      this.#bootedAt = kept.bootedAt;
      this.#instanceId = kept.instanceId;
      this.#tellRecalled('taking up what was left at the last end of the agent');
      return;
    }
    // Whatever the host says about its uptime: it wrote this before it went down, so all that is told of in it was before.
    this.#bootedAt = Math.max(this.#bootedAt, kept.writtenAt + 1);
    const own = await instanceId(signal);
    if (own === null) return;
    this.#instanceId = own;
    if (kept.instanceId === own) {
      this.#memory = memoryOfNewBoot(kept.memory);
      this.#tellRecalled('what was set before this boot is remembered');
    } else logger.info({ path, instanceId: kept.instanceId }, 'the state file is of another instance and is not used');
  }

  /** What it will take back one day; where there is nothing, nothing. */
  #tellRecalled(how: string): void {
    const { drained, cordoned, notice } = this.#memory;
    if (drained === null && cordoned === null && notice === null) return;
    this.#options.logger.info({ drained, cordoned, notice }, how);
  }

  #read(path: string): Kept | null {
    const { logger } = this.#options;
    try {
      const text = readIfThere(path);
      return text === null ? null : readKept(text);
    } catch (err) {
      logger.warn({ err, path }, 'the state file cannot be read: the agent begins anew');
      return null;
    }
  }

  /** What was overtaken before its turn is on disk with what overtook it, which waits behind it. */
  async #untilWritten(): Promise<void> {
    for (let seen: Promise<void> | null = null; seen !== this.#writing; await seen) seen = this.#writing;
  }

  async #write(path: string, text: string, key: string): Promise<void> {
    if (key !== this.#written) return; // a newer one waits behind this
    try {
      await writeAtomically(path, text, FILE_MODE);
      this.#isFailing = false;
    } catch (err) {
      if (!this.#isFailing) {
        this.#options.logger.warn({ err, path }, 'the state file cannot be written: a restart would begin anew');
      }
      this.#isFailing = true;
      this.#written = '';
    }
  }
}

function readKept(text: string): Kept {
  const value: unknown = JSON.parse(text);
  const { version, instanceId, bootId, bootedAt, writtenAt, memory } = Object(value);
  const read = readMemory(memory);
  const isOurs = typeof bootId === 'string' && Number.isFinite(bootedAt) && Number.isFinite(writtenAt);
  if (version !== 1 || !isOurs || read === null) throw new Error('it is not one of ours');
  return {
    version,
    instanceId: typeof instanceId === 'string' ? instanceId : null,
    bootId,
    bootedAt: Number(bootedAt),
    writtenAt: Number(writtenAt),
    memory: read,
  };
}
