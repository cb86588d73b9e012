// A value that others wait on. It holds a level and not a queue: whoever looks late sees what stands now, and the same
// thing put again is no news.
import { isDeepStrictEqual } from 'node:util';
import { onAbort } from '../ports/on-abort.ts';

export class Level<Value> {
  #value: Value;
  readonly #waiting = new Set<() => void>();

  constructor(value: Value) {
    this.#value = value;
  }

  /** What stands now. Another object after every change, and the same one until then. */
  get value(): Value {
    return this.#value;
  }

  put(value: Value): void {
    if (isDeepStrictEqual(this.#value, value)) return;
    this.#value = value;
    for (const wake of [...this.#waiting]) wake();
  }

  /**
   * Resolves when something else stands than `seen`, at once where that is so already, or when the signal aborts. For any
   * number of callers; none can miss a change, as each says what it has seen.
   */
  async changed(seen: Value, signal: AbortSignal): Promise<void> {
    while (this.#value === seen && !signal.aborted) await this.#changeOrAbort(signal);
  }

  #changeOrAbort(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        forget();
        this.#waiting.delete(finish);
        resolve();
      };
      const forget = onAbort(signal, finish);
      this.#waiting.add(finish);
    });
  }
}
