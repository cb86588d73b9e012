// Facts from pass to pass, folded: what holds in pass after pass is one stretch with a beginning and an end.
import { type Fact, identityOf, topicOf, worse } from './fact.ts';

/** In how many passes in a row a fact held; instants of the first and the last of them, epoch milliseconds. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly passes: number;
  readonly fact: Fact;
}

export class Timeline {
  readonly #all: Open[] = [];
  /** Those that held in the last pass, by topic. */
  #open = new Map<string, Open>();

  /** One more pass; facts that it does not have any more have ended. */
  add(at: number, facts: readonly Fact[]): void {
    const still = new Map<string, Open>();
    for (const fact of facts) {
      const [topic, identity] = [topicOf(fact), identityOf(fact)];
      if (still.has(topic)) continue;
      const known = this.#open.get(topic);
      if (known?.identity === identity) {
        known.to = at;
        known.passes += 1;
        known.fact = worse(known.fact, fact);
        still.set(topic, known);
      } else still.set(topic, this.#begin(at, identity, fact));
    }
    this.#open = still;
  }

  /** What comes next does not follow on what was: between the two instants nothing was recorded. */
  pause(from: number, to: number): void {
    this.#open = new Map();
    this.#all.push({ identity: '', from, to, passes: 0, fact: { kind: 'unrecorded' } });
  }

  /** In the order in which they began. */
  get stretches(): readonly Stretch[] {
    return this.#all.map(({ from, to, passes, fact }) => ({ from, to, passes, fact }));
  }

  #begin(at: number, identity: string, fact: Fact): Open {
    const stretch = { identity, from: at, to: at, passes: 1, fact };
    this.#all.push(stretch);
    return stretch;
  }
}

interface Open {
  readonly identity: string;
  readonly from: number;
  to: number;
  passes: number;
  fact: Fact;
}
