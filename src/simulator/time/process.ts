// A process of the play: a life of its own on virtual time. Whatever reaches it from outside, the end of a sleep or an
// answer from AWS, reaches it through `wake`: a process that was stopped (SIGSTOP, a pause of its machine) hears of it when
// it goes on, and one that was killed never. So real code runs in it unchanged, and dies anywhere it waits.
import type { Clock } from '../../ports/clock.ts';
import { onAbort } from '../../ports/on-abort.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface ProcessOptions {
  readonly time: VirtualTime;
  /** `controller-a`, `agent of i7`. */
  readonly name: string;
  /** By how much its host's wall clock is ahead. */
  readonly aheadMs?: number;
}

export class Process {
  readonly name: string;
  readonly clock: Clock;
  readonly #time: VirtualTime;
  #isEnded = false;
  /** What happened to it while it stood still, in order; null while it runs. */
  #missed: (() => void)[] | null = null;
  #aheadMs: number;

  constructor({ time, name, aheadMs = 0 }: ProcessOptions) {
    this.name = name;
    this.#time = time;
    this.#aheadMs = aheadMs;
    this.clock = {
      now: () => Math.floor(time.now + this.#aheadMs),
      monotonicMs: () => time.elapsedMs,
      sleep: (durationMs, signal) => this.#sleep(durationMs, signal),
    };
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  get isPaused(): boolean {
    return this.#missed !== null;
  }

  /** SIGKILL: it does nothing more, not even its last words. */
  kill(): void {
    this.#isEnded = true;
    this.#missed = null;
  }

  /** SIGSTOP. Time goes on. */
  pause(): void {
    if (!this.#isEnded) this.#missed ??= [];
  }

  /** SIGCONT. */
  resume(): void {
    const missed = this.#missed ?? [];
    this.#missed = null;
    for (const action of missed) this.wake(action);
  }

  /** Its host's wall clock is set: by so much forward, or back. */
  stepClock(byMs: number): void {
    this.#aheadMs += byMs;
  }

  /** Lets something happen in it: at once, when it goes on, or never. */
  wake(action: () => void): void {
    if (this.#isEnded) return;
    if (this.#missed !== null) {
      this.#missed.push(action);
      return;
    }
    this.#time.stir();
    action();
  }

  #sleep(durationMs: number, signal: AbortSignal | undefined): Promise<void> {
    if (durationMs <= 0 || signal?.aborted === true) return Promise.resolve();
    return new Promise((resolve) => {
      const finish = () => {
        cancel();
        forget();
        resolve();
      };
      // Whole milliseconds, as the timers of Node.
      const cancel = this.#time.after(Math.ceil(durationMs), () => this.wake(finish));
      const forget = signal === undefined ? () => {} : onAbort(signal, finish);
    });
  }
}
