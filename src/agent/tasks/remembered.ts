// A memory of bounded size: the oldest fact makes room for the newest, and each knows when it was learned.

/** Far more than an instance holds; a bound all the same, since the agent runs for months. */
export const MOST_REMEMBERED = 500;

interface Fact<Value> {
  readonly value: Value;
  readonly learnedAtMs: number;
}

export class Remembered<Key, Value> {
  readonly #facts = new Map<Key, Fact<Value>>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  set(key: Key, value: Value, nowMs: number): void {
    this.#facts.delete(key);
    this.#facts.set(key, { value, learnedAtMs: nowMs });
    for (const oldest of this.#facts.keys()) {
      if (this.#facts.size <= this.#most) return;
      this.#facts.delete(oldest);
    }
  }

  get(key: Key): Value | undefined {
    return this.#facts.get(key)?.value;
  }

  /** How long ago it was learned; infinity for what never was. */
  ageMs(key: Key, nowMs: number): number {
    const fact = this.#facts.get(key);
    return fact === undefined ? Number.POSITIVE_INFINITY : nowMs - fact.learnedAtMs;
  }

  forgetAllBut(kept: ReadonlySet<Key>): void {
    for (const key of this.#facts.keys()) if (!kept.has(key)) this.#facts.delete(key);
  }
}
