// Looking more often than passes run, for next to nothing. Every few seconds one or two calls tell whether somebody was told
// that it ends; what is new brings a pass. While anything is under way passes themselves come as often, as far as our share
// of what AWS allows goes.
//
// A poke makes the next look come at once, and is no more than that: it carries no facts, so whoever pokes need not be
// trusted, and a thousand pokes cost as much as one. It makes a pass only where the look finds something.
import type { Clock } from '../ports/clock.ts';
import { Failure } from '../ports/failure.ts';
import type { Logger } from '../ports/logger.ts';
import type { NoticeWatch } from './observe/notice-watch.ts';

export interface FastLaneOptions {
  readonly notices: Pick<NoticeWatch, 'look' | 'isPressed' | 'canAffordPass' | 'canOwePass'>;
  readonly isLeading: () => boolean;
  /** Whether the last pass found something under way. */
  readonly isUnusual: () => boolean;
  /** When the last pass began, by the monotonic clock. */
  readonly passBeganAtMs: () => number;
  readonly startPass: () => void;
  readonly periodMs: () => number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Of two looks that somebody poked for: a look a second is a twentieth of what AWS allows, and that for seconds only. */
const LEAST_APART_MS = 1_000;

export class FastLane {
  readonly #options: FastLaneOptions;
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  /** The last time because of a poke. */
  #obeyedAtMs = Number.NEGATIVE_INFINITY;
  #isPoked = false;
  /** Found, and no pass has begun for it yet. */
  #hasNews = false;
  #isFailing = false;
  #wake = new AbortController();

  constructor(options: FastLaneOptions) {
    this.#options = options;
  }

  /** Asks for a look. Any number of times until there is one ask for one. */
  poke(): void {
    this.#isPoked = true;
    this.#wake.abort();
  }

  /** Looks until the signal aborts, and not while this process stands by. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, isLeading, startPass } = this.#options;
    signal.addEventListener('abort', () => this.#wake.abort());
    while (!signal.aborted) {
      const waitMs = this.#untilNextLookMs();
      if (waitMs > 0) {
        this.#wake = new AbortController();
        if (!signal.aborted) await clock.sleep(waitMs, this.#wake.signal);
        continue;
      }
      this.#lookedAtMs = clock.monotonicMs();
      if (this.#isPoked) this.#obeyedAtMs = this.#lookedAtMs;
      this.#isPoked = false;
      if (!isLeading()) this.#hasNews = false;
      else if (await this.#look(signal)) this.#hasNews = true;
      if (signal.aborted || !isLeading() || !this.#isPassDue()) continue;
      this.#hasNews = false;
      startPass();
    }
  }

  #untilNextLookMs(): number {
    const { clock, notices, periodMs } = this.#options;
    const byItselfAtMs = this.#lookedAtMs + periodMs();
    const isHeard = this.#isPoked && !notices.isPressed;
    const dueAtMs = isHeard ? Math.min(byItselfAtMs, this.#obeyedAtMs + LEAST_APART_MS) : byItselfAtMs;
    return dueAtMs - clock.monotonicMs();
  }

  /** News are worth more than our share; but not a pass a second, which in a large loss would be one long throttling. */
  #isPassDue(): boolean {
    const { notices, isUnusual, passBeganAtMs, periodMs, clock } = this.#options;
    const isLongAgo = clock.monotonicMs() - passBeganAtMs() >= periodMs();
    if (this.#hasNews) return isLongAgo || notices.canOwePass;
    return isUnusual() && isLongAgo && notices.canAffordPass;
  }

  async #look(signal: AbortSignal): Promise<boolean> {
    try {
      const isNew = await this.#options.notices.look(signal);
      this.#note(null);
      return isNew;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (!signal.aborted) this.#note(error);
      return false;
    }
  }

  /** Says a lasting trouble when it starts and when it ends. */
  #note(err: Failure | null): void {
    const { logger } = this.#options;
    const wasFailing = this.#isFailing;
    this.#isFailing = err !== null;
    if (this.#isFailing && !wasFailing)
      logger.warn({ err }, 'the quick look for notices fails: passes see them, later');
    if (!this.#isFailing && wasFailing) logger.info({}, 'the quick look for notices works again');
  }
}
