// Who is read next, when not everyone can be: those a decision needs, and always some of those unseen for longest, so
// that nobody waits for ever however many are needed.
import type { Clock } from '../../ports/clock.ts';

/** Of the places of a pass this part, 1 in 4, belongs to the longest unseen. */
const SURE_PART = 4;

export class Rotation<Id> {
  readonly #clock: Clock;
  /** When each was seen, by the monotonic clock. Iterates in the order of insertion: the longest unseen first. */
  readonly #queue = new Map<Id, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Was read now, perhaps for the first time. */
  seen(id: Id): void {
    this.#queue.delete(id);
    this.#queue.set(id, this.#clock.monotonicMs());
  }

  /** How many have not been read since that instant. */
  unseenSince(sinceMs: number): number {
    let count = 0;
    for (const seenAtMs of this.#queue.values()) {
      if (seenAtMs >= sinceMs) break;
      count += 1;
    }
    return count;
  }

  forget(id: Id): void {
    this.#queue.delete(id);
  }

  /**
   * At most `most` to read now: of `first` as many as fit into three quarters of the places, in its order, then the
   * longest unseen. Each is then to be reported as seen, or to be forgotten; with n of them in all nobody waits for
   * more than n / ceil(most / 4) passes.
   */
  next(most: number, first: Iterable<Id> = []): Id[] {
    const chosen = new Set<Id>();
    const mostFirst = most - Math.ceil(most / SURE_PART);
    for (const id of first) {
      if (chosen.size >= mostFirst) break;
      if (this.#queue.has(id)) chosen.add(id);
    }
    for (const id of this.#queue.keys()) {
      if (chosen.size >= most) break;
      chosen.add(id);
    }
    return [...chosen];
  }
}
