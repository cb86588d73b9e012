// Virtual time: the world's agenda is the one queue of it, for the pretend cloud and for every pretend process alike. It
// goes on to the next entry only when nothing can happen any more without time, so the same seed plays the same play,
// whatever the machine does meanwhile.
import { settled } from '../../runtime/event-loop.ts';
import type { Agenda, Cancel } from '../../world/agenda.ts';

export class VirtualTime {
  readonly #agenda: Agenda;
  readonly #startedAt: number;
  /** Somebody was woken: what they do now is done before time goes on. */
  #isStirred = true;

  constructor(agenda: Agenda) {
    this.#agenda = agenda;
    this.#startedAt = agenda.now;
  }

  /** Epoch milliseconds, by the cloud's clock. */
  get now(): number {
    return this.#agenda.now;
  }

  /** Since the beginning of the play. */
  get elapsedMs(): number {
    return this.#agenda.now - this.#startedAt;
  }

  after(delayMs: number, step: () => void): Cancel {
    return this.#agenda.after(delayMs, step);
  }

  at(instant: number, step: () => void): Cancel {
    return this.#agenda.at(instant, step);
  }

  /** To be called whenever a promise of a process is settled from outside of it. */
  stir(): void {
    this.#isStirred = true;
  }

  /**
   * Plays up to and including the instant.
   * @param afterStep called at each instant at which something happened, when all of it has
   * @throws whatever a step of the world, or `afterStep`, throws
   */
  async playUntil(instant: number, afterStep: () => void): Promise<void> {
    await settled();
    for (let next = this.#agenda.nextAt; next !== null && next <= instant; next = this.#agenda.nextAt) {
      this.#agenda.advanceTo(next);
      // What is woken may plan more for this very instant.
      while (this.#isStirred) {
        this.#isStirred = false;
        await settled();
        if (this.#agenda.nextAt === next) this.#agenda.advanceTo(next);
      }
      afterStep();
    }
    this.#agenda.advanceTo(instant);
  }
}
