// The report's lines on shapes: how many more fit, how many must, and what is in the way.
import { NO_RESOURCES } from '../model/resources.ts';
import { constraintsOf, shapeKey, type TaskShape } from '../model/task-shape.ts';
import { nearestType } from './advice/nearest-type.ts';
import type { Assessment } from './assess.ts';
import { columnOf } from './capacity/capacity.ts';
import { fitOn } from './capacity/table.ts';
import type { User } from './demand.ts';
import { bySize } from './largest.ts';
import { pinShape } from './promise.ts';
import type { Obstacle, ShapeLine, UnschedulableShape } from './report.ts';
import { obstacleTo } from './room.ts';

type Names = ReadonlyMap<string, string>;

/** How many more of each largest shape each instance can start now. */
export interface Schedulable {
  /** What most instances that take tasks lack for one more, by column. */
  readonly obstacleOf: ReadonlyMap<number, Obstacle | null>;
  on(instanceId: string): {
    readonly schedulable: readonly number[];
    readonly obstacles: readonly (Obstacle | null)[];
  };
}

const NONE = { schedulable: [], obstacles: [] };

export function schedulableOf({ capacity, largest }: Assessment): Schedulable {
  const { table, rooms, nowRows, shapes } = capacity;
  const byInstance = new Map<string, { schedulable: number[]; obstacles: (Obstacle | null)[] }>();
  const tallies = new Map(largest.map((column) => [column, new Map<Obstacle, number>()]));
  const inOrder = inReportOrder(capacity.shapes, largest);
  for (let row = 0; row < nowRows; row += 1) {
    const room = rooms[row];
    if (room === undefined) continue;
    const schedulable = inOrder.map((column) => fitOn(table, table.free, row, column));
    const obstacles = inOrder.map((column, at) => {
      const shape = shapes[column];
      const obstacle = schedulable[at] === 0 && shape !== undefined ? obstacleTo(room, shape) : null;
      const tally = tallies.get(column);
      if (obstacle !== null) tally?.set(obstacle, (tally.get(obstacle) ?? 0) + 1);
      return obstacle;
    });
    byInstance.set(room.owner ?? '', { schedulable, obstacles });
  }
  const most = (tally: ReadonlyMap<Obstacle, number>) =>
    [...tally].reduce<[Obstacle, number] | null>(
      (best, each) => (best === null || each[1] > best[1] || (each[1] === best[1] && each[0] < best[0]) ? each : best),
      null,
    )?.[0] ?? null;
  return {
    obstacleOf: new Map([...tallies].map(([column, tally]) => [column, most(tally)])),
    on: (instanceId) => byInstance.get(instanceId) ?? NONE,
  };
}

/** Largest shapes first, each group by size. */
export function shapeLines(seen: Assessment, names: Names, schedulable: Schedulable): ShapeLine[] {
  const { capacity, largest, promised } = seen;
  const isLargest = new Set(largest);
  const promisedOf = new Map(promised.map(({ shape, count }) => [columnOf(capacity, shape), count]));
  const shownColumns = new Set([
    ...seen.users.map(({ shape }) => columnOf(capacity, shape)),
    ...largest,
    ...promisedOf.keys(),
  ]);
  const usersOf = groupedByColumn(seen);
  const short = seen.outcomes.find(({ scenario }) => scenario.name === 'promise')?.packing.unplaced;
  const others = [...shownColumns].filter((column) => !isLargest.has(column));
  const inOrder = [...inReportOrder(capacity.shapes, largest), ...inReportOrder(capacity.shapes, others)];
  return inOrder.flatMap((column): ShapeLine[] => {
    const shape = capacity.shapes[column];
    if (shape === undefined) return [];
    const users = usersOf.get(column) ?? [];
    const counted = countOn(seen, column);
    return [
      {
        shape: names.get(shapeKey(shape)) ?? shapeKey(shape),
        constraints: constraintsOf(shape),
        users: userNames(seen, shape, users),
        isLargest: isLargest.has(column),
        schedulableNow: counted.now,
        inFlight: counted.inFlight,
        promised: promisedOf.get(column) ?? 0,
        pending: users.reduce((sum, { unplacedCount }) => sum + unplacedCount, 0),
        short: short?.[column] ?? 0,
        afterLoss: isLargest.has(column) ? afterLoss(seen, column, promisedOf.get(column) ?? 0) : null,
        obstacle: schedulable.obstacleOf.get(column) ?? null,
      },
    ];
  });
}

export function unschedulableShapes({ unschedulable, empty }: Assessment, names: Names): UnschedulableShape[] {
  const byShape = new Map<string, User[]>();
  for (const user of unschedulable) {
    const key = shapeKey(user.shape);
    byShape.set(key, [...(byShape.get(key) ?? []), user]);
  }
  return [...byShape]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([key, users]) => {
      const shape = users[0]?.shape;
      if (shape === undefined) return [];
      const nearest = nearestType(shape, empty);
      return {
        shape: names.get(key) ?? key,
        constraints: constraintsOf(shape),
        users: users.map(({ name }) => name).sort(),
        nearestType: nearest?.instanceType ?? null,
        missing: nearest?.missing ?? { ...NO_RESOURCES, gpus: 0, eniSlots: 0, constraints: [] },
      };
    });
}

function inReportOrder(shapes: readonly TaskShape[], columns: readonly number[]): number[] {
  return [...columns].sort((a, b) => {
    const [shape, other] = [shapes[a], shapes[b]];
    return shape === undefined || other === undefined ? 0 : bySize(shape, other) || a - b;
  });
}

function groupedByColumn({ users, capacity }: Assessment): Map<number, User[]> {
  const groups = new Map<number, User[]>();
  for (const user of users) {
    const column = columnOf(capacity, user.shape);
    const group = groups.get(column);
    if (group === undefined) groups.set(column, [user]);
    else group.push(user);
  }
  return groups;
}

/** Those that use it now, those that did lately, and `pin` where the operator wants it. */
function userNames({ learned, policyPins }: Assessment, shape: TaskShape, users: readonly User[]): string[] {
  const key = shapeKey(shape);
  const lately = learned.largest[key]?.users ?? [];
  const isPin = policyPins.some((pin) => shapeKey(pinShape(pin)) === key);
  return [...new Set([...users.map(({ name }) => name), ...lately])].sort().concat(isPin ? ['pin'] : []);
}

function countOn({ capacity: { table, nowRows } }: Assessment, column: number): { now: number; inFlight: number } {
  let now = 0;
  let inFlight = 0;
  for (let row = 0; row < table.rows; row += 1) {
    const fit = fitOn(table, table.free, row, column);
    if (row < nowRows) now += fit;
    else inFlight += fit;
  }
  return { now, inFlight };
}

/** The loss that leaves most without a place, or the heaviest when all hold. */
function afterLoss({ outcomes, capacity: { table } }: Assessment, column: number, promised: number) {
  const pools = outcomes.filter(({ scenario }) => scenario.name === 'pool-loss');
  const worst = pools.reduce<(typeof pools)[number] | null>(
    (found, each) => (found === null || each.packing.unplacedTasks > found.packing.unplacedTasks ? each : found),
    null,
  );
  if (worst === null || worst.scenario.lost === null) return null;
  const { free, unplaced } = worst.packing;
  let more = 0;
  for (let row = 0; row < table.rows; row += 1) more += fitOn(table, free, row, column);
  return { pool: worst.scenario.lost, schedulable: Math.max(0, promised - (unplaced[column] ?? 0)) + more };
}
