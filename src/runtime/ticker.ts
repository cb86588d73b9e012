// When passes run: on a cron schedule, and soon after a poke. Never two at once, and it retries nothing: the next run is
// the retry.
//
// The schedule names instants of the wall clock, which may be set while we wait for one. So each wait is reckoned once, of
// a minute at most, and then counted by the monotonic clock: a clock that was set back holds nothing up. Whenever the two
// clocks turn out to have moved apart, or the process could not run for a while, there is a run at once, because what was
// due may have been jumped over; an early run harms nothing, a missing one may.
//
// It is the only user of node-cron, and asks it no more than what a schedule means: its timers follow the wall clock alone.
import { createTask, parse, validateDetailed } from 'node-cron';
import type { Clock } from '../ports/clock.ts';
import { Failure } from '../ports/failure.ts';

export interface Ticker {
  /** Runs as soon as the present run, if any, is over. Any number of pokes before that make one run. */
  poke(): void;
  /** No run starts any more; resolves when the present one is over. */
  stop(): Promise<void>;
  /** Resolves after `stop`; rejects with the first error a run lets out, after which nothing runs any more. */
  readonly ended: Promise<void>;
}

export interface TickerOptions {
  /** Cron with an optional field for seconds in front, in the host's time zone. Asked before each wait, so it may change. */
  readonly schedule: () => string;
  readonly run: () => Promise<void>;
  readonly clock: Clock;
}

/** @throws Failure `bad-configuration` when the schedule cannot be read */
export function startTicker(options: TickerOptions): Ticker {
  return new Runner(options);
}

/** @throws Failure `bad-configuration`, naming each field that cannot be read */
export function assertSchedule(schedule: string): void {
  const { valid, errors } = validateDetailed(schedule);
  if (valid) return;
  const reasons = errors.map(({ message }) => message).join('; ');
  throw new Failure('bad-configuration', `reading the schedule "${schedule}": ${reasons}`);
}

/** Asked second by second, so it costs something; and the clock is compared this often at least. */
const LONGEST_WAIT_MS = 60_000;

// A busy process wakes late by less, and no clock that is only slewed comes to this within a minute.
const CLOCKS_APART_MS = 1_000;

const SECOND_MS = 1_000;

class Runner implements Ticker {
  readonly ended: Promise<void>;
  readonly #options: TickerOptions;
  readonly #over = new AbortController();
  #cron: Cron;
  #present: Promise<void> | null = null;
  #isPoked = false;
  #isStopped = false;
  #resolveEnded: () => void = () => {};
  #rejectEnded: (error: unknown) => void = () => {};

  constructor(options: TickerOptions) {
    this.#options = options;
    this.#cron = new Cron(options.schedule());
    this.ended = new Promise((resolve, reject) => {
      this.#resolveEnded = resolve;
      this.#rejectEnded = reject;
    });
    this.#keepTime().catch((error: unknown) => this.#end(error));
  }

  poke(): void {
    this.#isPoked = true;
    if (this.#isStopped || this.#present !== null) return;
    this.#present = this.#runWhilePoked();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#over.abort();
    await this.#present;
    this.#resolveEnded();
  }

  async #keepTime(): Promise<void> {
    const { clock, schedule } = this.#options;
    const { signal } = this.#over;
    let reckonedTo = clock.now();
    while (!signal.aborted) {
      if (this.#cron.schedule !== schedule()) this.#cron = new Cron(schedule());
      const { at, isDue } = this.#cron.next(reckonedTo, LONGEST_WAIT_MS);
      await clock.sleep(at - clock.now(), signal);
      if (signal.aborted) return;
      const areApart = Math.abs(clock.now() - at) > CLOCKS_APART_MS;
      if (isDue || areApart) this.#tick();
      reckonedTo = areApart ? clock.now() : at;
    }
  }

  /** A run is due. One that is still going on makes this one needless. */
  #tick(): void {
    if (this.#present === null) this.poke();
  }

  async #runWhilePoked(): Promise<void> {
    try {
      while (this.#isPoked && !this.#isStopped) {
        this.#isPoked = false;
        await this.#options.run();
      }
    } catch (error) {
      this.#end(error);
    } finally {
      this.#present = null;
    }
  }

  #end(error: unknown): void {
    this.#isStopped = true;
    this.#over.abort();
    this.#rejectEnded(error);
  }
}

class Cron {
  readonly schedule: string;
  readonly #seconds: ReadonlySet<number>;
  readonly #matches: (date: Date) => boolean;

  constructor(schedule: string) {
    assertSchedule(schedule);
    this.schedule = schedule;
    this.#seconds = new Set(parse(schedule).second);
    const task = createTask(schedule, () => {});
    // It answers all the same; otherwise node-cron would keep it in its list for ever.
    void task.destroy();
    this.#matches = (date) => task.match(date);
  }

  /** The first instant after `from` that the schedule names, or, when there is none within `mostMs`, the end of that time. */
  next(from: number, mostMs: number): { at: number; isDue: boolean } {
    const first = (Math.floor(from / SECOND_MS) + 1) * SECOND_MS;
    for (let at = first; at <= from + mostMs; at += SECOND_MS) {
      // Seconds are the same in every time zone, and asking for the rest takes a hundred times as long.
      if (this.#seconds.has((at / SECOND_MS) % 60) && this.#matches(new Date(at))) return { at, isDue: true };
    }
    return { at: from + mostMs, isDue: false };
  }
}
