// Reads fields of CloudWatch requests, which come as JSON, as CBOR or as a form of strings. A field of the wrong kind is
// the caller's error, in CloudWatch's own code.
import { ApiError } from '../api.ts';
import type { Dimension } from './metric-store.ts';

export type Fields = { readonly [field: string]: unknown };

/** The value as an object; `name` is what the error calls it. */
export function fieldsOf(value: unknown, name: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw invalid(`${name} must be a structure`);
}

/** A list; absent means empty. */
export function listOf(value: unknown, name: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  throw invalid(`${name} must be a list`);
}

export function textOf(value: unknown, name: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new ApiError('MissingParameter', `The parameter ${name} is required.`);
}

/** A finite number; null when absent. */
export function numberOf(value: unknown, name: string): number | null {
  if (value === undefined || value === null) return null;
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw invalid(`The value ${JSON.stringify(value)} for parameter ${name} is invalid.`);
}

/** Epoch milliseconds of a date, an ISO 8601 text or epoch seconds; null when absent. */
export function instantOf(value: unknown, name: string): number | null {
  if (value === undefined || value === null) return null;
  if (value instanceof Date) return value.getTime();
  if (typeof value === 'number') return value * 1000;
  const parsed = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(parsed)) throw invalid(`The value ${JSON.stringify(value)} for parameter ${name} is invalid.`);
  return parsed;
}

export function dimensionsOf(value: unknown, name: string): Dimension[] {
  return listOf(value, name).map((entry) => {
    const fields = fieldsOf(entry, name);
    return { name: textOf(fields.Name, `${name}.Name`), value: textOf(fields.Value, `${name}.Value`) };
  });
}

export function invalid(message: string): ApiError {
  return new ApiError('InvalidParameterValue', message);
}
