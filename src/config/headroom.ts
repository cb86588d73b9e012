// Pins and floors as an operator writes them: what each may be.
import type { Pin, Weekday } from '../plan/policy.ts';
import { type Format, text, textThat, wholeNumber } from './format.ts';
import { listOfSections } from './sections.ts';

const WEEKDAYS: readonly Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

// More than anybody writes by hand; a plan looks at each of them at every pass.
const MOST_ITEMS = 50;
const MOST_TASKS = 1_000;

// Above the largest instances EC2 sells (u7inh-32tb.480xlarge: 1,920 vCPUs and 32 TiB) and the most GPUs (p2.16xlarge: 16).
const MOST_CPU_UNITS = 2_000_000;
const MOST_MEMORY_MIB = 40_000_000;
const MOST_GPUS = 16;

/** Shapes to keep room for whether they run or not. */
export const pins = listOfSections(
  MOST_ITEMS,
  {
    cpu: wholeNumber(0, MOST_CPU_UNITS),
    memory: wholeNumber(1, MOST_MEMORY_MIB),
    tasks: wholeNumber(1, MOST_TASKS),
  },
  { gpus: wholeNumber(0, MOST_GPUS) },
);

const days: Format<readonly Weekday[]> = {
  expects: `a list of ${WEEKDAYS.join(', ')}, none of them twice`,
  accepts: (value): value is readonly Weekday[] =>
    Array.isArray(value) &&
    value.length > 0 &&
    new Set(value).size === value.length &&
    value.every((day) => WEEKDAYS.includes(day)),
  fromText: (given) => given.split(','),
};

const timeOfDay = text('a time of day such as 07:30', /^([01]\d|2[0-3]):[0-5]\d$/);

/** What says hours of the week. */
export const windowFields = {
  days,
  from: timeOfDay,
  until: timeOfDay,
  timeZone: textThat('an IANA time zone such as Europe/Berlin', isTimeZone),
};

/** Hours in which room is kept for more of the largest tasks. */
export const floors = listOfSections(MOST_ITEMS, { ...windowFields, largestTasks: wholeNumber(1, MOST_TASKS) }, {});

type PinItems = typeof pins extends Format<infer Value> ? Value : never;

/** In the planner's words. */
export function pinsOf(items: PinItems): readonly Pin[] {
  return items.map(({ cpu, memory, gpus = 0, tasks }) => ({ cpuUnits: cpu, memoryMiB: memory, gpus, tasks }));
}

/** Whether this Node knows the zone by name. An offset such as +01:00 is none: it follows no change of clocks. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
