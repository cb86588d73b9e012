// The patterns of `=~` by their text, compiled once.
import { compilePattern, type Pattern } from './pattern/match.ts';
import type { PatternFault } from './pattern/node.ts';

/** What to match values with, or what is wrong with the text. */
export function patternOf(text: string): Pattern | PatternFault {
  const known = memo.get(text);
  if (known !== undefined) return known;
  // As for expressions: more than this are texts of services that are gone.
  if (memo.size >= MEMO_SIZE) memo.clear();
  const fresh = compilePattern(text);
  memo.set(text, fresh);
  return fresh;
}

const memo = new Map<string, Pattern | PatternFault>();
const MEMO_SIZE = 10_000;
