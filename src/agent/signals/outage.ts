// Tells when signals cannot be read: once when that starts, once when it has lasted, once when it ends, and never at every
// reading. All sources of the metadata service fail together as a rule, so their failures are one outage, and the one of
// the interruption notice stands for it; another source is told of by its own name when it fails although notices can be
// read. While no notice could be seen for long the agent is blind, which is what its health says.
import type { Clock } from '../../ports/clock.ts';
import type { Failure } from '../../ports/failure.ts';
import type { Logger } from '../../ports/logger.ts';
import type { AnySource, SignalKind } from './signal.ts';

export interface OutageOptions {
  readonly clock: Clock;
  readonly logger: Logger;
  /** For how long notices may go unseen before that is an error. */
  readonly blindAfterMs: number;
  /** At each change. */
  readonly onBlind: (isBlind: boolean) => void;
}

type Source = Pick<AnySource, 'kind' | 'isMetadata'>;

interface Failing {
  readonly sinceMs: number;
  readonly err: Failure;
  isTold: boolean;
}

export class Outage {
  readonly #options: OutageOptions;
  #sinceMs: number | null = null;
  #isToldBlind = false;
  /** Sources other than the one of notices that fail by themselves. */
  readonly #alone = new Map<SignalKind, Failing>();

  constructor(options: OutageOptions) {
    this.#options = options;
  }

  /** Whether notices have gone unseen for so long that somebody must look. True also while a reading hangs. */
  get isBlind(): boolean {
    return this.#sinceMs !== null && this.#lastedMs(this.#sinceMs) >= this.#options.blindAfterMs;
  }

  succeeded({ kind }: Source): void {
    if (kind === 'interruption') {
      if (this.#sinceMs === null) this.#tellWhoFailsAlone();
      else this.#end(this.#sinceMs);
      return;
    }
    const failing = this.#alone.get(kind);
    this.#alone.delete(kind);
    if (failing?.isTold !== true) return;
    const fields = { signal: kind, outageMs: this.#lastedMs(failing.sinceMs) };
    this.#options.logger.info(fields, 'the signal can be read again');
  }

  failed({ kind, isMetadata }: Source, err: Failure): void {
    if (kind === 'interruption') this.#lastOrStart(err);
    else if (!this.#alone.has(kind) && (!isMetadata || this.#sinceMs === null)) this.#failsAlone(kind, isMetadata, err);
  }

  #failsAlone(kind: SignalKind, isMetadata: boolean, err: Failure): void {
    const failing = { sinceMs: this.#options.clock.monotonicMs(), err, isTold: false };
    this.#alone.set(kind, failing);
    if (!isMetadata) this.#tell(kind, failing);
  }

  #lastOrStart(err: Failure): void {
    if (this.#sinceMs === null) {
      this.#sinceMs = this.#options.clock.monotonicMs();
      this.#forgetUntold();
      this.#options.logger.warn({ err }, 'the metadata service cannot be read: a notice would go unseen');
    }
    if (!this.isBlind || this.#isToldBlind) return;
    this.#isToldBlind = true;
    const fields = { err, outageMs: this.#lastedMs(this.#sinceMs) };
    this.#options.logger.error(fields, 'the metadata service still cannot be read: this instance may end unnoticed');
    this.#options.onBlind(true);
  }

  #end(sinceMs: number): void {
    const wasBlind = this.#isToldBlind;
    this.#sinceMs = null;
    this.#isToldBlind = false;
    this.#forgetUntold();
    this.#options.logger.info({ outageMs: this.#lastedMs(sinceMs) }, 'the metadata service can be read again');
    if (wasBlind) this.#options.onBlind(false);
  }

  /**
   * Called when notices were read after the failure: until then it could be the first sign of an outage of all. What
   * failed around the start or the end of one is not held against a source; its next reading shows.
   */
  #tellWhoFailsAlone(): void {
    for (const [kind, failing] of this.#alone) if (!failing.isTold) this.#tell(kind, failing);
  }

  #tell(signal: SignalKind, failing: Failing): void {
    failing.isTold = true;
    this.#options.logger.warn({ err: failing.err, signal }, 'a signal cannot be read: what it said last stands');
  }

  #forgetUntold(): void {
    for (const [kind, { isTold }] of this.#alone) if (!isTold) this.#alone.delete(kind);
  }

  #lastedMs(sinceMs: number): number {
    return Math.round(this.#options.clock.monotonicMs() - sinceMs);
  }
}
