// What would lose its place if a pool, or a zone, were lost all at once: the tasks that stand there and that ECS would
// place again. Where an instance's tasks are not known, its share of what services have beyond what was seen.
import { type Capacity, columnOf } from './capacity/capacity.ts';
import { type Counts, total } from './capacity/pack.ts';
import type { User } from './demand.ts';
import type { Room } from './room.ts';

/** Rows that are lost together, and what would lose its place with them. */
export interface Losable {
  readonly name: string;
  readonly rows: readonly number[];
  readonly displaced: Counts;
}

export interface LosablesInput {
  readonly capacity: Capacity;
  readonly users: readonly User[];
  readonly isSpot: (room: Room) => boolean;
}

/** Pools (or zones) with something to lose, heaviest first. */
export function losables(input: LosablesInput, nameOf: (room: Room) => string | null): Losable[] {
  const { capacity, isSpot } = input;
  const parts = new Map<string, { rows: number[]; displaced: Int32Array; unknownTasks: number }>();
  const columns = columnsOf(input);
  const unknown = unknownTasks(input, columns);
  capacity.rooms.forEach((room, row) => {
    const name = nameOf(room);
    if (name === null || !isSpot(room)) return;
    const part = parts.get(name) ?? { rows: [], displaced: new Int32Array(capacity.shapes.length), unknownTasks: 0 };
    parts.set(name, part);
    part.rows.push(row);
    if (!room.isTallied) part.unknownTasks += room.traits.runningTaskCount ?? 0;
    const pairs = pairsOf(room.groups, columns);
    for (let at = 0; at < pairs.length; at += 2) {
      const column = pairs[at] ?? 0;
      part.displaced[column] = (part.displaced[column] ?? 0) + (pairs[at + 1] ?? 0);
    }
  });
  return [...parts]
    .map(([name, { rows, displaced, unknownTasks: tasks }]) => {
      const share = unknown.tasks === 0 ? 0 : tasks / unknown.tasks;
      return { name, rows, displaced: displaced.map((count, at) => count + Math.ceil((unknown.counts[at] ?? 0) * share)) };
    })
    .filter(({ displaced }) => total(displaced) > 0)
    .sort((a, b) => weightOf(capacity, b) - weightOf(capacity, a) || (a.name < b.name ? -1 : 1));
}

/** Groups whose tasks ECS places again, with the column of their shape. */
interface GroupColumns {
  readonly id: number;
  readonly byGroup: ReadonlyMap<string, number>;
}

let newestColumns: { readonly text: string; readonly columns: GroupColumns } | null = null;

function columnsOf({ capacity, users }: LosablesInput): GroupColumns {
  const byGroup = new Map(
    users.flatMap(({ group, shape }): [string, number][] =>
      group.startsWith('service:') ? [[group, columnOf(capacity, shape)]] : [],
    ),
  );
  const text = JSON.stringify([...byGroup]);
  if (newestColumns?.text === text) return newestColumns.columns;
  newestColumns = { text, columns: { id: (newestColumns?.columns.id ?? 0) + 1, byGroup } };
  return newestColumns.columns;
}

const knownPairs = new WeakMap<ReadonlyMap<string, number>, { readonly id: number; readonly pairs: Int32Array }>();

/** Column and count, alternating, of what stands on an instance; counted once while neither changes. */
function pairsOf(groups: ReadonlyMap<string, number>, { id, byGroup }: GroupColumns): Int32Array {
  const known = knownPairs.get(groups);
  if (known?.id === id) return known.pairs;
  const flat: number[] = [];
  for (const [group, count] of groups) {
    const column = byGroup.get(group);
    if (column !== undefined) flat.push(column, count);
  }
  const pairs = Int32Array.from(flat);
  knownPairs.set(groups, { id, pairs });
  return pairs;
}

/** Tasks on instances that nobody looked at: what services have beyond what was seen, by shape. */
function unknownTasks({ capacity, users }: LosablesInput, columns: GroupColumns): { counts: Counts; tasks: number } {
  const counts = new Int32Array(capacity.shapes.length);
  const blind = capacity.rooms.filter(({ isTallied }) => !isTallied);
  const tasks = blind.reduce((sum, { traits }) => sum + (traits.runningTaskCount ?? 0), 0);
  if (tasks === 0) return { counts, tasks };
  for (const { group, shape, wantedCount, unplacedCount } of users) {
    if (!columns.byGroup.has(group)) continue;
    const column = columnOf(capacity, shape);
    counts[column] = (counts[column] ?? 0) + wantedCount - unplacedCount;
  }
  for (const room of capacity.rooms) {
    const pairs = pairsOf(room.groups, columns);
    for (let at = 0; at < pairs.length; at += 2) {
      const column = pairs[at] ?? 0;
      counts[column] = Math.max(0, (counts[column] ?? 0) - (pairs[at + 1] ?? 0));
    }
  }
  return { counts, tasks };
}

/** By the cpu and memory that would have to move, in shares of all that moves anywhere. */
function weightOf({ table: { need } }: Capacity, { displaced }: Losable): number {
  return displaced.reduce(
    (sum, count, column) => sum + count * ((need.cpu[column] ?? 0) + (need.memory[column] ?? 0) / 2),
    0,
  );
}
