// The part of the cluster query language this world understands: attributes equal to a value, in a list, present or
// absent, joined by `and`. Everything else is refused rather than guessed at.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-query-language.html
import { Refusal } from '../refusal.ts';

export type Attributes = ReadonlyMap<string, string | null>;
export type Expression = (attributes: Attributes) => boolean;

const TERM = /^attribute:([\w./\\-]{1,128})\s*(?:(==|equals|in)\s*(.+)|(exists|!exists|not_exists))$/;

/**
 * What decides whether an instance's attributes satisfy the expression.
 * @throws Refusal InvalidParameterException for anything outside the subset
 */
export function parseExpression(text: string): Expression {
  const terms = text.split(/\s+and\s+|\s*&&\s*/).map((term) => parseTerm(term.trim()));
  return (attributes) => terms.every((term) => term(attributes));
}

function parseTerm(text: string): Expression {
  const match = TERM.exec(text);
  if (match === null) throw refused(text);
  const [, name = '', operator, argument = '', presence] = match;
  if (presence !== undefined) return (attributes) => attributes.has(name) === (presence === 'exists');
  const values = operator === 'in' ? parseList(argument, text) : [parseLiteral(argument, text)];
  return (attributes) => values.includes(attributes.get(name) ?? '');
}

function parseList(argument: string, text: string): string[] {
  const inside = /^\[([^[\]]+)\]$/.exec(argument.trim())?.[1];
  if (inside === undefined) throw refused(text);
  return inside.split(',').map((item) => parseLiteral(item, text));
}

function parseLiteral(argument: string, text: string): string {
  const literal = argument.trim().replace(/^(["'])(.*)\1$/, '$2');
  if (!/^[\w./\\@:-]+$/.test(literal)) throw refused(text);
  return literal;
}

function refused(term: string): Refusal {
  return new Refusal('InvalidParameterException', `Invalid expression: ${term}`);
}
