// Whether everything still holds without an instance. On instances that take tasks now: what is still on its way is no
// reason to let somebody go.
import type { Assessment } from './assess.ts';
import { columnOf } from './capacity/capacity.ts';
import { type Counts, type Packing, pack, total } from './capacity/pack.ts';
import { placeAsEcs, type Whim } from './capacity/place-as-ecs.ts';
import { close, copyOf, type Free } from './capacity/table.ts';
import type { User } from './demand.ts';
import type { Holding } from './ledger.ts';
import { holds, outcomeOf, type Scenario } from './scenario.ts';

/**
 * Each standing scenario is packed once; for a candidate only what was packed onto it, and what stands on it, has to find
 * another place. Whoever passes that has to pass wherever ECS may put its tasks, too, and with every loss.
 */
export function holdsWithout(seen: Assessment): (holding: Holding) => boolean {
  const { capacity, standing } = seen;
  const free = copyOf(capacity.table.free);
  for (let row = capacity.nowRows; row < capacity.table.rows; row += 1) close(free, row);
  const packings = standing.map((scenario) => outcomeOf(capacity, scenario, free).packing);
  const rowOf = new Map(capacity.rooms.slice(0, capacity.nowRows).map(({ owner }, row) => [owner, row]));
  const users = new Map([...seen.users, ...seen.unschedulable].map((user) => [user.group, user]));
  return (holding) => {
    const row = rowOf.get(holding.instanceId);
    if (row === undefined) return false;
    const moving = movingFrom(holding, users);
    const counts = countsOfMoving(seen, moving);
    return (
      packings.every((packing) => packing.unplacedTasks === 0 && fitsElsewhere(seen, packing, row, counts)) &&
      WHIMS.every((whim) => holdsWherever(seen, { free, row, moving, whim }))
    );
  };
}

const WHIMS: readonly Whim[] = ['emptiest', 'fullest'];

interface Moving {
  readonly user: User;
  readonly count: number;
}

/** What of an instance ECS will place again. */
function movingFrom({ tally }: Holding, users: ReadonlyMap<string, User>): Moving[] {
  return [...(tally?.groups ?? [])].flatMap(([group, count]) => {
    const user = users.get(group);
    return user === undefined ? [] : [{ user, count }];
  });
}

function countsOfMoving({ capacity }: Assessment, moving: readonly Moving[]): Counts {
  const counts = new Int32Array(capacity.shapes.length);
  for (const { user, count } of moving) {
    const column = columnOf(capacity, user.shape);
    counts[column] = (counts[column] ?? 0) + count;
  }
  return counts;
}

/** Cheap: the rest of a packing stays as it is. */
function fitsElsewhere({ capacity: { table } }: Assessment, packing: Packing, row: number, moving: Counts): boolean {
  const counts = moving.slice();
  for (let at = 0; at < packing.moves.length; at += 3) {
    const column = packing.moves[at] ?? 0;
    if (packing.moves[at + 1] === row) counts[column] = (counts[column] ?? 0) + (packing.moves[at + 2] ?? 0);
  }
  if (total(counts) === 0) return true;
  const free = copyOf(packing.free);
  close(free, row);
  return pack(table, free, counts).unplacedTasks === 0;
}

/** Dear: ECS places the tasks by the services' strategies, not by ours, and then everything has to hold anew. */
function holdsWherever(
  { capacity, standing, losses }: Assessment,
  { free: from, row, moving, whim }: { free: Free; row: number; moving: readonly Moving[]; whim: Whim },
): boolean {
  const free = copyOf(from);
  close(free, row);
  const landed = new Map<number, Int32Array>();
  for (const { user, count } of moving) {
    const column = columnOf(capacity, user.shape);
    const rows = placeAsEcs(capacity, free, { column, count, group: user.group, strategies: user.strategies }, whim);
    if (rows.length < count) return false;
    for (const at of rows) {
      const counts = landed.get(at) ?? new Int32Array(capacity.shapes.length);
      counts[column] = (counts[column] ?? 0) + 1;
      landed.set(at, counts);
    }
  }
  const scenarios = [
    ...standing,
    ...losses.scenarios.map((loss) => afterMove(loss, { row, moving, landed, capacity })),
  ];
  return scenarios.every((scenario) => holds(outcomeOf(capacity, scenario, free)));
}

/** A loss, once the tasks have moved: what stood on the instance no longer falls with its pool, but where it went it may. */
function afterMove(
  loss: Scenario,
  {
    row,
    moving,
    landed,
    capacity,
  }: {
    row: number;
    moving: readonly Moving[];
    landed: ReadonlyMap<number, Int32Array>;
    capacity: Assessment['capacity'];
  },
): Scenario {
  const counts = loss.counts.slice();
  const lostRows = new Set(loss.lostRows);
  if (lostRows.has(row)) {
    for (const { user, count } of moving) {
      const column = columnOf(capacity, user.shape);
      counts[column] = Math.max(0, (counts[column] ?? 0) - count);
    }
  }
  for (const [at, arrived] of landed) {
    if (!lostRows.has(at)) continue;
    arrived.forEach((count, column) => {
      counts[column] = (counts[column] ?? 0) + count;
    });
  }
  return { ...loss, counts };
}
