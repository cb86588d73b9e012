// Reads a Java regular expression: groups, quantifiers, assertions. What depends on captured text (back references) and
// what nobody matches instances with (`\G`, `\X`, comments) it refuses by name.
// https://docs.oracle.com/en/java/javase/17/docs/api/java.base/java/util/regex/Pattern.html
import { ANY, type CharSet, range } from './char-set.ts';
import { bracketed, escaped } from './classes.ts';
import type { Edge, Node, PatternFault } from './node.ts';
import { PatternProblem, UnitCursor } from './unit.ts';

/** The pattern as a tree, or what is wrong with it. */
export function readPattern(pattern: string): Node | PatternFault {
  try {
    return new Reader(pattern).whole();
  } catch (error) {
    if (error instanceof PatternProblem) return error.fault;
    throw error;
  }
}

/** Groups in groups; deeper than this is nobody's pattern. */
const MAX_DEPTH = 50;
/** Java's own limit is higher, but a repetition is written out when it is compiled. */
const MAX_COUNT = 1_000;

const EDGES: Readonly<Record<string, Edge>> = { A: 'start', z: 'end', Z: 'end', b: 'word', B: 'inside' };

class Reader {
  readonly #cursor: UnitCursor;
  #ignoresCase = false;
  #depth = 0;

  constructor(pattern: string) {
    this.#cursor = new UnitCursor(pattern);
  }

  whole(): Node {
    const node = this.#choice();
    if (!this.#cursor.isAtEnd) throw this.#problem('")" closes no group');
    return node;
  }

  #choice(): Node {
    // A flag set inside a group ends with the group.
    const ignoredCase = this.#ignoresCase;
    const options = [this.#sequence()];
    while (this.#cursor.take('|')) options.push(this.#sequence());
    this.#ignoresCase = ignoredCase;
    const [only] = options;
    return only !== undefined && options.length === 1 ? only : { kind: 'choice', options };
  }

  #sequence(): Node {
    const parts: Node[] = [];
    while (!this.#cursor.isAtEnd && !this.#cursor.sees('|') && !this.#cursor.sees(')')) {
      const atom = this.#atom();
      // Flags alone are no part of what is matched.
      if (atom !== null) parts.push(this.#quantified(atom));
    }
    return { kind: 'sequence', parts };
  }

  #atom(): Node | null {
    const cursor = this.#cursor;
    if (cursor.take('(')) return this.#group();
    if (cursor.take('[')) return character(bracketed(cursor, this.#ignoresCase));
    if (cursor.take('.')) return character(ANY);
    // Values hold no line ends, so whether `^` and `$` mean lines does not matter.
    if (cursor.take('^')) return { kind: 'edge', edge: 'start' };
    if (cursor.take('$')) return { kind: 'edge', edge: 'end' };
    if (['*', '+', '?', '{'].some((sign) => cursor.sees(sign))) throw this.#problem('nothing to repeat');
    if (cursor.sees('\\')) return this.#escape();
    const code = cursor.next('a character').character.charCodeAt(0);
    return character(range(code, code, this.#ignoresCase));
  }

  #escape(): Node {
    const cursor = this.#cursor;
    for (const [letter, edge] of Object.entries(EDGES)) {
      if (!cursor.take(`\\${letter}`)) continue;
      if (letter === 'b' && cursor.sees('{')) throw this.#problem('\\b{...} is not supported');
      return { kind: 'edge', edge };
    }
    return character(escaped(cursor, this.#ignoresCase));
  }

  #group(): Node | null {
    const cursor = this.#cursor;
    if (this.#depth >= MAX_DEPTH) throw this.#problem(`groups are nested deeper than ${MAX_DEPTH}`);
    if (!cursor.take('?')) return this.#rest((node) => node);
    if (cursor.take(':')) return this.#rest((node) => node);
    if (cursor.take('>')) return this.#rest((node) => ({ kind: 'atomic', node }));
    for (const [sign, isBehind, isNegated] of LOOKS) {
      if (cursor.take(sign)) return this.#rest((node) => ({ kind: 'look', node, isBehind, isNegated }));
    }
    if (cursor.take('<')) {
      this.#groupName();
      return this.#rest((node) => node);
    }
    return this.#flags();
  }

  /** What is left of a group, and its closing parenthesis. */
  #rest(wrapped: (node: Node) => Node): Node {
    this.#depth += 1;
    const node = this.#choice();
    this.#depth -= 1;
    if (!this.#cursor.take(')')) throw this.#problem('a group is not closed');
    return wrapped(node);
  }

  #groupName(): void {
    const name = this.#cursor.takeWhile(/^[A-Za-z0-9]$/);
    if (!/^[A-Za-z]/.test(name) || !this.#cursor.take('>')) throw this.#problem('expected the name of a group');
  }

  /** `(?i)` until the end of the group, `(?i:...)` for its own. */
  #flags(): Node | null {
    const outside = this.#ignoresCase;
    const on = this.#cursor.takeWhile(FLAG);
    const off = this.#cursor.take('-') ? this.#cursor.takeWhile(FLAG) : '';
    if (on.includes('x')) throw this.#problem('the flag x is not supported');
    this.#ignoresCase = (outside || on.includes('i')) && !off.includes('i');
    if (this.#cursor.take(')')) return null;
    if (!this.#cursor.take(':')) throw this.#problem('expected flags, ":" or ")"');
    const node = this.#rest((inner) => inner);
    this.#ignoresCase = outside;
    return node;
  }

  #quantified(node: Node): Node {
    const cursor = this.#cursor;
    const bounds = this.#bounds();
    if (bounds === null) return node;
    const isLazy = cursor.take('?');
    const repeat: Node = { kind: 'repeat', node, ...bounds, isLazy };
    const isPossessive = !isLazy && cursor.take('+');
    if (['*', '+', '?', '{'].some((sign) => cursor.sees(sign))) throw this.#problem('nothing to repeat');
    return isPossessive ? { kind: 'atomic', node: repeat } : repeat;
  }

  #bounds(): { min: number; max: number } | null {
    const cursor = this.#cursor;
    if (cursor.take('*')) return { min: 0, max: Number.POSITIVE_INFINITY };
    if (cursor.take('+')) return { min: 1, max: Number.POSITIVE_INFINITY };
    if (cursor.take('?')) return { min: 0, max: 1 };
    if (!cursor.take('{')) return null;
    const min = this.#count();
    const max = cursor.take(',') ? (cursor.sees('}') ? Number.POSITIVE_INFINITY : this.#count()) : min;
    if (max < min) throw this.#problem('a repetition ends below its start');
    if (!cursor.take('}')) throw this.#problem('a repetition is not closed');
    return { min, max };
  }

  #count(): number {
    const digits = this.#cursor.takeWhile(/^[0-9]$/);
    if (digits === '') throw this.#problem('expected a number of repetitions');
    if (Number(digits) > MAX_COUNT) throw this.#problem(`more than ${MAX_COUNT} repetitions`);
    return Number(digits);
  }

  #problem(why: string): PatternProblem {
    return new PatternProblem({ offset: this.#cursor.offset, why });
  }
}

const FLAG = /^[idmsuxU]$/;

const LOOKS: readonly (readonly [sign: string, isBehind: boolean, isNegated: boolean])[] = [
  ['=', false, false],
  ['!', false, true],
  ['<=', true, false],
  ['<!', true, true],
];

function character(set: CharSet): Node {
  return { kind: 'character', set };
}
