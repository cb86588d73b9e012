// A place for one value that is handed over: a newer one takes the place of one that nobody has taken yet.

export class Latest<Value> {
  #value: Value | null = null;
  #wake: (() => void) | null = null;

  put(value: Value): void {
    this.#value = value;
    this.#wake?.();
  }

  /** The value put since the last call, or the next one; null when the signal aborts first. One caller at a time. */
  async next(signal: AbortSignal): Promise<Value | null> {
    if (this.#value === null && !signal.aborted) await this.#changeOrAbort(signal);
    const value = signal.aborted ? null : this.#value;
    this.#value = null;
    return value;
  }

  #changeOrAbort(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const finish = () => {
        signal.removeEventListener('abort', finish);
        this.#wake = null;
        resolve();
      };
      this.#wake = finish;
      signal.addEventListener('abort', finish);
    });
  }
}
