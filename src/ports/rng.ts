/** Randomness as an argument, so that a seed replays a run. */
export interface Rng {
  /** A number in [0, 1). */
  next(): number;
}
