// Hours of the week as an operator writes them, in his own time zone.
import type { Weekday, Window } from '../policy.ts';
import { daysLater, instantOf, type LocalDate, localDateAt, weekdayOf } from './wall-clock.ts';

/** As Date counts them. */
const WEEKDAYS: readonly Weekday[] = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/**
 * Whether the window is open at any time from `from` to `to`, both included.
 * @throws RangeError for a time zone the runtime does not know; the configuration lets none through
 */
export function isOpenWithin(window: Window, from: number, to: number): boolean {
  const { timeZone } = window;
  // A window belongs to the day it begins on and ends the next day at the latest.
  let date = daysLater(localDateAt(from, timeZone), -1);
  const last = localDateAt(to, timeZone);
  for (; !isAfter(date, last); date = daysLater(date, 1)) {
    if (!window.days.some((day) => day === WEEKDAYS[weekdayOf(date)])) continue;
    const { beginsAt, endsAt } = windowOn(window, date);
    if (beginsAt <= to && from < endsAt) return true;
  }
  return false;
}

/** The window that begins on this day; where clocks change meanwhile, the longest that its two times may mean. */
function windowOn({ from, until, timeZone }: Window, date: LocalDate): { beginsAt: number; endsAt: number } {
  const [begin, end] = [minutesOf(from), minutesOf(until)];
  const endDate = end > begin ? date : daysLater(date, 1);
  return {
    beginsAt: instantOf(date, begin, timeZone, 'earlier'),
    endsAt: instantOf(endDate, end, timeZone, 'later'),
  };
}

/** Minutes after midnight of `07:30`. */
function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

function isAfter(a: LocalDate, b: LocalDate): boolean {
  return Date.UTC(a.year, a.month - 1, a.day) > Date.UTC(b.year, b.month - 1, b.day);
}
