import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from '../../src/config/nearest.ts';

describe('the nearest name', () => {
  it.each([
    ['clutser', 'cluster'],
    ['Cluster', 'cluster'],
    ['shedule', 'schedule'],
    ['fleet', 'fleets'],
  ])('to %s is %s', (name, expected) => {
    expect(nearest(name, ['cluster', 'schedule', 'fleets', 'status'])).toBe(expected);
  });

  it('to a word unlike any is none', () => {
    expect(nearest('banana', ['cluster', 'schedule'])).toBeNull();
  });

  it('counts one for each letter added, dropped, changed or swapped', () => {
    expect([
      editDistance('abc', 'abcd'),
      editDistance('abc', 'ab'),
      editDistance('abc', 'axc'),
      editDistance('abc', 'acb'),
    ]).toEqual([1, 1, 1, 1]);
  });

  it('is as far from a to b as from b to a, and nowhere further than the longer word', () => {
    const property = fc.property(fc.string(), fc.string(), (a, b) => {
      const distance = editDistance(a, b);
      expect(distance).toBe(editDistance(b, a));
      expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length));
      expect(distance === 0).toBe(a === b);
    });
    fc.assert(property);
  });
});
