import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { letterOf, listed, section, wrap } from '../../src/cli/layout.ts';

const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1, maxLength: 40 });

describe('a wrapped text', () => {
  it('keeps every word, in order', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 1, max: 120 }), fc.integer({ min: 0, max: 8 }), (given, width, hanging) => {
        expect(
          wrap(given.join(' '), width, hanging)
            .split(/\s+/)
            .filter((word) => word !== ''),
        ).toEqual(given);
      }),
    );
  });

  it('has no line longer than its width, unless that is one word', () => {
    fc.assert(
      fc.property(words, fc.integer({ min: 10, max: 120 }), (given, width) => {
        for (const line of wrap(given.join(' '), width, 2).split('\n')) {
          expect(line.length <= width || !line.trim().includes(' ')).toBe(true);
        }
      }),
    );
  });

  it('keeps its own indent, and has another from the second line on', () => {
    expect(wrap('  one two three', 9, 4)).toBe('  one two\n    three');
  });

  it('is never wider than a page, however wide the terminal', () => {
    expect(wrap('word '.repeat(60).trim(), 500).split('\n')[0]?.length).toBe(99);
  });
});

describe('a list in a sentence', () => {
  it('ends with how many more there are', () => {
    expect(listed(['a', 'b', 'c', 'd'], 2)).toBe('a, b and 2 more');
    expect(listed(['a', 'b'], 2)).toBe('a, b');
  });
});

describe('a section', () => {
  it('without lines is nothing', () => {
    expect(section('Head', [], 80)).toBe('');
  });

  it('of many lines shows the first and counts the others', () => {
    expect(section('Head', ['a', 'b', 'c'], 80, 2)).toBe('Head\n  a\n  b\n  and 1 more; --json has them all');
  });
});

describe('letters', () => {
  it('go on after Z', () => {
    expect([0, 25, 26, 27, 51, 52, 701, 702].map(letterOf)).toEqual(['A', 'Z', 'AA', 'AB', 'AZ', 'BA', 'ZZ', 'AAA']);
  });
});
