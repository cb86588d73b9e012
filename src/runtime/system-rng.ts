import type { Rng } from '../ports/rng.ts';

/** Unseeded randomness, for jitter in production. Nothing that must be replayed may use it. */
export const systemRng: Rng = { next: () => Math.random() };
