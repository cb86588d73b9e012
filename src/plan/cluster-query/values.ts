// Values that are more than text: versions, instants, counts. Which of them a subject takes, and how two compare.
import type { Field } from './expression.ts';

interface Kind {
  /** For a message. */
  readonly words: string;
  has(text: string): boolean;
}

const ANY: Kind = { words: 'a value', has: () => true };

/** What may stand behind an operator. */
export const VALUE_OF: Readonly<Record<Field, Kind>> = {
  agentConnected: ANY,
  agentVersion: { words: 'a version such as 1.14.5', has: (text) => versionOf(text) !== null },
  ec2InstanceId: ANY,
  registeredAt: {
    words: 'a date such as 2018-06-18 or 2018-06-18T22:28:28Z',
    has: (text) => instantOf(text) !== null,
  },
  runningTasksCount: { words: 'a whole number', has: (text) => /^\d{1,15}$/.test(text) },
  'task:group': ANY,
};

/**
 * Below, at or above zero as `a` is before, at or behind `b`, part by part as numbers: 1.9.0 is before 1.10.0, and a part
 * that is missing is 0. null when one of them is no version, or when they differ in what follows the numbers alone.
 */
export function compareVersions(a: string, b: string): number | null {
  const [left, right] = [versionOf(a), versionOf(b)];
  if (left === null || right === null) return null;
  for (let part = 0; part < Math.max(left.parts.length, right.parts.length); part += 1) {
    const difference = (left.parts[part] ?? 0) - (right.parts[part] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.suffix === right.suffix ? 0 : null;
}

/** Epoch milliseconds of a day or of a second of it; without a zone it is UTC. null for what is no date. */
export function instantOf(text: string): number | null {
  const match = DATE.exec(text);
  if (match === null) return null;
  const [, day = '', time = '00:00:00', zone = 'Z'] = match;
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // Date.parse moves a 30th of February into March.
  if (Number.isNaN(midnight) || !new Date(midnight).toISOString().startsWith(day)) return null;
  const instant = Date.parse(`${day}T${time}${zone}`);
  return Number.isNaN(instant) ? null : instant;
}

const DATE = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)(Z|[+-]\d{2}:\d{2})?)?$/;
const VERSION = /^v?(\d{1,9}(?:\.\d{1,9})*)([-+][\w.+-]*)?$/;

function versionOf(text: string): { readonly parts: readonly number[]; readonly suffix: string } | null {
  const [, numbers, suffix = ''] = VERSION.exec(text) ?? [];
  return numbers === undefined ? null : { parts: numbers.split('.').map(Number), suffix };
}
