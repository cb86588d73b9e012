// How many more tasks of a column fit in all, and what is in the way where none does.
import type { Obstacle } from '../report.ts';
import { claimObstacle, obstacleTo, scarcest } from '../room.ts';
import type { Capacity } from './capacity.ts';
import { type Free, fitOn, isClaimed } from './table.ts';

export interface FitCounts {
  /** On instances that take tasks now. */
  readonly now: number;
  readonly inFlight: number;
}

/** As the cluster stands. By column. */
export function fitsNow({ table: { fits, rows, columns }, nowRows }: Capacity): FitCounts[] {
  const now = new Float64Array(columns);
  const inFlight = new Float64Array(columns);
  for (let row = 0; row < rows; row += 1) {
    const counts = row < nowRows ? now : inFlight;
    const from = row * columns;
    for (let column = 0; column < columns; column += 1) {
      counts[column] = (counts[column] ?? 0) + (fits[from + column] ?? 0);
    }
  }
  return Array.from(now, (count, column) => ({ now: count, inFlight: inFlight[column] ?? 0 }));
}

/** How many more fit in all once these rows are as `free` says and every other as it is. */
export function fitsLeft(
  { table }: Capacity,
  column: number,
  { now, free, changed }: { now: FitCounts; free: Free; changed: ReadonlySet<number> },
): number {
  let left = now.now + now.inFlight;
  for (const row of changed) {
    left += fitOn(table, free, row, column) - (table.fits[row * table.columns + column] ?? 0);
  }
  return left;
}

/** What most instances that take tasks lack for one more of a column; null when there are none, or when all have room. */
export function commonObstacle(capacity: Capacity, column: number): Obstacle | null {
  const { fits, columns } = capacity.table;
  const obstacleOn = obstacles(capacity, column);
  const counts = new Map<Obstacle, number>();
  let newest: Obstacle | null = null;
  let alike = 0;
  for (let row = 0; row < capacity.nowRows; row += 1) {
    if ((fits[row * columns + column] ?? 0) > 0) continue;
    const obstacle = obstacleOn(row);
    // Neighbours mostly lack the same, and a count is cheaper kept than looked up.
    if (obstacle === newest) alike += 1;
    else {
      if (newest !== null) counts.set(newest, (counts.get(newest) ?? 0) + alike);
      newest = obstacle;
      alike = 1;
    }
  }
  if (newest !== null) counts.set(newest, (counts.get(newest) ?? 0) + alike);
  return [...counts].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))[0]?.[0] ?? null;
}

/** What keeps one more task of a column from a row: as `obstacleTo` says, asked once a class where that is enough. */
export function obstacles(capacity: Capacity, column: number): (row: number) => Obstacle | null {
  const { table, rooms, shapes } = capacity;
  const shape = shapes[column];
  const ofClass = new Map<number, Obstacle | null>();
  return (row) => {
    const room = rooms[row];
    if (room === undefined || shape === undefined) return null;
    if ((table.fits[row * table.columns + column] ?? 0) > 0) return null;
    const ground = table.classOf[row] ?? 0;
    if (table.allowed[ground * table.columns + column] === 0) {
      if (!ofClass.has(ground)) ofClass.set(ground, obstacleTo(room, shape));
      return ofClass.get(ground) ?? null;
    }
    if (!isClaimed(table, table.free, row, column)) return scarcest(room, shape);
    // An expression over what stands there is a claim as well, and what no waiting cures is told before what waiting does.
    return shape.expressions.length > 0 ? obstacleTo(room, shape) : claimObstacle(room, shape);
  };
}
