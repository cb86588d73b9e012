// Reads the decoded form of an EC2 request: every leaf is a string, and what is wrong is said as EC2 says it.
import { ApiError, type ApiInput } from '../api.ts';
import { type Page, page } from '../paging.ts';

/** The parameter's text; null when it is absent. */
export function text(input: ApiInput, name: string): string | null {
  const value = input[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The parameter's text, or `MissingParameter`. */
export function requiredText(input: ApiInput, name: string): string {
  return text(input, name) ?? missing(name);
}

/** The items of a `Name.1=..&Name.2=..` list; empty when it is absent. */
export function texts(input: ApiInput, name: string): string[] {
  const value = input[name];
  return Array.isArray(value) ? value.map((item) => plain(item, name)) : [];
}

/** A leaf of the form; `Name.1.Other=x` makes a group where a text is expected. */
export function plain(value: unknown, name: string): string {
  if (typeof value === 'string') return value;
  throw invalidValue(`The value of ${name} is not a text.`);
}

/** The whole number within its limits; null when it is absent, `InvalidParameterValue` when it is something else. */
export function wholeNumber(input: ApiInput, name: string, limits: readonly [number, number]): number | null {
  const given = text(input, name);
  if (given === null) return null;
  const value = /^-?\d+$/.test(given) ? Number(given) : Number.NaN;
  if (value >= limits[0] && value <= limits[1]) return value;
  const parameter = name.charAt(0).toLowerCase() + name.slice(1);
  throw invalidValue(
    `Value ( ${given} ) for parameter ${parameter} is invalid. Expecting a whole number between ${limits[0]} and ${limits[1]}.`,
  );
}

/** The asked-for page, by NextToken and MaxResults; a token from elsewhere is `InvalidNextToken`. */
export function pageOf<Item>(input: ApiInput, items: readonly Item[], limits: readonly [number, number]): Page<Item> {
  const maxResults = wholeNumber(input, 'MaxResults', limits);
  try {
    return page(items, { token: text(input, 'NextToken'), maxResults, defaultMax: limits[1] });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new ApiError('InvalidNextToken', 'The specified NextToken is not valid.');
  }
}

export function missing(name: string): never {
  throw new ApiError('MissingParameter', `The request must contain the parameter ${name}`);
}

export function invalidValue(message: string): ApiError {
  return new ApiError('InvalidParameterValue', message);
}
