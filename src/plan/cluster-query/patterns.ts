// The patterns of `=~`, which ECS takes as Java's regular expressions: they are answered by RE2.
//
// Constraints are written by whoever deploys a service, and `(a|a)*b` would keep a backtracking engine busy past the end
// of the universe on a value of ECS's 128 characters. RE2 needs a time linear in the value, and so it lacks what cannot
// be had in such a time: look-around, back references, possessive quantifiers, atomic groups; it also lacks some of
// Java's names for classes. A service with such a constraint is set aside by name. https://github.com/google/re2/wiki/Syntax
import { RE2JS, RE2JSSyntaxException } from 're2js';
import { remembered } from './remembered.ts';

export interface Pattern {
  /** Whether it matches the value as a whole. */
  matches(value: string): boolean;
}

/** Why a pattern cannot be used. */
export interface PatternFault {
  readonly why: string;
}

/** What to match values with, or what is wrong with the text. */
export const patternOf = remembered((text): Pattern | PatternFault => {
  if (READ_OTHERWISE.test(text.replace(LITERAL, '_'))) return { why: 'RE2 would read it otherwise than Java' };
  try {
    const pattern = RE2JS.compile(text);
    return pattern.programSize() > MAX_SIZE ? { why: 'it repeats too much' } : pattern;
  } catch (error) {
    if (error instanceof RE2JSSyntaxException) return { why: reasonOf(error) };
    throw error;
  }
});

/** Quotations and escaped backslashes: what looks like syntax in them is none. */
const LITERAL = /\\Q.*?(?:\\E|$)|\\\\/gs;

/** Octal codes, `\b{g}`, `{01}`, and classes within classes or intersections of them: RE2 takes most for single characters. */
const READ_OTHERWISE = /\\0|\\b\{|\{(?:\d+,)?0\d|(?<!\\)\[\^?\]?(?:\\.|(?!&&)[^[\]\\])*(?:\[|&&)/s;

/** No text of 2,000 characters comes to more but by counts like `{900}`; bounds a match to some tens of milliseconds. */
const MAX_SIZE = 3_000;

/** What Java has and RE2 has not, by the part of a pattern at which RE2 stops. */
const MISSING: readonly (readonly [part: RegExp, name: string])[] = [
  [/^\(\?<?[=!]/, 'look-around is'],
  [/^\(\?>/, 'an atomic group is'],
  [/[*+?}]\+$/, 'a possessive quantifier is'],
  [/^\\[1-9k]/, 'a back reference is'],
  [/^\\p/i, 'this property is'],
];

function reasonOf(error: RE2JSSyntaxException): string {
  const part = error.getPattern() ?? '';
  const missing = MISSING.find(([form]) => form.test(part))?.[1];
  const reason = missing === undefined ? error.getDescription() : `${missing} not supported`;
  // A longer part is all the rest of the pattern, which the report shows anyway.
  return part === '' || part.length > 20 ? reason : `${reason}: ${part}`;
}
