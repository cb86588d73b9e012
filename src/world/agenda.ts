// The world's time and everything it has promised to do later. It owns no timer: whoever drives the world (the sandbox
// in real time, the simulator in virtual time) calls `advanceTo`, and due steps run in order, each at its own instant.

interface Entry {
  readonly at: number;
  readonly order: number;
  readonly step: () => void;
  isCancelled: boolean;
}

/** Cancels a step that has not run yet; afterwards it does nothing. */
export type Cancel = () => void;

export class Agenda {
  #now: number;
  #order = 0;
  #entries: Entry[] = [];

  /** @param startAt epoch milliseconds */
  constructor(startAt: number) {
    this.#now = startAt;
  }

  /** World time, epoch milliseconds: the instant of the running step, or of the last `advanceTo`. */
  get now(): number {
    return this.#now;
  }

  /** When the next step is due, or null when nothing is planned. */
  get nextAt(): number | null {
    return this.#entries.find((entry) => !entry.isCancelled)?.at ?? null;
  }

  after(delayMs: number, step: () => void): Cancel {
    return this.at(this.#now + Math.max(0, delayMs), step);
  }

  at(at: number, step: () => void): Cancel {
    const entry: Entry = { at: Math.max(at, this.#now), order: this.#order++, step, isCancelled: false };
    let index = this.#entries.length;
    while (index > 0 && isBefore(entry, this.#entries[index - 1])) index -= 1;
    this.#entries.splice(index, 0, entry);
    return () => {
      entry.isCancelled = true;
    };
  }

  /** Repeats for the life of the world, first after one period. */
  every(periodMs: number, step: () => void): void {
    this.after(periodMs, () => {
      step();
      this.every(periodMs, step);
    });
  }

  /** Runs everything due up to and including `instant`. Going back in time does nothing: a stepped clock is not a replay. */
  advanceTo(instant: number): void {
    for (let entry = this.#entries[0]; entry !== undefined && entry.at <= instant; entry = this.#entries[0]) {
      this.#entries.shift();
      this.#now = Math.max(this.#now, entry.at);
      if (!entry.isCancelled) entry.step();
    }
    this.#now = Math.max(this.#now, instant);
  }
}

function isBefore(a: Entry, b: Entry | undefined): boolean {
  return b !== undefined && (a.at < b.at || (a.at === b.at && a.order < b.order));
}
