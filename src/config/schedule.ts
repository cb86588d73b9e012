// When a cron schedule is well formed. The clockwork itself is node-cron's, in the runtime; what this accepts node-cron
// accepts too, which a test holds, so a schedule is refused where it is written and not when the process starts.
import { type Format, textThat } from './format.ts';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Second, minute, hour, day of month, month, day of week. */
const FIELDS: readonly { readonly from: number; readonly to: number; readonly names: readonly string[] }[] = [
  { from: 0, to: 59, names: [] },
  { from: 0, to: 59, names: [] },
  { from: 0, to: 23, names: [] },
  { from: 1, to: 31, names: [] },
  { from: 1, to: 12, names: MONTHS },
  { from: 0, to: 7, names: DAYS },
];

/** A cron schedule of six fields. */
export const schedule: Format<string> = textThat(
  'a cron schedule of six fields (second, minute, hour, day, month, weekday) such as "*/15 * * * * *"',
  isSchedule,
);

/** Whether every field is a list of `*`, numbers, names and ranges inside its bounds, each with an optional step. */
export function isSchedule(text: string): boolean {
  const fields = text.trim().split(/\s+/);
  // Five fields would be minutes where seconds were meant: `*/15 * * * *` is a pass in a quarter of an hour.
  if (fields.length !== FIELDS.length) return false;
  return fields.every((field, index) => field.split(',').every((part) => isPart(part, FIELDS[index])));
}

function isPart(part: string, bounds: (typeof FIELDS)[number] | undefined): boolean {
  const match = /^(?:\*|(\w+)(?:-(\w+))?)(?:\/(\d{1,4}))?$/.exec(part);
  if (match === null || bounds === undefined) return false;
  const [, first, last, step] = match;
  if (step !== undefined && (Number(step) < 1 || Number(step) > bounds.to)) return false;
  if (first === undefined) return true;
  const from = numberOf(first, bounds);
  // A step from one single number reads like a mistake, and cron programs disagree about it.
  if (last === undefined) return from !== null && step === undefined;
  const to = numberOf(last, bounds);
  return from !== null && to !== null && from <= to;
}

function numberOf(word: string, { from, to, names }: (typeof FIELDS)[number]): number | null {
  const name = names.indexOf(word.toLowerCase());
  if (name >= 0) return name + from;
  const value = /^\d{1,2}$/.test(word) ? Number(word) : Number.NaN;
  return value >= from && value <= to ? value : null;
}
