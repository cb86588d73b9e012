// The words in which random worlds are described.
import type { Rng } from '../../ports/rng.ts';
import { between, pick } from '../../world/seeded-rng.ts';

export interface Dice {
  /** A whole number, both ends included. */
  whole(low: number, high: number): number;
  among<Item>(items: readonly Item[]): Item;
  /** True in so large a share of throws, from 0 to 1. */
  happens(share: number): boolean;
  /** As many as a throw between low and high says. */
  some<Item>(low: number, high: number, make: () => Item): Item[];
}

export function diceOf(rng: Rng): Dice {
  const whole = (low: number, high: number) => Math.floor(between(rng, [low, high + 1]));
  return {
    whole,
    among: (items) => pick(rng, items),
    happens: (share) => rng.next() < share,
    some: (low, high, make) => Array.from({ length: whole(low, high) }, make),
  };
}
