// Reads the fields of an ECS request, and refuses with ECS's own codes what is not as the API says.
import { ApiError, type ApiInput } from '../api.ts';

export function invalid(message: string): ApiError {
  return new ApiError('InvalidParameterException', message);
}

export function text(input: ApiInput, field: string): string | undefined {
  const value = given(input, field);
  if (value === undefined || typeof value === 'string') return value;
  throw wrongType(field, 'string');
}

export function requiredText(input: ApiInput, field: string): string {
  const value = text(input, field);
  if (value === undefined || value === '') throw invalid(`${capitalised(field)} cannot be empty.`);
  return value;
}

/** One of the words given, or undefined when the field is absent. */
export function word<Word extends string>(input: ApiInput, field: string, words: readonly Word[]): Word | undefined {
  const value = text(input, field);
  const known = words.find((each) => each === value);
  if (value !== undefined && known === undefined) throw invalid(`${field} must be one of ${words.join(', ')}.`);
  return known;
}

/** A whole number within the limits. */
export function whole(input: ApiInput, field: string, min: number, max: number): number | undefined {
  const value = given(input, field);
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(field, 'integer');
  if (value < min || value > max) throw invalid(`${field} must be between ${min} and ${max}.`);
  return value;
}

export function flag(input: ApiInput, field: string): boolean {
  const value = given(input, field);
  if (value === undefined || typeof value === 'boolean') return value ?? false;
  throw wrongType(field, 'boolean');
}

/** A list of strings; undefined when the field is absent. */
export function texts(input: ApiInput, field: string): string[] | undefined {
  return list(input, field)?.map((item) => {
    if (typeof item !== 'string') throw wrongType(field, 'list of strings');
    return item;
  });
}

/** At least one and at most `max` strings. */
export function requiredTexts(input: ApiInput, field: string, max: number): string[] {
  const values = texts(input, field) ?? [];
  if (values.length === 0) throw invalid(`${capitalised(field)} cannot be empty.`);
  if (values.length > max) throw invalid(`${capitalised(field)} cannot have more than ${max} elements.`);
  return values;
}

/** A list of structures; empty when the field is absent. */
export function structures(input: ApiInput, field: string): ApiInput[] {
  return (list(input, field) ?? []).map((item) => {
    if (!isStructure(item)) throw wrongType(field, 'list of structures');
    return item;
  });
}

/** A structure; empty when the field is absent. */
export function structure(input: ApiInput, field: string): ApiInput {
  const value = given(input, field) ?? {};
  if (!isStructure(value)) throw wrongType(field, 'structure');
  return value;
}

export function has(input: ApiInput, field: string): boolean {
  return given(input, field) !== undefined;
}

function list(input: ApiInput, field: string): readonly unknown[] | undefined {
  const value = given(input, field);
  if (value !== undefined && !Array.isArray(value)) throw wrongType(field, 'list');
  return value;
}

/** null on the wire is the same as absent. */
function given(input: ApiInput, field: string): unknown {
  return input[field] ?? undefined;
}

function isStructure(value: unknown): value is ApiInput {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrongType(field: string, expected: string): ApiError {
  return new ApiError('SerializationException', `${field} is not a ${expected}.`);
}

/** `containerInstances` to `Container instances`. */
function capitalised(field: string): string {
  const words = field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}
