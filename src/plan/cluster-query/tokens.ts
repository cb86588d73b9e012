// The words of a cluster query with their places. What a character means depends on what is expected: a pattern may hold
// parentheses, a value may not, so the parser asks for the kind it wants next.
import { OPERATOR_NAMES, OPERATORS, type Operator } from './expression.ts';

/** A word and where it begins, counted from 0. */
export interface Word {
  readonly text: string;
  readonly offset: number;
}

/** A place in the text of a query, moving forward over spaces. */
export class Tokens {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#skipSpace();
  }

  /** Where the next word begins, or the end of the text. */
  get offset(): number {
    return this.#at;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** What stands here, for a message; null at the end. */
  get found(): string | null {
    if (this.isAtEnd) return null;
    return this.#seen(/[^\s()[\],]+/y) ?? this.#text.charAt(this.#at);
  }

  takeSign(sign: string): boolean {
    return this.#text.startsWith(sign, this.#at) && this.#take(sign.length);
  }

  /** `and`, `or` or `not`, in any case: AWS writes them small and says nothing about capitals. */
  takeKeyword(keyword: string): boolean {
    const word = this.#seen(/[A-Za-z_]+(?![\w.:/\\-])/y);
    return word?.toLowerCase() === keyword && this.#take(word.length);
  }

  /** What may be a subject: `attribute:ecs.instance-type`. null when there is no word. */
  takeName(): Word | null {
    return this.#takeWord(/[\w.:/\\-]+/y);
  }

  takeOperator(): Operator | null {
    const word = this.#seen(/!?[A-Za-z_]+/y)?.toLowerCase();
    const named = OPERATOR_NAMES.find((name) => name === word || OPERATORS[name].sign === word);
    if (named !== undefined && word !== undefined && this.#take(word.length)) return named;
    // The longer ones first: `>` is also how `>=` begins.
    return BY_SIGN.find((name) => this.takeSign(OPERATORS[name].sign)) ?? null;
  }

  /** A value, bare or in quotes; null when there is none, 'open' when its closing quote is missing. */
  takeValue(): Word | null | 'open' {
    return this.#takeQuoted() ?? this.#takeWord(BARE_VALUE);
  }

  /** A pattern, bare or in quotes. A bare one ends at a space, and at a parenthesis it did not open itself. */
  takePattern(): Word | null | 'open' {
    const quoted = this.#takeQuoted();
    if (quoted !== null) return quoted;
    const offset = this.#at;
    const text = this.#text.slice(offset, endOfPattern(this.#text, offset));
    this.#take(text.length);
    return text === '' ? null : { text, offset };
  }

  /** Nothing is escaped within quotes: what ECS allows in values holds none, and a backslash is a character of theirs. */
  #takeQuoted(): Word | null | 'open' {
    const quote = this.#text.charAt(this.#at);
    if (quote !== '"' && quote !== "'") return null;
    const end = this.#text.indexOf(quote, this.#at + 1);
    if (end < 0) return 'open';
    const word = { text: this.#text.slice(this.#at + 1, end), offset: this.#at + 1 };
    this.#take(word.text.length + 2);
    return word;
  }

  #takeWord(pattern: RegExp): Word | null {
    const offset = this.#at;
    const text = this.#seen(pattern);
    if (text === null) return null;
    this.#take(text.length);
    return { text, offset };
  }

  #seen(sticky: RegExp): string | null {
    sticky.lastIndex = this.#at;
    return sticky.exec(this.#text)?.[0] ?? null;
  }

  #take(length: number): true {
    this.#at += length;
    this.#skipSpace();
    return true;
  }

  #skipSpace(): void {
    this.#at += this.#seen(/\s*/y)?.length ?? 0;
  }
}

const BY_SIGN = OPERATOR_NAMES.filter((name) => /^\W+$/.test(OPERATORS[name].sign)).sort(
  (a, b) => OPERATORS[b].sign.length - OPERATORS[a].sign.length,
);

/** Ends at space, brackets, commas, quotes and everything an operator or a join is made of. */
const BARE_VALUE = /(?:(?!&&|\|\|)[^\s()[\],"'=!<>~])+/y;

/** Where a bare pattern ends: at a space, or outside of its own parentheses and brackets at `)`, `&&` or `||`. */
function endOfPattern(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (/\s/.test(character)) return at;
    const pair = text.slice(at, at + 2);
    if (pair === '\\Q') at = pastQuote(text, at);
    else if (character === '\\') at += 1;
    else if (character === '[') at = pastClass(text, at);
    else if (character === '(') depth += 1;
    else if (depth === 0 && (character === ')' || pair === '&&' || pair === '||')) return at;
    else if (character === ')') depth -= 1;
  }
  return text.length;
}

/** The last character of the `\Q...\E` that begins here; without an end it lasts to the end of the text, as in Java. */
function pastQuote(text: string, from: number): number {
  const end = text.indexOf('\\E', from + 2);
  return end < 0 ? text.length : end + 1;
}

/** The closing bracket of the class that begins here, or the character before the space that cuts it off. */
function pastClass(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (/\s/.test(character)) return at - 1;
    if (character === '\\') at += 1;
    else if (character === '[') {
      depth += 1;
      // Right at its start a closing bracket is one of the characters.
      at += /^\^?\]/.exec(text.slice(at + 1, at + 3))?.[0].length ?? 0;
    } else if (character === ']') depth -= 1;
    if (depth === 0) return at;
  }
  return text.length;
}
