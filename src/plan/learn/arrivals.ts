// How many tasks of each shape arrive during one lead time: what a promise must hold beyond itself to be kept while its
// room is made again. It counts and remembers; what room is ordered for it, and whether it fits, is decided elsewhere.
//
// A task that starts takes promised room, and new room comes a lead time later. With F the distribution of arrivals in a
// lead time, room for the q-quantile of F runs out in a share 1 - q of lead times; it costs least at the newsvendor's
// q = cost of a waiting task / (that + cost of room held for a lead time). At Poisson arrivals of mean 3 the 95 % is 6, at
// mean 60 it is 73. Deployments arrive in bursts, so F is not assumed: time is cut into windows of one lead time, and F is
// how often a window held how many, a window of a week ago counting half.
//
// What is ordered follows F slowly: at most twice as much from one window to the next, so that one burst cannot double the
// cluster, and back with a half-life of an hour. That needs memory, and is kept for a few quantiles, so that counting
// does not depend on which of them the operator asks for.
import { addWindow, NO_WINDOWS, quantileOf, type WindowCounts, weightAboveZero } from './window-counts.ts';

export interface Arrivals {
  /** The look before, epoch milliseconds; null before the first. */
  readonly lookedAt: number | null;
  /** When the window under way began, and when the one before it ended; null before the first. */
  readonly windowSince: number | null;
  readonly windowEndedAt: number | null;
  /** Tasks wanted at the look before, by shape key; a shape that is not in it had none. */
  readonly wanted: Readonly<Record<string, number>>;
  /** By shape key. */
  readonly shapes: Readonly<Record<string, ShapeArrivals>>;
}

export interface ShapeArrivals {
  /** In the window under way. */
  readonly counted: number;
  /** How many windows have ended since it was first seen. */
  readonly windows: number;
  readonly history: WindowCounts;
  /** What was ordered when the last window ended, a value for each of LEVELS; fractions, because it shrinks smoothly. */
  readonly levels: readonly number[];
}

export const NO_ARRIVALS: Arrivals = { lookedAt: null, windowSince: null, windowEndedAt: null, wanted: {}, shapes: {} };

/** The quantiles what is ordered is kept for; one between two of them is served as the higher. */
export const LEVELS: readonly number[] = [0.5, 0.75, 0.9, 0.95, 0.98, 0.99, 0.999];

// With fewer windows one in twenty cannot be told from the worst one.
const FEWEST_WINDOWS = 20;
const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;
// As many shapes as planning time is measured for; those with the most arrivals stay.
const MOST_SHAPES = 300;
// A shape nobody wants is forgotten when its last arrivals weigh less: a single window four weeks ago.
const FORGOTTEN = 2 ** -4;

const NOTHING_YET: ShapeArrivals = { counted: 0, windows: 0, history: NO_WINDOWS, levels: LEVELS.map(() => 0) };

/**
 * The record after one more look. What is wanted more of than at the look before has arrived. After a break of more than
 * a window, a restart or a clock put back, nobody knows when it did: then nothing arrived, and the window begins anew.
 * @param wanted tasks wanted now by shape key: desired counts of services summed, standalone tasks that run. Only of an
 *   observation that saw all services and tasks: what is missing here and back in the next look counts as arrived
 * @param windowMs the lead time; it may change from look to look
 */
export function countArrivals(
  before: Arrivals,
  wanted: Readonly<Record<string, number>>,
  { now, windowMs }: { now: number; windowMs: number },
): Arrivals {
  const { lookedAt, windowSince } = before;
  const isBreak = lookedAt === null || windowSince === null || now < lookedAt || now - lookedAt > windowMs;
  const hasEnded = !isBreak && now - windowSince >= windowMs;
  const elapsedMs = Math.max(0, now - (before.windowEndedAt ?? now));
  const keys = [...new Set([...Object.keys(before.shapes), ...Object.keys(wanted)])].sort();
  const counted = keys.map((key): readonly [string, ShapeArrivals] => {
    const shape = before.shapes[key] ?? NOTHING_YET;
    const arrived = Math.max(0, (wanted[key] ?? 0) - (before.wanted[key] ?? 0));
    const looked = { ...shape, counted: isBreak ? 0 : shape.counted + arrived };
    return [key, hasEnded ? withWindowEnded(looked, elapsedMs) : looked];
  });
  return {
    lookedAt: now,
    windowSince: isBreak || hasEnded ? now : windowSince,
    windowEndedAt: hasEnded ? now : before.windowEndedAt,
    wanted: Object.fromEntries(Object.entries(wanted).filter(([, count]) => count > 0)),
    shapes: mostArriving(counted, wanted),
  };
}

/**
 * How many tasks of each shape to have room for beyond the promise, so that they suffice for this share of lead times.
 * Whole tasks by shape key; 0 for a shape of which too little was seen, as is a shape that is not in it.
 * @param q from 0.5 to 0.999
 */
export function arrivalsQuantile(
  { shapes, windowEndedAt }: Arrivals,
  q: number,
  { now }: { now: number },
): Readonly<Record<string, number>> {
  const index = LEVELS.findIndex((level) => level >= q);
  const place = index < 0 ? LEVELS.length - 1 : index;
  const elapsedMs = Math.max(0, now - (windowEndedAt ?? now));
  return Object.fromEntries(
    Object.entries(shapes).map(([key, shape]) => {
      const level = shape.levels[place] ?? 0;
      return [key, Math.round(shrunk(level, Math.min(level, seenQuantile(shape, place)), elapsedMs))];
    }),
  );
}

/** At most so many shapes, those that arrive most; none that nobody wants and whose arrivals are long ago. */
function mostArriving(
  counted: readonly (readonly [string, ShapeArrivals])[],
  wanted: Readonly<Record<string, number>>,
): Readonly<Record<string, ShapeArrivals>> {
  const weighed = counted
    .map(([key, shape]) => ({ key, shape, weight: shape.counted + weightAboveZero(shape.history) }))
    .filter(({ key, weight }) => (wanted[key] ?? 0) > 0 || weight >= FORGOTTEN);
  // The keys are sorted and sorting is stable, so of equals the first by key stay.
  const most = weighed
    .toSorted((a, b) => b.weight - a.weight || b.shape.windows - a.shape.windows)
    .slice(0, MOST_SHAPES);
  const chosen = new Set(most.map(({ key }) => key));
  return Object.fromEntries(weighed.filter(({ key }) => chosen.has(key)).map(({ key, shape }) => [key, shape]));
}

function withWindowEnded(shape: ShapeArrivals, elapsedMs: number): ShapeArrivals {
  const history = addWindow(shape.history, shape.counted, 2 ** (-elapsedMs / WEEK_MS));
  const ended = { counted: 0, windows: shape.windows + 1, history, levels: shape.levels };
  const levels = shape.levels.map((level, place) => {
    const seen = seenQuantile(ended, place);
    return seen > level ? Math.min(seen, Math.max(1, 2 * level)) : shrunk(level, seen, elapsedMs);
  });
  return { ...ended, levels };
}

function seenQuantile({ windows, history }: ShapeArrivals, place: number): number {
  return windows < FEWEST_WINDOWS ? 0 : quantileOf(history, LEVELS[place] ?? 1);
}

/** Down from `level`, by half an hour by hour, and not below `floor`. */
function shrunk(level: number, floor: number, elapsedMs: number): number {
  return Math.max(floor, level * 2 ** (-elapsedMs / HOUR_MS));
}
