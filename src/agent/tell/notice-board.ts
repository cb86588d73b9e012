// The one value that tasks can see, for all who show it: the file and the port. A level and not a queue, like the board of
// signals.
import { isDeepStrictEqual } from 'node:util';
import type { TaskNotice } from './task-notice.ts';

export class NoticeBoard {
  #notice: TaskNotice | null = null;
  readonly #waiting = new Set<() => void>();

  /** Another object after each change, and the same one until then; null when there is nothing to tell. */
  get notice(): TaskNotice | null {
    return this.#notice;
  }

  put(notice: TaskNotice | null): void {
    if (isDeepStrictEqual(this.#notice, notice)) return;
    this.#notice = notice;
    for (const wake of [...this.#waiting]) wake();
  }

  /** Resolves when something else stands than `seen`, at once where that is so already, or when the signal aborts. */
  async changed(seen: TaskNotice | null, signal: AbortSignal): Promise<void> {
    while (this.#notice === seen && !signal.aborted) await this.#changeOrAbort(signal);
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
