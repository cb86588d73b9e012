// What would lose its place if a pool, or a zone, were lost all at once: the tasks that stand there and that ECS would
// place again. Where an instance's tasks are not known, its share of what services have beyond what was seen.
import { type Capacity, columnOf } from './capacity/capacity.ts';
import { type Counts, total } from './capacity/pack.ts';
import type { User } from './demand.ts';
import type { Room } from './room.ts';
import { isOfService } from './tally.ts';

/** Rows that are lost together, and what would lose its place with them. */
export interface Losable {
  readonly name: string;
  readonly rows: readonly number[];
  readonly displaced: Counts;
}

export interface LosablesInput {
  readonly capacity: Capacity;
  readonly users: readonly User[];
}

/** Pools (or zones) with something to lose, heaviest first. */
export function losables({ capacity, users }: LosablesInput, nameOf: (room: Room) => string | null): Losable[] {
  const columns = columnsOf({ capacity, users });
  const width = capacity.shapes.length;
  const parts = new Map<string, { name: string; rows: number[]; displaced: Int32Array; unknownTasks: number }>();
  const unknown = unknownTasks({ capacity, users }, columns);
  capacity.rooms.forEach((room, row) => {
    const name = room.isSpot ? nameOf(room) : null;
    if (name === null) return;
    const part = parts.get(name) ?? { name, rows: [], displaced: new Int32Array(width), unknownTasks: 0 };
    if (part.rows.push(row) === 1) parts.set(name, part);
    if (!room.isTallied) part.unknownTasks += room.traits.runningTaskCount ?? 0;
    addTo(part.displaced, capacity.groupCounts.pairs[row], columns, 1);
  });
  return [...parts.values()]
    .map(({ name, rows, displaced, unknownTasks: tasks }) => {
      const share = unknown.tasks === 0 ? 0 : tasks / unknown.tasks;
      return {
        name,
        rows,
        displaced: displaced.map((count, at) => count + Math.ceil((unknown.counts[at] ?? 0) * share)),
      };
    })
    .filter(({ displaced }) => total(displaced) > 0)
    .map((losable) => ({ losable, weight: weightOf(capacity, losable) }))
    .sort((a, b) => b.weight - a.weight || (a.losable.name < b.losable.name ? -1 : 1))
    .map(({ losable }) => losable);
}

/** The column of each group whose tasks ECS places again, by the group's place; −1 for any other. */
function columnsOf({ capacity, users }: LosablesInput): Int32Array {
  const columns = new Int32Array(capacity.groupCounts.places.size).fill(-1);
  for (const { group, shape } of users) {
    const place = capacity.groupCounts.places.get(group);
    if (isOfService(group) && place !== undefined) columns[place] = columnOf(capacity, shape);
  }
  return columns;
}

function addTo(counts: Int32Array, pairs: Int32Array | undefined, columns: Int32Array, sign: 1 | -1): void {
  if (pairs === undefined) return;
  for (let at = 0; at < pairs.length; at += 2) {
    const column = columns[pairs[at] ?? 0] ?? -1;
    if (column >= 0) counts[column] = (counts[column] ?? 0) + sign * (pairs[at + 1] ?? 0);
  }
}

/** Tasks on instances that nobody looked at: what services have beyond what was seen, by shape. */
function unknownTasks({ capacity, users }: LosablesInput, columns: Int32Array): { counts: Counts; tasks: number } {
  const counts = new Int32Array(capacity.shapes.length);
  let tasks = 0;
  for (const { isTallied, traits } of capacity.rooms) if (!isTallied) tasks += traits.runningTaskCount ?? 0;
  if (tasks === 0) return { counts, tasks };
  for (const { group, shape, wantedCount, unplacedCount } of users) {
    if (!isOfService(group)) continue;
    const column = columnOf(capacity, shape);
    counts[column] = (counts[column] ?? 0) + wantedCount - unplacedCount;
  }
  for (const pairs of capacity.groupCounts.pairs) addTo(counts, pairs, columns, -1);
  return { counts: counts.map((count) => Math.max(0, count)), tasks };
}

/** By the cpu and memory that would have to move: a unit of cpu weighs as much as two MiB, about as AWS sells them. */
function weightOf({ table: { need } }: Capacity, { displaced }: Losable): number {
  return displaced.reduce(
    (sum, count, column) => sum + count * ((need.cpu[column] ?? 0) + (need.memory[column] ?? 0) / 2),
    0,
  );
}
