// Reads a cluster query by recursive descent. It is as liberal as one reading allows, because what stands in a service
// has been accepted by ECS; what it cannot read it refuses with the column.
//
// AWS documents the parts (https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-query-language.html) and
// no grammar. Taken as in every language of the kind: `not` binds tightest, then `and`, then `or`.
import {
  type Comparison,
  type Expression,
  type Field,
  OPERATORS,
  OPERATORS_OF,
  type Operator,
  type Subject,
} from './expression.ts';
import { patternOf } from './patterns.ts';
import { remembered } from './remembered.ts';
import { Tokens, type Word } from './tokens.ts';
import { VALUE_OF } from './values.ts';

/** Why a query cannot be read. `message` is ready for a report: `column 17: expected a value, found ")"`. */
export class MalformedExpression extends Error {
  /** From 1; one past the text when something is missing at its end. */
  readonly column: number;
  readonly expected: string;
  /** null at the end of the text. */
  readonly found: string | null;

  constructor(column: number, expected: string, found: string | null) {
    const shown = found !== null && found.length > LONGEST_SHOWN ? `${found.slice(0, LONGEST_SHOWN)}...` : found;
    super(`column ${column}: expected ${expected}, found ${shown === null ? 'the end' : `"${shown}"`}`);
    this.name = 'MalformedExpression';
    this.column = column;
    this.expected = expected;
    this.found = found;
  }
}

/** Longer words are cut in messages. */
const LONGEST_SHOWN = 40;

/** The expression, or why it is none: an error as a value, because a service with it is set aside and the pass goes on. */
export function parse(text: string): Expression | MalformedExpression {
  try {
    return new Parser(text).whole();
  } catch (error) {
    if (error instanceof MalformedExpression) return error;
    throw error;
  }
}

/** The same, remembered. */
export const parsed = remembered(parse);

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PlacementConstraint.html */
const MAX_LENGTH = 2_000;
/** Parentheses in parentheses; bounds the recursion, here and over the expression. */
const MAX_DEPTH = 100;

// What an ECS attribute's name may hold: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Attribute.html
const ATTRIBUTE = /^attribute:([\w.\\/-]{1,128})$/;

class Parser {
  readonly #text: string;
  readonly #tokens: Tokens;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = new Tokens(text);
  }

  whole(): Expression {
    if (this.#text.length > MAX_LENGTH) {
      throw problem(MAX_LENGTH, `at most ${MAX_LENGTH} characters`, this.#text.charAt(MAX_LENGTH));
    }
    const expression = this.#anyOf();
    if (!this.#tokens.isAtEnd) throw this.#unexpected('"and", "or" or the end');
    return expression;
  }

  #anyOf(): Expression {
    const terms = [this.#allOf()];
    while (this.#tokens.takeSign('||') || this.#tokens.takeKeyword('or')) terms.push(this.#allOf());
    return joined('or', terms);
  }

  #allOf(): Expression {
    const terms = [this.#negatable()];
    while (this.#tokens.takeSign('&&') || this.#tokens.takeKeyword('and')) terms.push(this.#negatable());
    return joined('and', terms);
  }

  #negatable(): Expression {
    if (this.#depth >= MAX_DEPTH) throw this.#unexpected(`at most ${MAX_DEPTH} levels`);
    this.#depth += 1;
    const expression = this.#negation() ?? this.#group() ?? this.#comparison();
    this.#depth -= 1;
    return expression;
  }

  #negation(): Expression | null {
    if (!this.#tokens.takeSign('!') && !this.#tokens.takeKeyword('not')) return null;
    return { kind: 'not', inner: this.#negatable() };
  }

  #group(): Expression | null {
    if (!this.#tokens.takeSign('(')) return null;
    const expression = this.#anyOf();
    if (!this.#tokens.takeSign(')')) throw this.#unexpected('"and", "or" or ")"');
    return expression;
  }

  #comparison(): Comparison {
    const subject = this.#subject();
    const at = this.#tokens.offset;
    const found = this.#tokens.found;
    const operator = this.#tokens.takeOperator();
    if (operator === null) throw this.#unexpected('an operator');
    const allowed = OPERATORS_OF[subject.kind === 'field' ? subject.field : 'attribute'];
    if (!allowed.includes(operator)) throw problem(at, `one of ${allowed.map(signOf).join(' ')}`, found);
    return { kind: 'comparison', subject, operator, values: this.#values(subject, operator) };
  }

  #subject(): Subject {
    const at = this.#tokens.offset;
    const word = this.#tokens.takeName();
    if (word === null) throw this.#unexpected('a subject');
    const name = ATTRIBUTE.exec(word.text)?.[1];
    if (name !== undefined) return { kind: 'attribute', name };
    if (word.text.startsWith('attribute:')) throw problem(at, 'an attribute name of 1 to 128 characters', word.text);
    if (isField(word.text)) return { kind: 'field', field: word.text };
    throw problem(at, `a subject (${SUBJECTS.join(', ')})`, word.text);
  }

  #values(subject: Subject, operator: Operator): string[] {
    switch (OPERATORS[operator].argument) {
      case 'none':
        return [];
      case 'value':
        return [this.#value(subject)];
      case 'list':
        return this.#list(subject);
      case 'pattern':
        return [this.#pattern()];
      default:
        return OPERATORS[operator] satisfies never;
    }
  }

  #list(subject: Subject): string[] {
    if (!this.#tokens.takeSign('[')) throw this.#unexpected('a list in brackets');
    const values = [this.#value(subject)];
    while (this.#tokens.takeSign(',')) values.push(this.#value(subject));
    if (!this.#tokens.takeSign(']')) throw this.#unexpected('"," or "]"');
    return values;
  }

  #value(subject: Subject): string {
    const { text, offset } = this.#written(this.#tokens.takeValue(), 'a value');
    const kind = subject.kind === 'field' ? VALUE_OF[subject.field] : null;
    if (kind !== null && !kind.has(text)) throw problem(offset, kind.words, text);
    return text;
  }

  #pattern(): string {
    const { text, offset } = this.#written(this.#tokens.takePattern(), 'a pattern');
    const pattern = patternOf(text);
    if ('why' in pattern) throw problem(offset, `a usable pattern (${pattern.why})`, text);
    return text;
  }

  #written(word: Word | null | 'open', what: string): Word {
    if (word === 'open') throw problem(this.#text.length, 'a closing quote', null);
    if (word === null) throw this.#unexpected(what);
    return word;
  }

  #unexpected(expected: string): MalformedExpression {
    return problem(this.#tokens.offset, expected, this.#tokens.found);
  }
}

const SUBJECTS: readonly string[] = ['attribute:NAME', ...Object.keys(VALUE_OF)];

function isField(text: string): text is Field {
  return Object.hasOwn(VALUE_OF, text);
}

function signOf(operator: Operator): string {
  return OPERATORS[operator].sign;
}

function joined(kind: 'and' | 'or', terms: readonly Expression[]): Expression {
  const [only] = terms;
  return only !== undefined && terms.length === 1 ? only : { kind, terms };
}

function problem(offset: number, expected: string, found: string | null): MalformedExpression {
  return new MalformedExpression(offset + 1, expected, found);
}
