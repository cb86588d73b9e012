// Reads fields of control requests; whatever is wrong is said with the field's name, what was expected and what was found.
import { ControlError } from './route.ts';

export type Body = { readonly [field: string]: unknown };

/** The body as an object with no other fields than these. */
export function bodyWith(body: unknown, fields: readonly string[]): Body {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new ControlError(400, `expected a JSON object with ${fields.join(', ')}`);
  }
  const unknown = Object.keys(body).filter((field) => !fields.includes(field));
  if (unknown.length > 0) {
    throw new ControlError(400, `unknown field ${unknown.join(', ')}; there is ${fields.join(', ')}`);
  }
  return body as Body;
}

export function text(body: Body, field: string): string {
  const value = body[field];
  if (typeof value === 'string' && value !== '') return value;
  throw mistake(field, 'a text', value);
}

export function optionalText(body: Body, field: string): string | null {
  return body[field] === undefined ? null : text(body, field);
}

/** A number of at least `least`. */
export function number(body: Body, field: string, least: number): number {
  const value = body[field];
  if (typeof value === 'number' && Number.isFinite(value) && value >= least) return value;
  throw mistake(field, `a number of at least ${least}`, value);
}

export function wholeNumber(body: Body, field: string, least: number): number {
  const value = body[field];
  if (typeof value === 'number' && Number.isInteger(value) && value >= least) return value;
  throw mistake(field, `a whole number of at least ${least}`, value);
}

export function boolean(body: Body, field: string): boolean {
  const value = body[field];
  if (typeof value === 'boolean') return value;
  throw mistake(field, 'true or false', value);
}

export function oneOf<Choice extends string>(body: Body, field: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((known) => known === body[field]);
  if (choice !== undefined) return choice;
  throw mistake(field, `one of ${choices.join(', ')}`, body[field]);
}

function mistake(field: string, expected: string, found: unknown): ControlError {
  return new ControlError(400, `${field}: expected ${expected}, found ${JSON.stringify(found) ?? 'nothing'}`);
}
