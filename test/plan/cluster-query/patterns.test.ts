import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { patternOf } from '../../../src/plan/cluster-query/patterns.ts';
import { patterns } from '../../support/cluster-queries.ts';

function matches(text: string, value: string): boolean {
  const pattern = patternOf(text);
  if ('why' in pattern) throw new Error(pattern.why);
  return pattern.matches(value);
}

describe('a Java pattern', () => {
  const table: readonly (readonly [pattern: string, matching: readonly string[], other: readonly string[]])[] = [
    ['m5.*', ['m5.large', 'm5'], ['am5.large', 'm']],
    ['m5\\..*', ['m5.large'], ['m5a.large']],
    ['[cm]5d?\\.x?large', ['c5.large', 'm5d.xlarge'], ['r5.large', 'c5.2xlarge']],
    ['^(c|m)5\\.(large|xlarge)$', ['c5.large', 'm5.xlarge'], ['c5.largexlarge']],
    ['(?i)M5\\.LARGE', ['m5.large', 'M5.Large'], ['m6.large']],
    ['m(?i:A)x', ['mAx', 'max'], ['MAX']],
    ['(?i)m(?-i)A', ['MA', 'mA'], ['ma']],
    ['a{2}', ['aa'], ['a', 'aaa']],
    ['a{2,}', ['aa', 'aaaa'], ['a']],
    ['a{1,2}b', ['ab', 'aab'], ['aaab']],
    ['a*?b+?c??', ['b', 'aabbc'], ['ac']],
    ['\\Qm5.\\Elarge', ['m5.large'], ['m5xlarge']],
    ['\\Qa', ['a'], ['b']],
    ['\\A\\w+\\z', ['m5_A'], ['m5.large']],
    ['a\\b.b\\B.', ['a.bb'], ['aabb', 'a.b.']],
    ['\\p{L}\\pN\\P{Lu}', ['a1b'], ['a1B', 'aab']],
    ['[\\[\\]]+', ['[]'], ['a']],
    ['a&&b', ['a&&b'], ['a']],
    ['\\Q[a[b]]\\E', ['[a[b]]'], ['a']],
    ['\\\\Q[a]', ['\\Qa'], ['[a]']],
    ['[]a-]+', [']a-'], ['b']],
    ['[\\d\\-.]+', ['1-2.3'], ['a']],
    ['\\x61\\x{64}', ['ad'], ['ax']],
    ['\\s\\S\\t', [' a\t'], ['aaa']],
    ['(?<family>m5)\\..*', ['m5.large'], ['c5.large']],
    ['a||b', ['', 'a', 'b'], ['ab']],
    ['', [''], ['a']],
    ['(a*)*b', ['aab', 'b'], ['aa']],
  ];

  it.each(table)('%s matches as a whole', (pattern, matching, other) => {
    expect(matching.filter((value) => !matches(pattern, value))).toEqual([]);
    expect(other.filter((value) => matches(pattern, value))).toEqual([]);
  });
});

describe('a pattern is refused that', () => {
  const OTHERWISE = 'RE2 would read it otherwise than Java';

  it.each([
    ['looks ahead', '(?!t2).*', 'look-around is not supported: (?!'],
    ['looks behind', '.*(?<!metal)', 'look-around is not supported: (?<!metal)'],
    ['looks behind, far from its end', '(?<!metal)......................', 'look-around is not supported'],
    ['refers to a group', '(a)\\1', 'a back reference is not supported: \\1'],
    ['refers to a named group', '(?<a>b)\\k<a>', 'a back reference is not supported: \\k'],
    ['has a possessive star', '[^x]*+x', 'a possessive quantifier is not supported: *+'],
    ['has a possessive count', 'a{2}+', 'a possessive quantifier is not supported: {2}+'],
    ['has an atomic group', '(?>a|ab)c', 'an atomic group is not supported: (?>'],
    ['names a class as only Java does', '\\p{Alpha}+', 'this property is not supported: \\p{Alpha}'],
    ['intersects classes', '[a-c&&[^b]]+', OTHERWISE],
    ['intersects characters', '[a\\]&&b]', OTHERWISE],
    ['unites classes', 'x[]a-c[x-z]]+', OTHERWISE],
    ['has an octal code', '[\\0101]', OTHERWISE],
    ['counts with leading zeros', 'a{1,02}', OTHERWISE],
    ['counts graphemes', 'a\\b{g}', OTHERWISE],
    ['does not close a group', '(a', 'missing closing ): (a'],
    ['closes no group', 'a)', 'unexpected ): a)'],
    ['does not close a class', '[a', 'missing closing ]: [a'],
    ['ends a range before its start', '[b-a]', 'invalid character class range: b-a'],
    ['repeats nothing', '*a', 'missing argument to repetition operator: *'],
    ['ends in a backslash', 'a\\', 'trailing backslash at end of expression'],
    ['repeats more often than RE2 counts', 'a{5000}', 'invalid repeat count: {5000}'],
    ['repeats too much in sum', 'a{900}b{900}c{900}d{900}', 'it repeats too much'],
    ['nests too deeply', `${'('.repeat(1_001)}${')'.repeat(1_001)}`, 'expression nests too deeply'],
  ])('%s', (_what, text, why) => {
    expect(patternOf(text)).toEqual({ why });
  });
});

describe('matching', () => {
  const values = fc.string({ unit: fc.constantFrom('a', 'b', '5', '.', '-'), maxLength: 6 });

  it.each([
    ['(a|a)*b', 'a'.repeat(128)],
    ['(a+)+b', 'a'.repeat(255)],
    ['(.*.*.*)*x', 'a'.repeat(255)],
    ['((a*)*)*b', 'a'.repeat(255)],
  ])('%s is answered though it would backtrack for ever', (text, value) => {
    expect(matches(text, value)).toBe(false);
  });

  it.each(['a', '()', '(|)', '[ab]?', '(a*)*'])('%s over all of an expression is not too much', (part) => {
    const length = 2_000 - 'attribute:a =~ '.length;
    expect(patternOf(part.repeat(length / part.length))).toHaveProperty('matches');
  });

  const signs = fc.constantFrom(
    ...'ab5.*+?|()[]{}^$-,&:=!<>\\QEbdpPAz0x',
    '(?i)',
    '(?:',
    '(?<',
    '{2}',
    '\\p{L}',
    '\u{1f600}',
  );

  it('answers or names a fault, whatever the pattern', () => {
    fc.assert(
      fc.property(fc.string({ unit: signs, maxLength: 20 }), values, (text, value) => {
        const pattern = patternOf(text);
        expect('why' in pattern ? typeof pattern.why : typeof pattern.matches(value)).toMatch(/^(?:string|boolean)$/);
        expect('why' in pattern && pattern.why).not.toBe('');
      }),
      { numRuns: 5_000 },
    );
  });

  // Where the languages mean the same, JavaScript's own engine is the judge.
  it('agrees with JavaScript where the languages agree', () => {
    fc.assert(
      fc.property(patterns, fc.array(values, { minLength: 5, maxLength: 5 }), (pattern, all) => {
        const judge = new RegExp(`^(?:${pattern})$`);
        for (const value of all) expect([value, matches(pattern, value)]).toEqual([value, judge.test(value)]);
      }),
      { numRuns: 2_000 },
    );
  });
});
