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
export function fitsNow({ table, nowRows }: Capacity): FitCounts[] {
  const now = new Float64Array(table.columns);
  const inFlight = new Float64Array(table.columns);
  table.fits.forEach((fits, row) => {
    const counts = row < nowRows ? now : inFlight;
    for (let column = 0; column < fits.length; column += 1) {
      counts[column] = (counts[column] ?? 0) + (fits[column] ?? 0);
    }
  });
  return Array.from(now, (count, column) => ({ now: count, inFlight: inFlight[column] ?? 0 }));
}

/** How many more fit in all once so much is taken. */
export function fitsLeft({ table }: Capacity, column: number, free: Free): number {
  let left = 0;
  for (let row = 0; row < table.rows; row += 1) left += fitOn(table, free, row, column);
  return left;
}

/** What most instances that take tasks lack for one more, by column; null when there are none, or when all have room. */
export function commonObstacles(capacity: Capacity, columns: readonly number[]): Map<number, Obstacle | null> {
  const asked = columns.map((column) => ({
    obstacleOn: obstacles(capacity, column),
    counts: new Map<Obstacle, number>(),
  }));
  for (let row = 0; row < capacity.nowRows; row += 1) {
    for (const { obstacleOn, counts } of asked) {
      const obstacle = obstacleOn(row);
      if (obstacle !== null) counts.set(obstacle, (counts.get(obstacle) ?? 0) + 1);
    }
  }
  const most = (counts: ReadonlyMap<Obstacle, number>) =>
    [...counts].sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))[0]?.[0] ?? null;
  return new Map(columns.map((column, at) => [column, most(asked[at]?.counts ?? new Map())]));
}

/** What keeps one more task of a column from a row: as `obstacleTo` says, asked once a class where that is enough. */
export function obstacles(capacity: Capacity, column: number): (row: number) => Obstacle | null {
  const { table, rooms, shapes } = capacity;
  const { free, classOf, allowed, columns } = table;
  const shape = shapes[column];
  const ofClass = new Map<number, Obstacle | null>();
  return (row) => {
    const room = rooms[row];
    if (room === undefined || shape === undefined || (table.fits[row]?.[column] ?? 0) > 0) return null;
    const ground = classOf[row] ?? 0;
    if (allowed[ground * columns + column] === 0) {
      if (!ofClass.has(ground)) ofClass.set(ground, obstacleTo(room, shape));
      return ofClass.get(ground) ?? null;
    }
    if (isClaimed(table, free, row, column)) return claimObstacle(room, shape);
    return scarcest(
      {
        cpuUnits: free.cpu[row] ?? 0,
        memoryMiB: free.memory[row] ?? 0,
        gpus: free.gpus[row] ?? 0,
        eniSlots: free.enis[row] ?? 0,
      },
      shape,
    );
  };
}
