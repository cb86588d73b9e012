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
  /** A binary heap, the next entry first: a large cluster has a hundred thousand steps planned at a time. */
  readonly #entries: Entry[] = [];

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
    while (this.#entries[0]?.isCancelled === true) this.#takeFirst();
    return this.#entries[0]?.at ?? null;
  }

  after(delayMs: number, step: () => void): Cancel {
    return this.at(this.#now + Math.max(0, delayMs), step);
  }

  at(at: number, step: () => void): Cancel {
    const entry: Entry = { at: Math.max(at, this.#now), order: this.#order++, step, isCancelled: false };
    this.#rise(entry);
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
      this.#takeFirst();
      this.#now = Math.max(this.#now, entry.at);
      if (!entry.isCancelled) entry.step();
    }
    this.#now = Math.max(this.#now, instant);
  }

  /** Puts the entry at the end, and then above everything it comes before. */
  #rise(entry: Entry): void {
    let at = this.#entries.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const other = this.#entries[above];
      if (other === undefined || isBefore(other, entry)) break;
      this.#entries[at] = other;
      at = above;
    }
    this.#entries[at] = entry;
  }

  /** Fills the first place with the last entry, and lets that sink below everything that comes before it. */
  #takeFirst(): void {
    const entry = this.#entries.pop();
    if (entry === undefined || this.#entries.length === 0) return;
    let at = 0;
    for (;;) {
      const below = this.#earlierOf(2 * at + 1, 2 * at + 2);
      const other = this.#entries[below];
      if (other === undefined || isBefore(entry, other)) break;
      this.#entries[at] = other;
      at = below;
    }
    this.#entries[at] = entry;
  }

  #earlierOf(left: number, right: number): number {
    const [a, b] = [this.#entries[left], this.#entries[right]];
    return a === undefined || b === undefined || isBefore(a, b) ? left : right;
  }
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
