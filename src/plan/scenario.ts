// What must find a place, and where. Scenarios are questions about one and the same capacity: the most any of them needs
// is bought, never the sum, because the same room serves whichever comes true.
import { type Capacity, columnOf, countsOf } from './capacity/capacity.ts';
import { type Counts, type Packing, pack, total } from './capacity/pack.ts';
import { placeAsEcs, type Starting } from './capacity/place-as-ecs.ts';
import { close, copyOf, type Free } from './capacity/table.ts';
import type { Demand, User } from './demand.ts';
import type { ScenarioName } from './report.ts';

export interface Scenario {
  readonly name: ScenarioName;
  /** The pool or the zone that is lost. */
  readonly lost: string | null;
  readonly lostRows: readonly number[];
  /** What ECS places first, its own way. */
  readonly starting: readonly Starting[];
  /** What must be placeable then. */
  readonly counts: Counts;
  /** 1 for a column that only what is lost could host: no number of units could help it. */
  readonly bound: Uint8Array;
}

export interface Outcome {
  readonly scenario: Scenario;
  readonly packing: Packing;
}

/** @param from the rooms as they are, or as they would be; unchanged */
export function outcomeOf(capacity: Capacity, scenario: Scenario, from: Free = capacity.table.free): Outcome {
  const { table } = capacity;
  const { starting, lostRows } = scenario;
  const { free, unplaced } = starting.length === 0 ? { free: from, unplaced: [] } : started(capacity, starting, from);
  const counts = scenario.counts.slice();
  for (const { column, count } of unplaced) counts[column] = (counts[column] ?? 0) + count;
  if (lostRows.length === 0) return { scenario, packing: pack(table, free, counts) };
  const left = copyOf(free);
  for (const row of lostRows) close(left, row);
  return { scenario, packing: pack(table, left, counts) };
}

interface Started {
  readonly from: Free;
  readonly free: Free;
  readonly unplaced: readonly { readonly column: number; readonly count: number }[];
}

const knownStarts = new WeakMap<readonly Starting[], Started>();

/** The rooms once ECS has placed what it is about to start; several scenarios begin with the same. */
function started(capacity: Capacity, starting: readonly Starting[], from: Free): Started {
  const known = knownStarts.get(starting);
  if (known?.from === from) return known;
  const free = copyOf(from);
  const unplaced = starting.map((each) => ({
    column: each.column,
    count: each.count - placeAsEcs(capacity, free, each).length,
  }));
  const result = { from, free, unplaced };
  knownStarts.set(starting, result);
  return result;
}

/** What found no place and could have one if there were more units. */
export function curable({ scenario: { bound }, packing: { unplaced } }: Outcome): Counts {
  return unplaced.map((count, column) => (bound[column] === 1 ? 0 : count));
}

/** Tasks that must find a place in a scenario. */
export function tasksIn({ starting, counts }: Scenario): number {
  return starting.reduce((sum, { count }) => sum + count, total(counts));
}

export interface ScenariosInput {
  readonly capacity: Capacity;
  readonly users: readonly User[];
  /** Room that is promised: so many of each largest shape, and the pins. */
  readonly promised: readonly Demand[];
  /** Room for the floor of these hours; empty when there is none. */
  readonly floor: readonly Demand[];
  /** Arrivals until a new instance takes tasks. */
  readonly expected: readonly Demand[];
}

/** Those without a loss, most urgent first. */
export function losslessScenarios({ capacity, users, promised, floor, expected }: ScenariosInput): Scenario[] {
  const pending = startingOf(capacity, users, ({ unplacedCount }) => unplacedCount);
  const surge = startingOf(capacity, users, ({ surgeCount }) => surgeCount);
  const promise = countsOf(capacity, promised);
  const nothing = countsOf(capacity, []);
  const base = { lost: null, lostRows: [], bound: new Uint8Array(capacity.shapes.length) };
  const isSurge = users.some(({ surgeCount, unplacedCount }) => surgeCount > unplacedCount);
  return [
    { ...base, name: 'now', starting: [], counts: countsOf(capacity, pendingOf(users)) },
    ...(isSurge ? [{ ...base, name: 'deployment' as const, starting: surge, counts: nothing }] : []),
    { ...base, name: 'promise', starting: pending, counts: promise },
    ...(floor.length === 0
      ? []
      : [{ ...base, name: 'floor' as const, starting: pending, counts: countsOf(capacity, floor) }]),
    ...(expected.length === 0
      ? []
      : [
          {
            ...base,
            name: 'arrivals' as const,
            starting: [...pending, ...arriving(capacity, expected, users)],
            counts: promise,
          },
        ]),
  ];
}

/** What ECS wants running and has no place for. */
export function pendingOf(users: readonly User[]): Demand[] {
  return users
    .filter(({ unplacedCount }) => unplacedCount > 0)
    .map(({ shape, unplacedCount: count }) => ({ shape, count }));
}

/** Smallest first: small tasks come most often, and it is they that break up large rooms. */
function startingOf(capacity: Capacity, users: readonly User[], countOf: (user: User) => number): Starting[] {
  return users
    .filter((user) => countOf(user) > 0)
    .sort((a, b) => a.shape.cpuUnits - b.shape.cpuUnits || a.shape.memoryMiB - b.shape.memoryMiB)
    .map((user) => ({
      column: columnOf(capacity, user.shape),
      count: countOf(user),
      group: user.group,
      strategies: user.strategies,
    }));
}

/** Arrivals of a shape come as tasks of the first service that uses it. */
function arriving(capacity: Capacity, expected: readonly Demand[], users: readonly User[]): Starting[] {
  return expected
    .map(({ shape, count }) => {
      const column = columnOf(capacity, shape);
      const user = users.find((each) => columnOf(capacity, each.shape) === column);
      return { column, count, group: user?.group ?? '', strategies: user?.strategies ?? [], shape };
    })
    .sort((a, b) => a.shape.cpuUnits - b.shape.cpuUnits || a.shape.memoryMiB - b.shape.memoryMiB)
    .map(({ column, count, group, strategies }) => ({ column, count, group, strategies }));
}
