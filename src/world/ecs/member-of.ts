// The cluster query language of `memberOf` and of the `filter` of ListContainerInstances, read by recursive descent: `or`
// binds loosest, then `and`, then `not`; a simple expression is a subject, an operator and its argument.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-query-language.html
import { Cursor } from './query/cursor.ts';
import { isOrdered, OPERATOR, type Operator, operatorOf, shapeOf } from './query/operators.ts';
import { BARE_PATTERN, patternOf } from './query/pattern.ts';
import { type Queried, SUBJECT, type Subject, subjectOf } from './query/subjects.ts';

export type Expression = (instance: Queried) => boolean;

const MAX_LENGTH = 2_000;
const MAX_DEPTH = 100;
const OR = /\|\||or\b/y;
const AND = /&&|and\b/y;
const NOT = /!(?![=~])|not\b/y;
const OPEN = /\(/y;
const CLOSE = /\)/y;
const LIST_OPEN = /\[/y;
const LIST_CLOSE = /\]/y;
const COMMA = /,/y;
const QUOTED = /"[^"]*"|'[^']*'/y;
/** Ends at space, brackets, commas, quotes and the joins `&&` and `||`. */
const BARE = /(?:(?!&&|\|\|)[^\s()[\],"'])+/y;

/**
 * What decides whether a container instance satisfies the expression.
 * @throws Refusal InvalidParameterException, naming the column and what was expected there
 */
export function parseExpression(text: string): Expression {
  const cursor = new Cursor(text);
  if (text.length > MAX_LENGTH) throw cursor.refusal(`at most ${MAX_LENGTH} characters`);
  const expression = anyOf(cursor, 0);
  if (!cursor.isAtEnd) throw cursor.refusal('"and", "or" or the end');
  return expression;
}

function anyOf(cursor: Cursor, depth: number): Expression {
  const parts = [allOf(cursor, depth)];
  while (cursor.take(OR) !== null) parts.push(allOf(cursor, depth));
  return (instance) => parts.some((part) => part(instance));
}

function allOf(cursor: Cursor, depth: number): Expression {
  const parts = [negatable(cursor, depth)];
  while (cursor.take(AND) !== null) parts.push(negatable(cursor, depth));
  return (instance) => parts.every((part) => part(instance));
}

function negatable(cursor: Cursor, depth: number): Expression {
  if (depth > MAX_DEPTH) throw cursor.refusal(`at most ${MAX_DEPTH} levels`);
  if (cursor.take(NOT) !== null) {
    const denied = negatable(cursor, depth + 1);
    return (instance) => !denied(instance);
  }
  if (cursor.take(OPEN) === null) return simple(cursor);
  const grouped = anyOf(cursor, depth + 1);
  if (cursor.take(CLOSE) === null) throw cursor.refusal('")"');
  return grouped;
}

function simple(cursor: Cursor): Expression {
  const subject = subjectOf(cursor.peek(SUBJECT) ?? '');
  if (subject === null) throw cursor.refusal('a subject');
  cursor.take(SUBJECT);
  const operator = operatorOf(cursor.peek(OPERATOR) ?? '');
  if (operator === null) throw cursor.refusal('an operator');
  if (!subject.allows.includes(shapeOf(operator))) throw cursor.refusal('an operator that this subject has');
  cursor.take(OPERATOR);
  return meaningOf(subject, operator, cursor);
}

/**
 * A comparison asks for a value for which it holds, so what is absent satisfies `!=` as little as `==`: AWS's answer to
 * `attribute:retiring != true` leaves out instances without the attribute (https://github.com/aws/containers-roadmap/issues/486).
 * Only `!exists` and `not(...)` speak of what is not there.
 */
function meaningOf(subject: Subject, operator: Operator, cursor: Cursor): Expression {
  const holds = question(subject, operator, cursor);
  if (operator === 'not_exists') return (instance) => subject.valuesOn(instance).length === 0;
  const isNegated = operator.startsWith('not_');
  return (instance) => subject.valuesOn(instance).some((value) => holds(value) !== isNegated);
}

/** What a value is asked, the operator's negation left aside. */
function question(subject: Subject, operator: Operator, cursor: Cursor): (value: string) => boolean {
  const shape = shapeOf(operator);
  switch (shape) {
    case 'presence':
      return () => true;
    case 'list': {
      const items = new Set(list(cursor));
      return (value) => items.has(value);
    }
    case 'pattern': {
      const refusal = cursor.refusal('a regular expression');
      const pattern = patternOf(literal(cursor, BARE_PATTERN));
      if (pattern === null) throw refusal;
      return (value) => pattern.test(value);
    }
    case 'equality':
    case 'order': {
      const refusal = cursor.refusal('a value of this subject');
      const argument = subject.argument(literal(cursor));
      if (argument === null) throw refusal;
      return (value) => {
        if (shape === 'equality' && subject.isText) return value === argument;
        const outcome = subject.compare(value, argument);
        return outcome !== null && isOrdered(operator, outcome);
      };
    }
    default:
      return shape satisfies never;
  }
}

function list(cursor: Cursor): string[] {
  if (cursor.take(LIST_OPEN) === null) throw cursor.refusal('"["');
  const items = [literal(cursor)];
  while (cursor.take(COMMA) !== null) items.push(literal(cursor));
  if (cursor.take(LIST_CLOSE) === null) throw cursor.refusal('"," or "]"');
  return items;
}

function literal(cursor: Cursor, unquoted = BARE): string {
  const quoted = cursor.take(QUOTED);
  if (quoted !== null) return quoted.slice(1, -1);
  const bare = cursor.take(unquoted);
  if (bare === null) throw cursor.refusal('a value');
  return bare;
}
