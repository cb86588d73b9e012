// The report's lines on shapes: how many more fit, how many must, and what is in the way.
import { NO_RESOURCES } from '../model/resources.ts';
import { shapeKey, type TaskShape } from '../model/task-shape.ts';
import { nearestType } from './advice/nearest-type.ts';
import type { Assessment } from './assess.ts';
import { columnOf } from './capacity/capacity.ts';
import { commonObstacle, type FitCounts, fitsLeft, fitsNow, obstacles } from './capacity/fit-counts.ts';
import type { Packing } from './capacity/pack.ts';
import type { User } from './demand.ts';
import { bySize } from './largest.ts';
import { pinShape } from './promise.ts';
import type { Obstacle, ShapeLine, UnschedulableShape } from './report.ts';
import { tellingConstraints } from './shape-names.ts';

type Names = ReadonlyMap<string, string>;

/** How many more of each largest shape an instance can start now, and what keeps one more from it. */
export interface Schedulable {
  readonly schedulable: readonly number[];
  readonly obstacles: readonly (Obstacle | null)[];
}

export const NOTHING_SCHEDULABLE: Schedulable = { schedulable: [], obstacles: [] };

/** By instance id, of instances that take tasks; in the order of the report's largest shapes. */
export function schedulableByInstance({ capacity, largest }: Assessment): Map<string, Schedulable> {
  const { table, rooms, nowRows } = capacity;
  const inOrder = inReportOrder(capacity.shapes, largest);
  const obstacleOf = inOrder.map((column) => obstacles(capacity, column));
  return new Map(
    rooms.slice(0, nowRows).map(({ owner }, row) => {
      const schedulable = inOrder.map((column) => table.fits[row * table.columns + column] ?? 0);
      return [owner ?? '', { schedulable, obstacles: obstacleOf.map((obstacleOn) => obstacleOn(row)) }];
    }),
  );
}

/** Largest shapes first, each group by size. */
export function shapeLines(seen: Assessment, names: Names): ShapeLine[] {
  const { capacity, largest, promised } = seen;
  const isLargest = new Set(largest);
  const promisedOf = new Map(promised.map(({ shape, count }) => [columnOf(capacity, shape), count]));
  const shownColumns = new Set([
    ...seen.users.map(({ shape }) => columnOf(capacity, shape)),
    ...largest,
    ...promisedOf.keys(),
  ]);
  const usersOf = groupedByColumn(seen);
  const counts = fitsNow(capacity);
  const losses = poolLosses(seen);
  const short = seen.outcomes.find(({ scenario }) => scenario.name === 'promise')?.packing.unplaced;
  const others = [...shownColumns].filter((column) => !isLargest.has(column));
  const inOrder = [...inReportOrder(capacity.shapes, largest), ...inReportOrder(capacity.shapes, others)];
  return inOrder.flatMap((column): ShapeLine[] => {
    const shape = capacity.shapes[column];
    if (shape === undefined) return [];
    const users = usersOf.get(column) ?? [];
    const counted = counts[column] ?? { now: 0, inFlight: 0 };
    return [
      {
        shape: names.get(shapeKey(shape)) ?? shapeKey(shape),
        constraints: tellingConstraints(shape),
        users: userNames(seen, shape, users),
        isLargest: isLargest.has(column),
        schedulableNow: counted.now,
        inFlight: counted.inFlight,
        promised: promisedOf.get(column) ?? 0,
        pending: users.reduce((sum, { unplacedCount }) => sum + unplacedCount, 0),
        short: short?.[column] ?? 0,
        afterLoss: isLargest.has(column)
          ? afterWorst(seen, losses, { column, promised: promisedOf.get(column) ?? 0, now: counted })
          : null,
        obstacle: isLargest.has(column) ? commonObstacle(capacity, column) : null,
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
        constraints: tellingConstraints(shape),
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
function userNames({ learned, policy }: Assessment, shape: TaskShape, users: readonly User[]): string[] {
  const key = shapeKey(shape);
  const lately = learned.largest[key]?.users ?? [];
  const isPin = policy.headroom.pins.some((pin) => shapeKey(pinShape(pin)) === key);
  return [...new Set([...users.map(({ name }) => name), ...lately])].sort().concat(isPin ? ['pin'] : []);
}

/** A loss that was looked at. */
interface Lost {
  readonly pool: string;
  readonly packing: Packing;
  /** Rows that are lost, or that took something up. */
  readonly changed: ReadonlySet<number>;
}

/** Heaviest first. */
function poolLosses({ outcomes }: Assessment): Lost[] {
  const pools = outcomes.filter(({ scenario }) => scenario.name === 'pool-loss');
  return pools.map(({ scenario, packing }): Lost => {
    const filled = packing.moves.filter((_, at) => at % 3 === 1);
    return { pool: scenario.lost ?? '', packing, changed: new Set([...scenario.lostRows, ...filled]) };
  });
}

interface Asked {
  readonly column: number;
  readonly promised: number;
  readonly now: FitCounts;
}

/** After the loss that leaves least of a shape; null while none was looked at. */
function afterWorst(seen: Assessment, losses: readonly Lost[], asked: Asked): ShapeLine['afterLoss'] {
  return losses.reduce<ShapeLine['afterLoss']>((worst, lost) => {
    const after = afterLoss(seen, lost, asked);
    return worst === null || after.schedulable < worst.schedulable ? after : worst;
  }, null);
}

function afterLoss({ capacity }: Assessment, { pool, packing, changed }: Lost, { column, promised, now }: Asked) {
  const placed = Math.max(0, promised - (packing.unplaced[column] ?? 0));
  return { pool, schedulable: placed + fitsLeft(capacity, column, { now, free: packing.free, changed }) };
}
