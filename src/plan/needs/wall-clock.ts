// Wall clocks: which local time an instant is in a time zone, and which instant a local time is, also around the two
// nights a year in which an hour is missing or comes twice. It reads no clock; the zones are those of the Node runtime.

/** A local date; `month` from 1. */
export interface LocalDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const DAY_MS = 86_400_000;

const formatters = new Map<string, Intl.DateTimeFormat>();

/**
 * The local date at an instant.
 * @throws RangeError for a time zone the runtime does not know
 */
export function localDateAt(at: number, timeZone: string): LocalDate {
  return dateOf(wallMs(at, timeZone));
}

/** Days on from a local date, back for a negative number. */
export function daysLater({ year, month, day }: LocalDate, days: number): LocalDate {
  return dateOf(Date.UTC(year, month - 1, day + days));
}

/** 0 is Sunday. */
export function weekdayOf({ year, month, day }: LocalDate): number {
  return new Date(Date.UTC(year, month - 1, day)).getUTCDay();
}

/**
 * The instant at which the zone's clocks show these minutes after midnight. In the night in which an hour comes twice that
 * may be two instants, and in the night in which one is missing none: for 02:30, then, 01:30 or 03:30 is meant. The earlier or the later is taken, as Temporal's disambiguation of the same names does:
 * https://tc39.es/proposal-temporal/docs/timezone.html#ambiguity-due-to-dst-or-other-time-zone-offset-changes
 */
export function instantOf(date: LocalDate, minutes: number, timeZone: string, which: 'earlier' | 'later'): number {
  const wall = Date.UTC(date.year, date.month - 1, date.day, 0, minutes);
  // No zone changes its clocks twice within two days, so one of these two offsets holds.
  const candidates = [wall - offsetAt(wall - DAY_MS, timeZone), wall - offsetAt(wall + DAY_MS, timeZone)];
  const shown = candidates.filter((at) => wallMs(at, timeZone) === wall);
  const instants = shown.length === 0 ? candidates : shown;
  return which === 'earlier' ? Math.min(...instants) : Math.max(...instants);
}

function offsetAt(at: number, timeZone: string): number {
  const second = Math.floor(at / 1_000) * 1_000;
  return wallMs(second, timeZone) - second;
}

/** What the zone's clocks show at an instant, to the second, as the epoch milliseconds at which UTC's show the same. */
function wallMs(at: number, timeZone: string): number {
  const part: Partial<Record<Intl.DateTimeFormatPartTypes, number>> = {};
  for (const { type, value } of formatterOf(timeZone).formatToParts(at)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** Kept, because making one takes a hundred times as long as using it. */
function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  const numeric = 'numeric';
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: numeric,
    month: numeric,
    day: numeric,
    hour: numeric,
    minute: numeric,
    second: numeric,
  });
  formatters.set(timeZone, made);
  return made;
}

function dateOf(wall: number): LocalDate {
  const shown = new Date(wall);
  return { year: shown.getUTCFullYear(), month: shown.getUTCMonth() + 1, day: shown.getUTCDate() };
}
