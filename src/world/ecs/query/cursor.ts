// Reads an expression of the cluster query language from left to right, a word at a time, and says where it stopped
// understanding. It knows no grammar.
import { Refusal } from '../../refusal.ts';

export class Cursor {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#skipSpace();
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** The text the sticky pattern matches here, and moves past it and the space behind it; null when it does not match. */
  take(pattern: RegExp): string | null {
    const found = this.peek(pattern);
    if (found === null) return null;
    this.#at += found.length;
    this.#skipSpace();
    return found;
  }

  /** The text the sticky pattern matches here, without moving. */
  peek(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#text)?.[0] ?? null;
  }

  /** ECS's refusal of the whole expression; columns count from 1. */
  refusal(expected: string): Refusal {
    const found = this.isAtEnd ? 'the end' : JSON.stringify(this.#text.slice(this.#at, this.#at + 20));
    return new Refusal(
      'InvalidParameterException',
      `Invalid expression: column ${this.#at + 1}: expected ${expected}, found ${found}.`,
    );
  }

  #skipSpace(): void {
    while (/\s/.test(this.#text.charAt(this.#at))) this.#at += 1;
  }
}
