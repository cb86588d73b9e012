// What every source said last, in one place.
import { Level } from '../level.ts';
import type { SignalKind, SignalOf, Signals } from './signal.ts';

export class SignalBoard {
  readonly #said = new Level<Signals>({});

  /** What is known now. Another object after every change, and the same one until then. */
  get signals(): Signals {
    return this.#said.value;
  }

  /** To learn that there is nothing is a change, too, the first time. */
  put<Kind extends SignalKind>(kind: Kind, said: SignalOf<Kind> | null): void {
    // What it is at almost every reading.
    if (said === null && this.#said.value[kind] === null) return;
    this.#said.put({ ...this.#said.value, [kind]: said });
  }

  /** As of a level. */
  changed(seen: Signals, signal: AbortSignal): Promise<void> {
    return this.#said.changed(seen, signal);
  }
}
