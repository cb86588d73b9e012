// How often something that fails may be asked again. Nothing waits here: who asks looks first whether it is time.
import type { Clock } from '../../ports/clock.ts';
import type { Rng } from '../../ports/rng.ts';
import { type Backoff, backoffDelayMs } from '../../runtime/backoff.ts';

export class Pace {
  readonly #ground: { readonly clock: Clock; readonly rng: Rng };
  readonly #backoff: Backoff;
  #failures = 0;
  #notBeforeMs = Number.NEGATIVE_INFINITY;

  constructor(ground: { readonly clock: Clock; readonly rng: Rng }, backoff: Backoff) {
    this.#ground = ground;
    this.#backoff = backoff;
  }

  get isDue(): boolean {
    return this.waitMs === 0;
  }

  /** Until it is time; 0 when it is. */
  get waitMs(): number {
    return Math.max(0, this.#notBeforeMs - this.#ground.clock.monotonicMs());
  }

  succeeded(): void {
    this.#failures = 0;
    this.#notBeforeMs = Number.NEGATIVE_INFINITY;
  }

  /** Half of each pause is certain: where thousands ask the same, none may come back at once. */
  failed(): void {
    const { clock, rng } = this.#ground;
    const { baseMs, capMs } = this.#backoff;
    const half = { baseMs: baseMs / 2, capMs: capMs / 2 };
    const certainMs = Math.min(half.capMs, half.baseMs * 2 ** this.#failures);
    this.#notBeforeMs = clock.monotonicMs() + certainMs + backoffDelayMs(this.#failures, half, rng);
    this.#failures += 1;
  }
}
