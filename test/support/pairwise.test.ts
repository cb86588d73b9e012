import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRng } from '../../src/world/seeded-rng.ts';
import { allPairs, pairsIn, pairwise } from './pairwise.ts';

const someFactors = fc
  .array(fc.integer({ min: 1, max: 5 }), { minLength: 2, maxLength: 5 })
  .map((sizes) =>
    Object.fromEntries(
      sizes.map((size, at) => [`f${at}`, Array.from({ length: size }, (_, value) => `value ${value}`)]),
    ),
  );

describe('pairwise combinations', () => {
  it('hold every pair of values of two factors, and one value of every factor', () => {
    fc.assert(
      fc.property(someFactors, fc.nat(), (factors, seed) => {
        const found = pairwise(factors, seededRng(seed));
        expect(new Set(found.flatMap((values) => pairsIn(values)))).toEqual(allPairs(factors));
        for (const values of found) expect(Object.keys(values).sort()).toEqual(Object.keys(factors).sort());
      }),
      { numRuns: 30 },
    );
  });

  it('are far fewer than the product', () => {
    const ten = Array.from({ length: 10 }, (_, at) => `v${at}`);
    expect(pairwise({ a: ten, b: ten, c: ten }, seededRng(1)).length).toBeLessThan(150);
  });
});
