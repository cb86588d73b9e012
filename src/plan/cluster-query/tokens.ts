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
    const text = ownPart(this.#seen(/\S+/y) ?? '');
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

/** A pattern's quotation, escape or class, within which parentheses are characters; or any other character. */
const PIECE = /\\Q.*?(?:\\E|$)|\\.|\[\^?\]?(?:\\.|[^\]\\])*\]?|./g;

/** The text up to the `)`, `&&` or `||` that stands outside of the pattern's own parentheses. */
function ownPart(text: string): string {
  let depth = 0;
  for (const { 0: piece, index } of text.matchAll(PIECE)) {
    if (depth === 0 && /^(?:\)|&&|\|\|)/.test(text.slice(index))) return text.slice(0, index);
    if (piece === '(') depth += 1;
    if (piece === ')') depth -= 1;
  }
  return text;
}
