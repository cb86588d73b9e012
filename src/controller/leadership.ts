// Who leads. The lease is a record with a version that its holder renews; a standby that has watched one version stand
// still for the whole lease duration, by its own monotonic clock, may take it. No wall clock is ever compared.
//
// A lease is not a fence: AWS takes no token that would refuse a late write. What we have instead: every write is
// absolute, is held back at the socket unless the lease still has a margin left (`assertMayWrite`), and is cut off
// before the lease ends. A process that was stopped for longer than its lease therefore sends nothing when it wakes.
//
// Durations and their relation are client-go's: lease duration > renew deadline > retry period.
import type { Clock } from '../ports/clock.ts';
import { explain, Failure } from '../ports/failure.ts';
import type { LeaseRecord, LeaseStore } from '../ports/lease-store.ts';
import type { Logger } from '../ports/logger.ts';
import { withinTime } from '../ports/time-limit.ts';

export interface LeadershipOptions {
  readonly store: LeaseStore;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Unique to this process, not only to this host: a restarted process must not take its predecessor's lease for its own. */
  readonly holder: string;
  readonly newVersion: () => string;
  readonly leaseDurationMs: number;
  readonly renewDeadlineMs: number;
  readonly retryPeriodMs: number;
  /** Called once whenever this process begins to lead. */
  readonly onElected: () => void;
  /** Called after every attempt, whatever came of it. */
  readonly onStep: () => void;
}

export type Role = 'leader' | 'standby';

// A standby looks this much of a retry period after its last look. The rest is for its two requests, so that it leads
// within the lease duration and one retry period of a leader's death even when that came right after a renewal.
const STANDBY_LOOKS_AFTER = 0.75;
// The last fifth of a lease is for answers on their way: no write begins in it.
const WRITE_MARGIN_SHARE = 0.2;

export class Leadership {
  readonly #options: LeadershipOptions;
  /** The version we last wrote and the monotonic instant before we sent it; null while standing by. */
  #held: { readonly version: string; readonly sentAtMs: number } | null = null;
  /** The foreign version we watch and since when it has stood still. */
  #watched: { readonly sinceMs: number; readonly record: LeaseRecord } | null = null;
  #trouble: string | null = null;
  #hasAnswered = false;
  #steppedAtMs: number;

  constructor(options: LeadershipOptions) {
    const { leaseDurationMs, renewDeadlineMs, retryPeriodMs } = options;
    if (!(leaseDurationMs > renewDeadlineMs && renewDeadlineMs > retryPeriodMs && retryPeriodMs > 0)) {
      throw new Failure('bad-configuration', 'the lease needs lease duration > renew deadline > retry period > 0');
    }
    this.#options = options;
    this.#steppedAtMs = options.clock.monotonicMs();
  }

  get role(): Role {
    return this.remainingMs() > 0 ? 'leader' : 'standby';
  }

  /** Milliseconds of our lease that are left; 0 while standing by. Counted from before the last renewal was sent. */
  remainingMs(): number {
    if (this.#held === null) return 0;
    const { clock, leaseDurationMs } = this.#options;
    return Math.max(0, this.#held.sentAtMs + leaseDurationMs - clock.monotonicMs());
  }

  /** Milliseconds in which a write may still begin and end. */
  writableMs(): number {
    return Math.max(0, this.remainingMs() - this.#options.leaseDurationMs * WRITE_MARGIN_SHARE);
  }

  /** @throws Failure `lease-lost` unless there is time left for a write */
  assertMayWrite(): void {
    if (this.writableMs() <= 0) throw new Failure('lease-lost', 'holding back a write: the lease is over or nearly so');
  }

  /** When the last attempt to acquire or renew ended, well or not, by the monotonic clock: how alive this loop is. */
  get steppedAtMs(): number {
    return this.#steppedAtMs;
  }

  /** Why the lease cannot be reached at the moment; null when it can. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** Acquires, renews and watches until the signal aborts. The lease is still ours then, until `release` or its end. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#step(signal);
      this.#options.onStep();
      await this.#options.clock.sleep(this.#untilNextStepMs(), signal);
    }
  }

  async #step(signal: AbortSignal): Promise<void> {
    const wasLeader = this.#held !== null;
    try {
      await (this.#held === null ? this.#acquire(signal) : this.#renew(this.#held, signal));
      this.#hasAnswered = true;
      this.#noteTrouble(null);
    } catch (error) {
      if (signal.aborted) return;
      // At start it is a mistake in the set-up and stops the process; later it may pass, and a restart would not help.
      if (!this.#hasAnswered && error instanceof Failure && error.kind === 'operator') throw error;
      this.#noteTrouble(error);
    }
    this.#steppedAtMs = this.#options.clock.monotonicMs();
    if (this.#held !== null && this.#isPastRenewDeadline(this.#held.sentAtMs))
      this.#standDown('could not renew in time');
    if (!wasLeader && this.#held !== null) this.#options.onElected();
  }

  async #acquire(signal: AbortSignal): Promise<void> {
    const { store, clock, renewDeadlineMs } = this.#options;
    await withinTime({ clock, limitMs: renewDeadlineMs, signal }, async (within) => {
      const askedAtMs = clock.monotonicMs();
      const kept = await store.read(within);
      if (kept !== null && !kept.isReleased && !this.#hasExpired(kept, askedAtMs)) return;
      await this.#write(kept?.version ?? null, within);
    });
  }

  /**
   * Starts the watch anew whenever the version has moved. What was heard first may have been written while we asked, so
   * the watch counts from the answer; what is heard last stood so when we asked, so it counts to the question.
   */
  #hasExpired(kept: LeaseRecord, askedAtMs: number): boolean {
    if (this.#watched?.record.version !== kept.version) {
      this.#watched = { sinceMs: this.#options.clock.monotonicMs(), record: kept };
    }
    return askedAtMs - this.#watched.sinceMs >= kept.leaseDurationMs;
  }

  async #renew(held: { version: string; sentAtMs: number }, signal: AbortSignal): Promise<void> {
    const { clock, store, holder, renewDeadlineMs } = this.#options;
    const limitMs = held.sentAtMs + renewDeadlineMs - clock.monotonicMs();
    await withinTime({ clock, limitMs, signal }, async (within) => {
      if (await this.#write(held.version, within)) return;
      const kept = await store.read(within);
      if (kept?.holder !== holder || kept.isReleased) return this.#standDown('another holder has taken it');
      // An earlier renewal of ours got through although its answer never came. Its version is the one to renew now; the
      // lease still counts from the renewal we know of, which is earlier and so the safe reading.
      this.#held = { version: kept.version, sentAtMs: held.sentAtMs };
    });
  }

  async #write(expectedVersion: string | null, within: AbortSignal): Promise<boolean> {
    const { store, clock, holder, leaseDurationMs, newVersion, logger } = this.#options;
    const next = { holder, leaseDurationMs, version: newVersion(), isReleased: false };
    const sentAtMs = clock.monotonicMs();
    const isKept = await store.write(next, expectedVersion, within);
    if (!isKept) return false;
    if (this.#held === null) logger.info({ holder, from: this.#watched?.record.holder ?? null }, 'leading now');
    this.#held = { version: next.version, sentAtMs };
    this.#watched = null;
    return true;
  }

  #isPastRenewDeadline(sentAtMs: number): boolean {
    return this.#options.clock.monotonicMs() - sentAtMs >= this.#options.renewDeadlineMs;
  }

  #standDown(why: string): void {
    if (this.#held === null) return;
    this.#held = null;
    this.#options.logger.warn({ why }, 'standing by: the lease is lost');
  }

  /** A retry period, or less when the watched lease would expire before: a failed leader is not missed by a whole period. */
  #untilNextStepMs(): number {
    const { clock, retryPeriodMs } = this.#options;
    if (this.#held !== null || this.#watched === null) return retryPeriodMs;
    const nextLookMs = retryPeriodMs * STANDBY_LOOKS_AFTER;
    const expiresInMs = this.#watched.sinceMs + this.#watched.record.leaseDurationMs - clock.monotonicMs();
    return expiresInMs <= 0 ? nextLookMs : Math.min(nextLookMs, expiresInMs);
  }

  /** Gives the lease up, so that a standby need not wait; to be called when nothing of ours can still be written. */
  async release(): Promise<void> {
    const held = this.#held;
    if (held === null) return;
    this.#held = null;
    const { store, clock, holder, leaseDurationMs, newVersion, logger, retryPeriodMs } = this.#options;
    const released = { holder, leaseDurationMs, version: newVersion(), isReleased: true };
    try {
      const limit = { clock, limitMs: retryPeriodMs, signal: undefined };
      await withinTime(limit, (within) => store.write(released, held.version, within));
      logger.info({ holder }, 'lease given up');
    } catch (err) {
      logger.warn({ err }, 'lease could not be given up; a standby leads when it expires');
    }
  }

  /** Says a lasting trouble when it starts and when it ends, not at every try. */
  #noteTrouble(error: unknown): void {
    const trouble = error === null ? null : explain(error);
    const wasTroubled = this.#trouble !== null;
    this.#trouble = trouble;
    if (trouble !== null && !wasTroubled) this.#options.logger.warn({ err: error }, 'the lease cannot be reached');
    if (trouble === null && wasTroubled) this.#options.logger.info({}, 'the lease can be reached again');
  }
}
