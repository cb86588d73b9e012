// The characters of a pattern one by one, with what `\Q...\E` quotes marked as meaning themselves.
import type { PatternFault } from './node.ts';

export interface Unit {
  readonly character: string;
  readonly isQuoted: boolean;
  /** Where it stands in the pattern, from 0. */
  readonly offset: number;
}

export function unitsOf(pattern: string): Unit[] {
  const units: Unit[] = [];
  let isQuoted = false;
  for (let offset = 0; offset < pattern.length; offset += 1) {
    const pair = pattern.slice(offset, offset + 2);
    if (pair === (isQuoted ? '\\E' : '\\Q')) {
      isQuoted = !isQuoted;
      offset += 1;
      continue;
    }
    units.push({ character: pair.charAt(0), isQuoted, offset });
    // What follows a backslash belongs to it, so that `\\Q` is a backslash and a Q.
    if (pair.charAt(0) === '\\' && !isQuoted && pair.length === 2) {
      units.push({ character: pair.charAt(1), isQuoted, offset: offset + 1 });
      offset += 1;
    }
  }
  return units;
}

/** A place in the units, moving forward. */
export class UnitCursor {
  readonly #units: readonly Unit[];
  readonly #end: number;
  #at = 0;

  constructor(pattern: string) {
    this.#units = unitsOf(pattern);
    this.#end = pattern.length;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#units.length;
  }

  get offset(): number {
    return this.#units[this.#at]?.offset ?? this.#end;
  }

  /** Whether this text stands here and means something (is not quoted). */
  sees(text: string): boolean {
    return [...text].every((character, index) => {
      const unit = this.#units[this.#at + index];
      return unit !== undefined && !unit.isQuoted && unit.character === character;
    });
  }

  take(text: string): boolean {
    if (!this.sees(text)) return false;
    this.#at += text.length;
    return true;
  }

  /** The next character, quoted or not. @throws PatternProblem at the end */
  next(expected: string): Unit {
    const unit = this.#units[this.#at];
    if (unit === undefined) throw new PatternProblem({ offset: this.#end, why: `expected ${expected}` });
    this.#at += 1;
    return unit;
  }

  /** The characters from here on that the pattern (anchored, unquoted) takes; empty when there are none. */
  takeWhile(test: RegExp): string {
    let taken = '';
    for (let unit = this.#units[this.#at]; unit !== undefined; unit = this.#units[this.#at]) {
      if (unit.isQuoted || !test.test(unit.character)) break;
      taken += unit.character;
      this.#at += 1;
    }
    return taken;
  }
}

/** Thrown inside this folder only: `readPattern` returns the fault. */
export class PatternProblem extends Error {
  readonly fault: PatternFault;

  constructor(fault: PatternFault) {
    super(fault.why);
    this.fault = fault;
  }
}
