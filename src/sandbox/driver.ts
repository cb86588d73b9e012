// Drives the world in real time: brings it to the present before anything looks at it, and by itself when its next step
// is due. It decides nothing; the world's agenda holds every step, and the clock port every wait.
import type { Clock } from '../ports/clock.ts';
import type { Agenda } from '../world/agenda.ts';

/** With nothing on the agenda the driver still looks this often; any number does, since requests wake it. */
const IDLE_MS = 60_000;

export class RealTimeDriver {
  /** Resolves after `stop`; rejects when a step of the world threw, which is a bug and ends the sandbox. */
  readonly finished: Promise<void>;
  readonly #agenda: Agenda;
  readonly #clock: Clock;
  readonly #worldStartAt: number;
  readonly #clockStartMs: number;
  #wake = new AbortController();
  #wakeAt = 0;
  #isStopped = false;
  #crash: { readonly error: unknown } | null = null;
  readonly #settle: { resolve: () => void; reject: (error: unknown) => void };

  /** The world's present when the driver is made is tied to the clock's: from then on both run at the same pace. */
  constructor(agenda: Agenda, clock: Clock) {
    this.#agenda = agenda;
    this.#clock = clock;
    this.#worldStartAt = agenda.now;
    this.#clockStartMs = clock.monotonicMs();
    const settle = { resolve: () => {}, reject: (_error: unknown) => {} };
    this.finished = new Promise((resolve, reject) => {
      settle.resolve = resolve;
      settle.reject = reject;
    });
    // Whoever started the sandbox may look at `finished` late; every request answers with the crash meanwhile.
    this.finished.catch(() => {});
    this.#settle = settle;
  }

  /** The present in world time, epoch milliseconds. */
  get now(): number {
    return this.#worldStartAt + this.#clock.monotonicMs() - this.#clockStartMs;
  }

  start(): void {
    this.#run().then(this.#settle.resolve, this.#settle.reject);
  }

  stop(): void {
    this.#isStopped = true;
    this.#wake.abort();
  }

  /** Brings the world to the present, runs the function in it, and sees to what the function planned. */
  inPresent<Result>(look: () => Result): Result {
    this.#advance();
    try {
      return look();
    } finally {
      const nextAt = this.#agenda.nextAt;
      if (nextAt !== null && nextAt < this.#wakeAt) this.#wake.abort();
    }
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) {
      this.#wake = new AbortController();
      this.#advance();
      this.#wakeAt = this.#agenda.nextAt ?? this.now + IDLE_MS;
      await this.#clock.sleep(Math.max(1, this.#wakeAt - this.now), this.#wake.signal);
    }
  }

  #advance(): void {
    if (this.#crash !== null) throw this.#crash.error;
    try {
      this.#agenda.advanceTo(this.now);
    } catch (error) {
      this.#crash = { error };
      this.#wake.abort();
      throw error;
    }
  }
}
