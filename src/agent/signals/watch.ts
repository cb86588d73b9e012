// Reads every source again and again, and puts what it says on the board. It decides nothing about what to do, and it never
// takes silence for "nothing": while a source cannot be read, what it said before stands.
//
// The interruption notice sets the beat and waits for nobody. The others are read after it, those that are due, one by one:
// so there are hardly ever two requests at once, one connection does, and the process wakes once a beat and not for each.
import type { Clock } from '../../ports/clock.ts';
import { Failure } from '../../ports/failure.ts';
import type { Logger } from '../../ports/logger.ts';
import type { SignalBoard } from './board.ts';
import type { Outage } from './outage.ts';
import { periods } from './pace.ts';
import type { AnySource, SignalKind } from './signal.ts';

/**
 * How long nobody may answer at the start before we say that this is not EC2, for good. Long enough for a network that
 * comes up a little after network-online.target (one lost DHCP exchange costs 4 s, and systemd will not start us again
 * after this verdict), short enough that a wrong machine is told soon. Any HTTP answer at all ends the question.
 */
export const START_GRACE_MS = 10_000;

/** A timer may fire a little early against the clock; a reading is not put off by a whole beat for that. */
const EARLY_MS = 50;

export interface WatchOptions {
  /** At most one of each kind. The first, that of the interruption notice, sets the beat. */
  readonly sources: readonly AnySource[];
  /** Whether the metadata service keeps connections open; without, it is asked less often. */
  readonly keepsConnections: () => boolean;
  readonly board: SignalBoard;
  readonly outage: Outage;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Whether something else says that this is a host for an agent, so that silence is an outage and no wrong machine. */
  readonly isKnownHost: () => boolean;
  readonly startGraceMs?: number;
  /** Once, when it is known for the first time whether there is a notice: a refusal does not say it. */
  readonly onWatching: () => void;
  /** After every reading of the interruption notice, also a failed one: the watch itself is alive. */
  readonly onPoll: () => void;
}

/**
 * Watches until the signal aborts.
 * @throws Failure `not-on-ec2` when nobody answers from the start
 */
export async function watchSignals(options: WatchOptions, signal: AbortSignal): Promise<void> {
  await new Watch(options).run(signal);
}

class Watch {
  readonly #options: WatchOptions;
  readonly #startedAtMs: number;
  /** Of the sources that ask the metadata service, where it keeps no connection. */
  readonly #longerPeriods: Readonly<Record<string, number>>;
  /** Somebody answers there, if only to refuse: this is EC2. */
  #isEc2 = false;
  #isWatching = false;
  #isToldOfPace = false;
  /** When each of the others is to be read next, by the monotonic clock. */
  readonly #dueMs = new Map<SignalKind, number>();
  #behind: Promise<void> | null = null;
  /** A bug in what is read behind: thrown where the beat is waited for. */
  #broken: { readonly error: unknown } | null = null;

  constructor(options: WatchOptions) {
    this.#options = options;
    this.#startedAtMs = options.clock.monotonicMs();
    const metadata = options.sources.filter(({ isMetadata }) => isMetadata);
    this.#longerPeriods = periods(Object.fromEntries(metadata.map(({ kind, periodMs }) => [kind, periodMs])), false);
  }

  /** The next beat begins a period after the last one began, or when its reading is over. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, onPoll, sources } = this.#options;
    const [first, ...others] = sources;
    while (first !== undefined && !signal.aborted && this.#broken === null) {
      const startedAtMs = clock.monotonicMs();
      await this.#read(first, signal);
      if (signal.aborted) break;
      onPoll();
      this.#readBehind(others, startedAtMs, signal);
      await clock.sleep(startedAtMs + this.#periodOf(first) - clock.monotonicMs(), signal);
    }
    await this.#behind;
    if (this.#broken !== null) throw this.#broken.error;
  }

  /** Nobody waits for these; while one of them is slow the rest is late, and the notice is not. */
  #readBehind(others: readonly AnySource[], nowMs: number, signal: AbortSignal): void {
    const due = others.filter((source) => (this.#dueMs.get(source.kind) ?? nowMs) <= nowMs + EARLY_MS);
    if (this.#behind !== null || due.length === 0) return;
    for (const source of due) this.#dueMs.set(source.kind, nowMs + this.#periodOf(source));
    this.#behind = this.#readInTurn(due, signal)
      .catch((error: unknown) => {
        this.#broken ??= { error };
      })
      .finally(() => {
        this.#behind = null;
      });
  }

  async #readInTurn(due: readonly AnySource[], signal: AbortSignal): Promise<void> {
    for (const source of due) if (!signal.aborted) await this.#read(source, signal);
  }

  async #read(source: AnySource, signal: AbortSignal): Promise<void> {
    const { board, outage } = this.#options;
    try {
      const said = await source.read(signal);
      if (signal.aborted) return;
      this.#isEc2 ||= source.isMetadata;
      board.put(source.kind, said);
      outage.succeeded(source);
      if (source.kind === 'interruption') this.#onNoticeKnown();
    } catch (error) {
      if (signal.aborted) return;
      // What an operator would have to mend is waited for as well: an agent that ends sees no notice at all.
      if (!(error instanceof Failure) || error.kind === 'bug') throw error;
      // Whoever refuses may be an EC2 that is busy or has metadata switched off for now; it hides notices all the same.
      if (source.isMetadata && error.code === 'refused') this.#isEc2 = true;
      if (source.kind === 'interruption') this.#judgeWhetherEc2(error);
      outage.failed(source, error);
    }
  }

  #onNoticeKnown(): void {
    if (!this.#isWatching) this.#options.onWatching();
    this.#isWatching = true;
  }

  #judgeWhetherEc2(cause: Failure): void {
    const waitedMs = this.#options.clock.monotonicMs() - this.#startedAtMs;
    if (this.#isEc2 || this.#options.isKnownHost() || waitedMs < (this.#options.startGraceMs ?? START_GRACE_MS)) return;
    const doing = 'this is not an EC2 instance, or its metadata service (IMDS) cannot be reached from here';
    throw new Failure('not-on-ec2', doing, { cause });
  }

  #periodOf({ kind, periodMs, isMetadata }: AnySource): number {
    if (!isMetadata || this.#options.keepsConnections()) return periodMs;
    const longerMs = this.#longerPeriods[kind] ?? periodMs;
    if (longerMs > periodMs && !this.#isToldOfPace) {
      this.#isToldOfPace = true;
      const fields = { periodsMs: this.#longerPeriods };
      this.#options.logger.info(fields, 'the metadata service keeps no connections: it is asked less often');
    }
    return longerMs;
  }
}
