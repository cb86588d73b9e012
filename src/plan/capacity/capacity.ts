// The cluster's capacity as one table: the rooms that take tasks now, then those in flight, against every shape that
// anybody wants, is promised, or may lose its place.
import { shapeKey, type TaskShape } from '../../model/task-shape.ts';
import type { Demand } from '../demand.ts';
import type { Room } from '../room.ts';
import type { Rooms } from '../rooms.ts';
import { type GroupCounts, groupCountsOf, type Spread, spreadOver } from './group-counts.ts';
import type { Counts } from './pack.ts';
import { type Table, tableOf } from './table.ts';

export interface Capacity {
  /** The rows. */
  readonly rooms: readonly Room[];
  /** So many of them, the first ones, take tasks now. */
  readonly nowRows: number;
  /** The columns. */
  readonly shapes: readonly TaskShape[];
  /** By shape key. */
  readonly columns: ReadonlyMap<string, number>;
  readonly table: Table;
  /** Groups of those who want tasks, and where their tasks stand. */
  readonly groupCounts: GroupCounts;
  /** The rows as spreading over an attribute sees them; worked out once an attribute. */
  spread(attribute: string | null): Spread;
  /** One empty room a type the fleet may launch: the rows of `types`. */
  readonly typeNames: readonly string[];
  readonly types: Table;
}

export function capacityOf(
  { now, inFlight }: Rooms,
  shapes: readonly TaskShape[],
  { empty, groups }: { empty: ReadonlyMap<string, Room>; groups: readonly string[] },
): Capacity {
  const distinct = new Map(shapes.map((shape) => [shapeKey(shape), shape]));
  const keys = [...distinct.keys()].sort();
  const columns = new Map(keys.map((key, column) => [key, column]));
  const inOrder = keys.flatMap((key) => distinct.get(key) ?? []);
  const rooms = [...now, ...inFlight];
  const groupCounts = groupCountsOf(rooms, groups);
  const spreads = new Map<string | null, Spread>();
  const types = [...empty].sort(([a], [b]) => (a < b ? -1 : 1));
  const table = tableOf(rooms, inOrder);
  return {
    rooms,
    nowRows: now.length,
    shapes: inOrder,
    columns,
    table,
    groupCounts,
    spread(attribute) {
      const spread = spreads.get(attribute) ?? spreadOver(rooms, groupCounts, { attribute, order: table.rowOrder });
      spreads.set(attribute, spread);
      return spread;
    },
    typeNames: types.map(([name]) => name),
    types: tableOf(
      types.map(([, room]) => room),
      inOrder,
    ),
  };
}

/** The column of a shape. @throws RangeError for a shape that is not in the table: a bug of the caller */
export function columnOf({ columns }: Capacity, shape: TaskShape): number {
  const column = columns.get(shapeKey(shape));
  if (column === undefined) throw new RangeError(`no column for ${shapeKey(shape)}`);
  return column;
}

export function countsOf(capacity: Capacity, demands: readonly Demand[]): Counts {
  const counts = new Int32Array(capacity.shapes.length);
  for (const { shape, count } of demands) {
    const column = columnOf(capacity, shape);
    counts[column] = (counts[column] ?? 0) + count;
  }
  return counts;
}

export function demandsOf({ shapes }: Capacity, counts: Counts): Demand[] {
  return shapes.flatMap((shape, column) => {
    const count = counts[column] ?? 0;
    return count > 0 ? [{ shape, count }] : [];
  });
}
