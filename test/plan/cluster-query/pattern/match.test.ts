import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compilePattern, matchesWhole } from '../../../../src/plan/cluster-query/pattern/match.ts';

function matches(pattern: string, value: string): boolean | null {
  const compiled = compilePattern(pattern);
  if ('why' in compiled) throw new Error(compiled.why);
  return matchesWhole(compiled, value);
}

function whyNot(pattern: string): unknown {
  const compiled = compilePattern(pattern);
  return 'why' in compiled ? compiled : null;
}

describe('a Java pattern', () => {
  const table: readonly (readonly [pattern: string, matching: readonly string[], other: readonly string[]])[] = [
    ['m5.*', ['m5.large', 'm5'], ['am5.large', 'm']],
    ['m5\\..*', ['m5.large'], ['m5a.large']],
    ['[cm]5d?\\.x?large', ['c5.large', 'm5d.xlarge'], ['r5.large', 'c5.2xlarge']],
    ['^(c|m)5\\.(large|xlarge)$', ['c5.large', 'm5.xlarge'], ['c5.largexlarge']],
    ['(?!t2).*', ['m5.large', ''], ['t2.micro']],
    ['.*(?<!metal)', ['m5.large'], ['m5.metal']],
    ['.*(?<=\\.x)large', ['m5.xlarge'], ['m5.large']],
    ['(?=.*\\d)m.*', ['m5.large'], ['metal']],
    ['(?i)M5\\.LARGE', ['m5.large', 'M5.Large'], ['m6.large']],
    ['m(?i:A)x', ['mAx', 'max'], ['MAX']],
    ['(?i)m(?-i)A', ['MA', 'mA'], ['ma']],
    ['a{2}', ['aa'], ['a', 'aaa']],
    ['a{2,}', ['aa', 'aaaa'], ['a']],
    ['a{1,2}b', ['ab', 'aab'], ['aaab']],
    ['a*?b+?c??', ['b', 'aabbc'], ['ac']],
    ['.*+x', [], ['x', 'ax']],
    ['[^x]*+x', ['x', 'ax'], ['xx']],
    ['(?>a|ab)c', ['ac'], ['abc']],
    ['\\Qm5.\\Elarge', ['m5.large'], ['m5xlarge']],
    ['\\Qa', ['a'], ['b']],
    ['\\A\\w+\\z', ['m5_A'], ['m5.large']],
    ['a\\b.b\\B.', ['a.bb'], ['aabb', 'a.b.']],
    ['\\p{Alpha}\\p{Digit}\\P{Alnum}.*', ['m5.large'], ['55.large']],
    ['\\p{Lower}\\p{Upper}\\p{Punct}\\p{XDigit}', ['aB-f'], ['Ab-f', 'aB-g']],
    ['(?i)\\p{Lower}\\p{Lu}', ['Aa'], ['1a']],
    ['\\p{L}\\p{IsAlphabetic}\\pN', ['ab1'], ['a11']],
    ['[a-c&&[^b]]+', ['ac'], ['ab']],
    ['[a-c[x-z]]+', ['ay'], ['am']],
    ['[^a[b]]', ['c'], ['a', 'b']],
    ['[]a-]+', [']a-'], ['b']],
    ['[\\d\\-.]+', ['1-2.3'], ['a']],
    ['\\x61\\u0062\\0143\\x{64}', ['abcd'], ['abcx']],
    ['\\s\\S\\h\\t', [' a\t\t'], ['aaaa']],
    ['(?<family>m5)\\..*', ['m5.large'], ['c5.large']],
    ['a||b', ['', 'a', 'b'], ['ab']],
    ['', [''], ['a']],
    ['(?:(?=(?:(?=[ab]).)*c).)*c', ['aabc', 'c'], ['aab', 'aacb']],
    ['(a*)*b', ['aab', 'b'], ['aa']],
  ];

  it.each(table)('%s matches as a whole', (pattern, matching, other) => {
    expect(matching.filter((value) => matches(pattern, value) !== true)).toEqual([]);
    expect(other.filter((value) => matches(pattern, value) !== false)).toEqual([]);
  });
});

describe('a pattern is refused, with its place and why', () => {
  it.each([
    ['(a', 2, 'a group is not closed'],
    ['a)', 1, '")" closes no group'],
    ['[a', 2, 'expected "]"'],
    ['[b-a]', 4, 'a range of characters ends before its start'],
    ['[a&&]', 5, 'an intersection has an empty side'],
    ['*a', 0, 'nothing to repeat'],
    ['a**', 2, 'nothing to repeat'],
    ['a{', 2, 'expected a number of repetitions'],
    ['a{2,1}', 5, 'a repetition ends below its start'],
    ['a{2', 3, 'a repetition is not closed'],
    ['a{5000}', 6, 'more than 1000 repetitions'],
    ['a\\', 2, 'expected a character after "\\"'],
    ['(a)\\1', 4, 'back references are not supported'],
    ['\\k<a>', 1, 'back references are not supported'],
    ['\\G', 1, '\\G is not supported'],
    ['\\p{Greek', 8, 'a property is not closed'],
    ['\\p{constructor}', 2, 'the property "constructor" is not supported'],
    ['(?x)a', 3, 'the flag x is not supported'],
    ['(?y)a', 2, 'expected flags, ":" or ")"'],
    ['(?<1>a)', 4, 'expected the name of a group'],
    ['\\xg1', 2, 'expected a hexadecimal digit'],
    [`${'('.repeat(51)}${')'.repeat(51)}`, 51, 'groups are nested deeper than 50'],
    ['(a{1000}){1000}', 0, 'it repeats too much to be matched'],
  ])('%s', (pattern, offset, why) => {
    expect(whyNot(pattern)).toEqual({ offset, why });
  });
});

describe('matching', () => {
  it.each([
    ['(a|a)*b', 'a'.repeat(128)],
    ['(a+)+b', 'a'.repeat(255)],
    ['(.*.*.*)*x', 'a'.repeat(255)],
    ['((a*)*)*b', 'a'.repeat(255)],
  ])('%s is answered though it would backtrack for ever', (pattern, value) => {
    expect(matches(pattern, value)).toBe(false);
  });

  it('gives up on a pattern that looks behind from everywhere to everywhere', () => {
    expect(matches('(?:(?<!(?:a|b){0,300}x).)*', 'a'.repeat(255))).toBeNull();
  });

  it('gives up on a value longer than any of ECS', () => {
    expect(matches('.*', 'a'.repeat(2_000))).toBeNull();
  });

  // Where both languages agree on the meaning, JavaScript's own engine is the judge.
  const atoms = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\d', '\\w', '\\W', '\\.', '^', '$', '\\b', '5');
  const repeats = fc.constantFrom('', '', '', '*', '+', '?', '*?', '+?', '??', '{2}', '{0,1}', '{1,}');
  const { patterns } = fc.letrec<{ patterns: string }>((tie) => ({
    patterns: fc.oneof(
      { maxDepth: 3 },
      fc.tuple(atoms, repeats).map(([atom, repeat]) => (/^[\^$]|\\b/.test(atom) ? atom : atom + repeat)),
      fc.array(tie('patterns'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('')),
      fc
        .tuple(
          fc.constantFrom('(', '(?:', '(?=', '(?!', '(?<=', '(?<!'),
          tie('patterns'),
          tie('patterns'),
          fc.boolean(),
          repeats,
        )
        .map(
          ([open, left, right, isChoice, repeat]) =>
            `${open}${isChoice ? `${left}|${right}` : left})${open === '(' || open === '(?:' ? repeat : ''}`,
        ),
    ),
  }));
  const values = fc.string({ unit: fc.constantFrom('a', 'b', '5', '.', '-'), maxLength: 6 });

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
