// What every source said last, in one place. It holds a level and not a queue: whoever looks late sees what stands now, and
// the same thing said again is no news.
import { isDeepStrictEqual } from 'node:util';
import type { SignalKind, SignalOf, Signals } from './signal.ts';

export class SignalBoard {
  #signals: Signals = {};
  readonly #waiting = new Set<() => void>();

  /** What is known now. Another object after every change, and the same one until then. */
  get signals(): Signals {
    return this.#signals;
  }

  /** To learn that there is nothing is a change, too, the first time. */
  put<Kind extends SignalKind>(kind: Kind, said: SignalOf<Kind> | null): void {
    if (isDeepStrictEqual(this.#signals[kind], said)) return;
    this.#signals = { ...this.#signals, [kind]: said };
    for (const wake of [...this.#waiting]) wake();
  }

  /**
   * Resolves when something else is known than `seen`, at once where that is so already, or when the signal aborts. For
   * any number of callers; none can miss a change, as each says what it has seen.
   */
  async changed(seen: Signals, signal: AbortSignal): Promise<void> {
    while (this.#signals === seen && !signal.aborted) await this.#changeOrAbort(signal);
  }

  #changeOrAbort(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        signal.removeEventListener('abort', finish);
        this.#waiting.delete(finish);
        resolve();
      };
      this.#waiting.add(finish);
      signal.addEventListener('abort', finish);
    });
  }
}
