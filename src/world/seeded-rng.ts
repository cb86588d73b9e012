import type { Rng } from '../ports/rng.ts';

/** A small seeded generator (mulberry32, public domain, by Tommy Ettinger): the same seed gives the same world. */
export function seededRng(seed: number): Rng {
  let state = seed >>> 0;
  return {
    next() {
      state = (state + 0x6d2b79f5) >>> 0;
      let mixed = Math.imul(state ^ (state >>> 15), state | 1);
      mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
      return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
    },
  };
}

/** A number between low and high, evenly. */
export function between(rng: Rng, [low, high]: readonly [number, number]): number {
  return low + rng.next() * (high - low);
}

/** One of the items; throws on an empty list. */
export function pick<Item>(rng: Rng, items: readonly Item[]): Item {
  const item = items[Math.floor(rng.next() * items.length)];
  if (item === undefined) throw new RangeError('nothing to pick from');
  return item;
}
