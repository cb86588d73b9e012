// What all items of IMDS share in how their text is read: JSON, times, and the Failure for what makes no sense. An answer
// that cannot be read means "not known".
import { Failure } from '../../ports/failure.ts';

/** The fields of a JSON object; none of any other JSON value. @throws Failure `refused` when it is not JSON */
export function readObject(text: string, doing: string): Readonly<Record<string, unknown>> {
  return Object(readJson(text, doing));
}

/** @throws Failure `refused` when it is not JSON, or was cut off */
export function readJson(text: string, doing: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Failure('refused', `${doing}: the answer is not JSON`, { cause });
  }
}

// An instant needs its zone: Date.parse takes a time without one for local time, and much else for some time.
const ISO_INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

/** `2017-09-18T08:22:00Z` in epoch milliseconds; null for anything else. */
export function parseIsoInstant(value: unknown): number | null {
  if (typeof value !== 'string' || !ISO_INSTANT.test(value)) return null;
  const at = Date.parse(value);
  return Number.isNaN(at) ? null : at;
}

/** As much of a text as belongs in a message. */
export function excerpt(text: string): string {
  return text.slice(0, 200);
}

export function senseless(text: string, doing: string): Failure {
  return new Failure('refused', `${doing}: cannot make sense of ${excerpt(text)}`);
}
