// A read that may fail: nobody waits for it for long, and why it fails is said when that begins and when it changes.
import type { Clock } from '../../ports/clock.ts';
import { Failure } from '../../ports/failure.ts';
import type { Logger } from '../../ports/logger.ts';
import { withinTime } from '../../ports/time-limit.ts';

export class Reading {
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #said = new Map<string, string>();

  constructor({ clock, logger }: { readonly clock: Clock; readonly logger: Logger }) {
    this.#clock = clock;
    this.#logger = logger;
  }

  /** What was read; null when it could not be. */
  async of<Result>(
    { what, limitMs, signal }: { readonly what: string; readonly limitMs: number; readonly signal: AbortSignal },
    read: (signal: AbortSignal) => Promise<Result>,
  ): Promise<{ readonly result: Result } | null> {
    try {
      const result = await withinTime({ clock: this.#clock, limitMs, signal }, read);
      this.#said.delete(what);
      return { result };
    } catch (err) {
      if (!(err instanceof Failure) || err.kind === 'bug') throw err;
      if (signal.aborted) return null;
      if (this.#said.get(what) !== err.code) {
        this.#logger.warn({ err, what }, 'cannot be read; the usual is assumed for now');
      }
      this.#said.set(what, err.code);
      return null;
    }
  }
}
