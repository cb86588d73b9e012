// Reads the parts of a Java regular expression that stand for one character: `[...]` with unions and intersections, and
// what a backslash makes of the letter behind it.
import { both, type CharSet, either, noneOf, property, range, shorthand } from './char-set.ts';
import { PatternProblem, type UnitCursor } from './unit.ts';

/** A class whose opening bracket has been taken. @throws PatternProblem */
export function bracketed(cursor: UnitCursor, ignoresCase: boolean, depth = 0): CharSet {
  if (depth > MAX_DEPTH) throw problem(cursor, `classes are nested deeper than ${MAX_DEPTH}`);
  const isNegated = cursor.take('^');
  const operands: CharSet[][] = [[]];
  // A closing bracket right at the start is one of the characters.
  for (let isFirst = true; isFirst || !cursor.sees(']'); isFirst = false) {
    if (cursor.take('&&')) operands.push([]);
    else operands.at(-1)?.push(member(cursor, ignoresCase, depth));
  }
  cursor.take(']');
  if (operands.some((sets) => sets.length === 0)) throw problem(cursor, 'an intersection has an empty side');
  const set = both(operands.map(either));
  return isNegated ? noneOf(set) : set;
}

/** What a backslash stands for, outside of a class. @throws PatternProblem */
export function escaped(cursor: UnitCursor, ignoresCase: boolean): CharSet {
  const one = escapedOne(cursor, ignoresCase);
  return typeof one === 'number' ? range(one, one, ignoresCase) : one;
}

const MAX_DEPTH = 20;

/** One character, a range of them, or a class within the class. */
function member(cursor: UnitCursor, ignoresCase: boolean, depth: number): CharSet {
  if (cursor.take('[')) return bracketed(cursor, ignoresCase, depth + 1);
  const first = characterOrSet(cursor, ignoresCase);
  if (typeof first !== 'number') return first;
  if (!cursor.sees('-') || cursor.sees('-]') || cursor.sees('-[')) return range(first, first, ignoresCase);
  cursor.take('-');
  const last = characterOrSet(cursor, ignoresCase);
  if (typeof last !== 'number' || last < first) throw problem(cursor, 'a range of characters ends before its start');
  return range(first, last, ignoresCase);
}

function characterOrSet(cursor: UnitCursor, ignoresCase: boolean): number | CharSet {
  if (cursor.sees('\\')) return escapedOne(cursor, ignoresCase);
  return cursor.next('"]"').character.charCodeAt(0);
}

function escapedOne(cursor: UnitCursor, ignoresCase: boolean): number | CharSet {
  cursor.take('\\');
  const unit = cursor.next('a character after "\\"');
  const letter = unit.character;
  if (letter === 'p' || letter === 'P') return propertyOf(cursor, letter === 'P', ignoresCase);
  const set = shorthand(letter);
  if (set !== null) return set;
  const control = CONTROLS.get(letter);
  if (control !== undefined) return control;
  if (letter === 'x') return cursor.take('{') ? closed(cursor, hex(cursor, 1, 6)) : hex(cursor, 2, 2);
  if (letter === 'u') return hex(cursor, 4, 4);
  if (letter === '0') return octal(cursor);
  if (letter === 'c') return cursor.next('a control character').character.charCodeAt(0) ^ 0x40;
  if (/^[1-9k]$/.test(letter)) throw fault(unit.offset, 'back references are not supported');
  // Every other letter is reserved in Java: `\G`, `\R`, `\X`, `\N` and those without a meaning.
  if (/^[A-Za-z]$/.test(letter)) throw fault(unit.offset, `\\${letter} is not supported`);
  return letter.charCodeAt(0);
}

function propertyOf(cursor: UnitCursor, isComplement: boolean, ignoresCase: boolean): CharSet {
  const { offset } = cursor;
  const isBraced = cursor.take('{');
  const name = isBraced ? cursor.takeWhile(/^[A-Za-z0-9_=]$/) : cursor.next('a property').character;
  if (isBraced && !cursor.take('}')) throw problem(cursor, 'a property is not closed');
  const set = property(name, isComplement, ignoresCase);
  if (set === null) throw fault(offset, `the property "${name}" is not supported`);
  return set;
}

const CONTROLS: ReadonlyMap<string, number> = new Map([
  ['t', 9],
  ['n', 10],
  ['f', 12],
  ['r', 13],
  ['a', 7],
  ['e', 27],
]);

function hex(cursor: UnitCursor, least: number, most: number): number {
  let digits = '';
  while (digits.length < most && !cursor.isAtEnd && !cursor.sees('}')) {
    const { character, offset } = cursor.next('a hexadecimal digit');
    if (!/^[0-9A-Fa-f]$/.test(character)) throw fault(offset, 'expected a hexadecimal digit');
    digits += character;
  }
  if (digits.length < least) throw problem(cursor, 'expected a hexadecimal digit');
  return Number.parseInt(digits, 16);
}

function closed(cursor: UnitCursor, code: number): number {
  if (!cursor.take('}')) throw problem(cursor, 'expected "}"');
  return code;
}

/** `\0` and one to three octal digits, 0377 at most. */
function octal(cursor: UnitCursor): number {
  let code = 0;
  let digits = 0;
  for (; digits < 3 && !cursor.isAtEnd; digits += 1) {
    const digit = '01234567'.split('').find((each) => cursor.sees(each));
    if (digit === undefined || code * 8 + Number(digit) > 0o377) break;
    cursor.take(digit);
    code = code * 8 + Number(digit);
  }
  if (digits === 0) throw problem(cursor, 'expected an octal digit');
  return code;
}

function problem(cursor: UnitCursor, why: string): PatternProblem {
  return fault(cursor.offset, why);
}

function fault(offset: number, why: string): PatternProblem {
  return new PatternProblem({ offset, why });
}
