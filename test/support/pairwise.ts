// Combinations of factors in which every pair of values of two factors occurs together at least once. The full product
// would take hours; what goes wrong takes two things at a time, as a rule. The same seed gives the same combinations.
import type { Rng } from '../../src/ports/rng.ts';
import { pick } from '../../src/world/seeded-rng.ts';

export type Factors = Readonly<Record<string, readonly string[]>>;
export type Combination<Of extends Factors> = { readonly [Name in keyof Of]: Of[Name][number] };

/** More tries find a little fewer combinations, and take a little longer. */
const TRIES = 30;

type Values = Record<string, string>;

export function pairwise<Of extends Factors>(factors: Of, rng: Rng): Combination<Of>[] {
  const uncovered = allPairs(factors);
  const found: Values[] = [];
  while (uncovered.size > 0) {
    const tries = Array.from({ length: TRIES }, () => greedily(factors, uncovered, rng));
    const best = tries.reduce((most, next) => (gain(next, uncovered) > gain(most, uncovered) ? next : most));
    for (const key of pairsIn(best)) uncovered.delete(key);
    found.push(best);
  }
  return found as Combination<Of>[]; // each has one value of every factor
}

/** Every pair of values of two factors, as one text each. */
export function allPairs(factors: Factors): Set<string> {
  const pairs = new Set<string>();
  const names = Object.keys(factors).sort();
  for (const [at, a] of names.entries()) {
    for (const b of names.slice(at + 1)) {
      for (const left of factors[a] ?? []) for (const right of factors[b] ?? []) pairs.add(pairKey(a, left, b, right));
    }
  }
  return pairs;
}

/** The pairs that one combination, finished or not, covers. */
export function pairsIn(values: Values): string[] {
  const names = Object.keys(values).sort();
  return names.flatMap((a, at) => names.slice(at + 1).map((b) => pairKey(a, values[a] ?? '', b, values[b] ?? '')));
}

const pairKey = (a: string, left: string, b: string, right: string) => JSON.stringify({ [a]: left, [b]: right });

function greedily(factors: Factors, uncovered: ReadonlySet<string>, rng: Rng): Values {
  // It begins with a pair that is still missing, so that each combination covers one more at least.
  const values: Values = JSON.parse(pick(rng, [...uncovered]));
  for (const name of shuffled(Object.keys(factors), rng)) {
    if (values[name] !== undefined) continue;
    const options = shuffled(factors[name] ?? [], rng);
    const gains = options.map((value) => gain({ ...values, [name]: value }, uncovered));
    values[name] = options[gains.indexOf(Math.max(...gains))] ?? '';
  }
  return values;
}

function gain(values: Values, uncovered: ReadonlySet<string>): number {
  return pairsIn(values).filter((key) => uncovered.has(key)).length;
}

function shuffled<Item>(items: readonly Item[], rng: Rng): Item[] {
  return items
    .map((item) => ({ item, by: rng.next() }))
    .sort((a, b) => a.by - b.by)
    .map(({ item }) => item);
}
