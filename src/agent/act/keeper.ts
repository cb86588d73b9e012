// What the agent remembers across its own restarts and the host's reboots: one small file, written only when something
// has changed. Read from this boot it is taken as it is. Read from an earlier boot only the marks count, and those only
// once it is known that this is the same instance (a machine image may have been made of a running one); nobody waits for
// that, and until then the file stays as it is.
import type { Logger } from '../../ports/logger.ts';
import { readIfThere, writeAtomically } from '../../runtime/atomic-file.ts';
import type { Boot } from '../../runtime/boot.ts';
import { type Memory, memoryOfNewBoot, NO_MEMORY, withOver } from '../respond/memory.ts';
import { withoutMarks } from '../respond/step-memory.ts';
import type { Identity } from '../who-am-i.ts';
import { type Kept, readKept } from './kept.ts';
import type { ResponseClock } from './response-clock.ts';

export interface KeeperOptions {
  /** null: nothing is kept, and a restart begins anew. */
  readonly path: string | null;
  readonly boot: Boot;
  /** Whose hold is kept, too: a response goes on in its own time after a restart. */
  readonly clock: ResponseClock;
  readonly logger: Logger;
}

// Others may see what the agent did to the instance; nothing in it is a secret.
const FILE_MODE = 0o644;

/** How long a step waits for a disk that hangs: what is remembered may be lost then, but the two minutes are not. */
const DISK_LIMIT_MS = 500;

export class MemoryKeeper {
  readonly #options: KeeperOptions;
  #memory: Memory = NO_MEMORY;
  #identity: Identity | null = null;
  #instanceId: string | null = null;
  #bootedAt: number;
  /** Of another boot, and not known to be of this instance yet. */
  #earlier: Kept | null = null;
  #isOfThisBoot = false;
  /** What was last asked to be written, without the time of writing. */
  #written = '';
  #newest: string | null = null;
  #writing: Promise<void> = Promise.resolve();
  #isFailing = false;

  /** Reads what was kept. A file that cannot be read is said and taken for none. */
  static open(options: KeeperOptions): MemoryKeeper {
    const keeper = new MemoryKeeper(options);
    keeper.#recall();
    return keeper;
  }

  private constructor(options: KeeperOptions) {
    this.#options = options;
    this.#bootedAt = options.boot.upSince;
  }

  get memory(): Memory {
    return this.#memory;
  }

  /** Who this host was to ECS when it was last known in this boot. */
  get identity(): Identity | null {
    return this.#identity;
  }

  /** When this boot began, epoch milliseconds. */
  get bootedAt(): number {
    return this.#bootedAt;
  }

  /** An agent ran here before, in this boot: this is where an agent belongs. */
  get isOfThisBoot(): boolean {
    return this.#isOfThisBoot;
  }

  /** What was kept may still turn out to be ours. */
  get isWaiting(): boolean {
    return this.#earlier !== null;
  }

  /** Takes a new memory; resolves when it is on disk, when that has failed, which is said, or when the disk takes too long. */
  async keep(memory: Memory): Promise<void> {
    this.#memory = memory;
    const { path, boot, clock } = this.#options;
    if (path === null || this.#earlier !== null) return;
    const content = {
      ...{ instanceId: this.#instanceId, identity: this.#identity, bootId: boot.id, bootedAt: this.#bootedAt },
      ...{ hold: clock.hold, memory },
    };
    const key = JSON.stringify(content);
    if (key !== this.#written) {
      this.#written = key;
      const kept: Kept = { version: 1, ...content, writtenAt: clock.now() };
      this.#newest = `${JSON.stringify(kept)}\n`;
      this.#writing = this.#writing.then(() => this.#writeNewest(path));
    }
    const written = new AbortController();
    await Promise.race([this.#writing, clock.sleep(DISK_LIMIT_MS, written.signal)]);
    written.abort();
  }

  /** Which instance this is decides about what an earlier boot left. */
  knowInstance(instanceId: string): void {
    if (instanceId === this.#instanceId) return;
    this.#instanceId = instanceId;
    const earlier = this.#earlier;
    this.#earlier = null;
    if (earlier !== null) this.#adopt(earlier, instanceId);
    if (earlier !== null || this.#written !== '') void this.keep(this.#memory);
  }

  /** A container instance that was registered anew has nothing of what was set on the one before. */
  knowIdentity(identity: Identity): void {
    const before = this.#identity;
    if (before?.containerInstanceArn === identity.containerInstanceArn) return;
    this.#identity = identity;
    if (before !== null)
      this.#options.logger.info({ ...identity }, 'registered anew: what was set before is set again');
    void this.keep(before === null ? this.#memory : withoutMarks(this.#memory));
  }

  #recall(): void {
    const { path, boot, clock } = this.#options;
    const kept = path === null ? null : this.#read(path);
    if (kept === null) return;
    if (kept.bootId === boot.id) {
      this.#isOfThisBoot = true;
      this.#memory = kept.memory;
      this.#bootedAt = kept.bootedAt;
      this.#instanceId = kept.instanceId;
      this.#identity = kept.identity;
      clock.takeUp(kept.hold);
      this.#tellRecalled('taking up what was left at the last end of the agent');
      return;
    }
    // Whatever the host says about its uptime: it still wrote this before it went down. A mark may be as young as that
    // writing, and was made before the boot all the same. A clock that was ahead then is not believed.
    this.#bootedAt = Math.min(clock.now(), Math.max(this.#bootedAt, kept.writtenAt + 1));
    this.#earlier = kept;
  }

  /** Beside what has been done in the meantime. */
  #adopt(earlier: Kept, instanceId: string): void {
    const { path, logger } = this.#options;
    if (earlier.instanceId !== instanceId) {
      logger.info({ path, instanceId: earlier.instanceId }, 'the state file is of another instance and is not used');
      return;
    }
    const [then, now] = [earlier.identity, this.#identity];
    const hadAnother = then !== null && now !== null && then.containerInstanceArn !== now.containerInstanceArn;
    const kept = memoryOfNewBoot(earlier.memory);
    const before = hadAnother ? withoutMarks(kept) : kept;
    const { drained, cordoned, notice, last, over } = this.#memory;
    this.#memory = {
      ...this.#memory,
      drained: drained ?? before.drained,
      cordoned: cordoned ?? before.cordoned,
      notice: notice ?? before.notice,
      last: last ?? before.last,
      over: withOver(before.over, over),
    };
    this.#identity ??= earlier.identity;
    this.#tellRecalled('what was set before this boot is remembered');
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

  /** What came after what is being waited for holds that, too. */
  async #writeNewest(path: string): Promise<void> {
    const text = this.#newest;
    this.#newest = null;
    if (text === null) return;
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
