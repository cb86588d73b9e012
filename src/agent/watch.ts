// Asks the metadata service, again and again, whether this instance is to be interrupted. It decides nothing about what to
// do, and it never takes silence for "no notice": while the service cannot be read the answer is unknown, said once when
// that begins and once when it ends.
import type { Clock } from '../ports/clock.ts';
import { Failure } from '../ports/failure.ts';
import type { Logger } from '../ports/logger.ts';
import type { InstanceMetadata, InterruptionNotice } from '../ports/metadata.ts';

/**
 * How long nobody may answer at the start before we say that this is not EC2, for good. Long enough for a network that
 * comes up a little after network-online.target (one lost DHCP exchange costs 4 s, and systemd will not start us again
 * after this verdict), short enough that a wrong machine is told soon. Any HTTP answer at all ends the question.
 */
export const START_GRACE_MS = 10_000;

export interface WatchOptions {
  readonly metadata: InstanceMetadata;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly pollMs: number;
  readonly startGraceMs?: number;
  /** Once per notice: the same action and time again is the same notice. */
  readonly onNotice: (notice: InterruptionNotice) => void;
  /** Once, when the metadata service has said for the first time whether there is a notice: a refusal does not say it. */
  readonly onWatching: () => void;
  /** After every poll, also a failed one: the watch itself is alive. */
  readonly onPoll: () => void;
}

/**
 * Watches until the signal aborts.
 * @throws Failure `not-on-ec2` when nobody answers from the start
 */
export async function watchForNotices(options: WatchOptions, signal: AbortSignal): Promise<void> {
  const { clock, pollMs } = options;
  const watch = new Watch(options);
  while (!signal.aborted) {
    const startedAtMs = clock.monotonicMs();
    await watch.poll(signal);
    await clock.sleep(startedAtMs + pollMs - clock.monotonicMs(), signal);
  }
}

class Watch {
  readonly #options: WatchOptions;
  readonly #startedAtMs: number;
  /** Somebody answers there, if only to refuse: this is EC2. */
  #isEc2 = false;
  #isWatching = false;
  #outageSinceMs: number | null = null;
  #lastKey: string | null = null;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#startedAtMs = options.clock.monotonicMs();
  }

  async poll(signal: AbortSignal): Promise<void> {
    try {
      const notice = await this.#options.metadata.interruptionNotice(signal);
      this.#isEc2 = true;
      this.#endOutage();
      this.#onKnown(notice);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof Failure)) throw error;
      this.#onUnknown(error);
    }
    this.#options.onPoll();
  }

  #onKnown(notice: InterruptionNotice | null): void {
    if (!this.#isWatching) this.#options.onWatching();
    this.#isWatching = true;
    const key = notice === null ? null : `${notice.action}@${notice.deadlineAt}`;
    if (notice !== null && key !== this.#lastKey) {
      this.#lastKey = key;
      this.#options.onNotice(notice);
    }
  }

  #onUnknown(error: Failure): void {
    // Whoever refuses may be an EC2 that is busy or has metadata switched off for now; it hides notices all the same.
    if (error.code === 'refused') this.#isEc2 = true;
    const nowMs = this.#options.clock.monotonicMs();
    const graceMs = this.#options.startGraceMs ?? START_GRACE_MS;
    if (!this.#isEc2 && nowMs - this.#startedAtMs >= graceMs) {
      const doing = 'this is not an EC2 instance, or its metadata service (IMDS) cannot be reached from here';
      throw new Failure('not-on-ec2', doing, { cause: error });
    }
    if (this.#outageSinceMs !== null) return;
    this.#outageSinceMs = nowMs;
    this.#options.logger.warn({ err: error }, 'the metadata service cannot be read: a notice would go unseen');
  }

  #endOutage(): void {
    if (this.#outageSinceMs === null) return;
    const outageMs = Math.round(this.#options.clock.monotonicMs() - this.#outageSinceMs);
    this.#outageSinceMs = null;
    this.#options.logger.info({ outageMs }, 'the metadata service can be read again');
  }
}
