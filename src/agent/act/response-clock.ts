// What time it is for the agent. While nothing presses, that is what the wall clock says, steps and all: an NTP client sets
// it some time after the boot, and what it says last is the best word there is. But a step must not change how long is left
// before a deadline: from the first sight of what takes the instance from us until that is over, time is held, and goes on
// from there by the monotonic clock alone.
//
// A notice tells the time as well: the instance it is for ends within two minutes, and has not ended yet. A wall clock that
// says otherwise is not believed, so that nothing waits past those two minutes, nor is a notice taken for one long past.
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import { type Cause, isHibernation } from '../respond/cause.ts';
import type { SignalOf } from '../signals/signal.ts';

/** One instant by both clocks. The monotonic one counts from the boot, so it holds for the next process as well. */
export interface Hold {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly monotonicMs: number;
}

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-instance-termination-notices.html */
const NOTICE_MS = 120_000;

/** Deadlines are in whole seconds, and a notice may be seen late: that is not worth a word. */
const WORTH_TELLING_MS = 5_000;

export class ResponseClock implements Clock {
  readonly #clock: Clock;
  readonly #logger: Logger;
  #hold: Hold | null = null;

  constructor(clock: Clock, logger: Logger) {
    this.#clock = clock;
    this.#logger = logger;
  }

  /** null while it follows the wall clock. */
  get hold(): Hold | null {
    return this.#hold;
  }

  /** Cut to whole milliseconds, as the wall clock is. */
  now(): number {
    if (this.#hold === null) return this.#clock.now();
    return Math.floor(this.#hold.at + this.#clock.monotonicMs() - this.#hold.monotonicMs);
  }

  monotonicMs(): number {
    return this.#clock.monotonicMs();
  }

  sleep(durationMs: number, signal?: AbortSignal): Promise<void> {
    return this.#clock.sleep(durationMs, signal);
  }

  /** After a restart: the hold of the process before, in this boot. */
  takeUp(hold: Hold | null): void {
    this.#hold = hold;
  }

  /** Before a response to it is derived. Hibernation begins at once, whatever its deadline, and time stands still in it. */
  heed(notice: SignalOf<'interruption'> | null | undefined): void {
    if (notice === undefined || notice === null || notice.action === 'hibernate') return;
    const { deadlineAt } = notice;
    const now = this.now();
    // Held already, a deadline that is past is one that EC2 has missed.
    const latestAt = this.#hold === null ? deadlineAt : Number.POSITIVE_INFINITY;
    const at = Math.max(deadlineAt - NOTICE_MS, Math.min(latestAt, now));
    if (this.#hold !== null && at === now) return;
    if (Math.abs(at - now) > WORTH_TELLING_MS) {
      const fields = { deadline: new Date(deadlineAt).toISOString(), clock: new Date(now).toISOString() };
      this.#logger.warn(fields, 'the clock of this host does not fit the notice, and is not followed');
    }
    this.#holdAt(at);
  }

  /** After a response was derived: what it answers decides whether time is held. */
  follow(cause: Cause | null): void {
    const presses = cause !== null && !cause.isVoluntary && !isHibernation(cause);
    if (!presses) this.#hold = null;
    else if (this.#hold === null) this.#holdAt(this.now());
  }

  #holdAt(at: number): void {
    this.#hold = { at, monotonicMs: this.#clock.monotonicMs() };
  }
}
