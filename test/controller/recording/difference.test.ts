import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applied, type Change, difference, type Json } from '../../../src/controller/recording/difference.ts';

/** Data that has been through text, as what is recorded has. */
const json = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value)) as Json);

/** Lists of a few different items, so that many stay, move, repeat and go. */
const few = fc.array(fc.constantFrom<Json>({ id: 'a' }, { id: 'b', on: 1 }, { id: 'c' }, 7, null, ['x']), {
  maxLength: 12,
});

/** Objects of a few keys in any order, among them what objects inherit. */
const object = fc
  .uniqueArray(fc.constantFrom('a', 'b', '1', '0', 'toString', '__proto__'), { maxLength: 6 })
  .chain((keys) => fc.tuple(...keys.map((key) => few.map((value): [string, Json] => [key, value]))))
  .map((entries): Json => Object.fromEntries(entries));

const text = (value: Json): string => JSON.stringify(value);
/** As it is read back. */
const carried = (change: Change | null): Change | null => JSON.parse(JSON.stringify(change));

describe('a change', () => {
  it.each([
    ['any two values', fc.tuple(json, json)],
    ['two lists of the same few items', fc.tuple(few, few)],
    ['two objects of the same few keys', fc.tuple(object, object)],
    ['the same with one inside the other', fc.tuple(object, object).map(([a, b]) => [{ in: a }, { in: b }])],
  ])('makes the next of the one before, to the last character, for %s', (_, pairs) => {
    fc.assert(
      fc.property(pairs, ([before, after]) => {
        if (before === undefined || after === undefined) throw new Error('a pair is of two');
        expect(text(applied(carried(difference(before, after)), before))).toBe(text(after));
      }),
      { numRuns: 500 },
    );
  });

  it('is none where both say the same', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(difference(value, JSON.parse(text(value)))).toBeNull();
      }),
    );
  });

  it('names only what is new in a long list', () => {
    const before = Array.from({ length: 1_000 }, (_, id) => ({ id, standing: 'serving' }));
    const after = before
      .filter(({ id }) => id !== 3)
      .map((item) => (item.id === 500 ? { id: 500, standing: 'noticed' } : item));
    expect(difference(before, after)).toEqual({
      list: [
        { from: 0, count: 3 },
        { from: 4, count: 496 },
        { items: [{ id: 500, standing: 'noticed' }] },
        { from: 501, count: 499 },
      ],
    });
  });

  it('names only the keys that changed', () => {
    expect(difference({ a: { x: 1, y: 2 }, b: 3, c: 4 }, { a: { x: 1, y: 5 }, b: 3, d: 6 })).toEqual({
      keys: { a: { keys: { y: { is: 5 } } }, d: { is: 6 } },
      gone: ['c'],
    });
  });

  it('of something else is not applied', () => {
    expect(() => applied({ list: [{ from: 0, count: 1 }] }, {})).toThrow(TypeError);
    expect(() => applied({ keys: {} }, [])).toThrow(TypeError);
  });
});
