// The one kernel: does this demand fit into these rooms, and what does not? Greedy best-fit, largest shapes first: the
// exact question is NP-hard (vector bin packing), and a wrong "no" only buys a little too much, while "yes" is a proof.
import { shapeKey, type TaskShape } from '../model/task-shape.ts';
import { countThatFit, occupy, type Room } from './room.ts';

/** So many tasks of one shape. */
export interface Demand {
  readonly shape: TaskShape;
  readonly count: number;
}

/** A way to place a demand. */
export interface Packing {
  /** The rooms as they are afterwards, in the order they were given. */
  readonly left: readonly Room[];
  /** What moved into each room, in the same order. */
  readonly moved: readonly (readonly Demand[])[];
  /** What finds no place, shape by shape; empty when everything fits. */
  readonly unplaced: readonly Demand[];
}

export function pack(rooms: readonly Room[], demands: readonly Demand[]): Packing {
  const scale = scaleOf(demands);
  const left = [...rooms];
  const moved: Demand[][] = rooms.map(() => []);
  const unplaced = largestFirst(demands, scale).flatMap(({ shape, count }) => {
    const missing = place({ left, moved }, shape, count, scale);
    return missing === 0 ? [] : [{ shape, count: missing }];
  });
  return { left, moved, unplaced };
}

/** What of the demand finds no place in the rooms. */
export function unplaced(rooms: readonly Room[], demands: readonly Demand[]): readonly Demand[] {
  return pack(rooms, demands).unplaced;
}

/**
 * How many instances with this much room, all empty at first, hold the demand; null when one of the shapes does not
 * fit even an empty one.
 */
export function instancesToHold(empty: Room, demands: readonly Demand[]): number | null {
  if (demands.some(({ shape, count }) => count > 0 && countThatFit(empty, shape) === 0)) return null;
  let instances = 0;
  let rest: readonly Demand[] = demands.filter(({ count }) => count > 0);
  for (; rest.length > 0; instances += 1) rest = unplaced([empty], rest);
  return instances;
}

/** The demands of several lists together, one entry a shape, in a stable order. */
export function joined(...lists: readonly (readonly Demand[])[]): Demand[] {
  const byShape = new Map<string, Demand>();
  for (const { shape, count } of lists.flat()) {
    const key = shapeKey(shape);
    byShape.set(key, { shape, count: count + (byShape.get(key)?.count ?? 0) });
  }
  return [...byShape.values()].filter(({ count }) => count > 0);
}

/** Moves tasks in, tightest room first, and returns how many found none. Changes what it is given. */
function place(into: { left: Room[]; moved: Demand[][] }, shape: TaskShape, count: number, scale: Scale): number {
  const order = into.left
    .map((room, index) => ({ room, index, fit: countThatFit(room, shape) }))
    .filter(({ fit }) => fit > 0)
    .map((entry) => ({ ...entry, size: sizeIn(scale, entry.room) }))
    .sort((a, b) => a.size - b.size || a.index - b.index);
  let missing = count;
  for (const { room, index, fit } of order) {
    if (missing === 0) break;
    const arriving = Math.min(fit, missing);
    into.left[index] = occupy(room, shape, arriving);
    into.moved[index]?.push({ shape, count: arriving });
    missing -= arriving;
  }
  return missing;
}

/** How much cpu weighs against memory: by what the demand asks of each in all. */
interface Scale {
  readonly cpuUnits: number;
  readonly memoryMiB: number;
}

function scaleOf(demands: readonly Demand[]): Scale {
  const total = (of: (shape: TaskShape) => number) =>
    demands.reduce((sum, { shape, count }) => sum + of(shape) * count, 0);
  return {
    cpuUnits: Math.max(
      1,
      total((shape) => shape.cpuUnits),
    ),
    memoryMiB: Math.max(
      1,
      total((shape) => shape.memoryMiB),
    ),
  };
}

function sizeIn(scale: Scale, size: { cpuUnits: number; memoryMiB: number }): number {
  return size.cpuUnits / scale.cpuUnits + size.memoryMiB / scale.memoryMiB;
}

/** Port-bound shapes first (a room takes only one), then by size; equal sizes by name, so that order never matters. */
function largestFirst(demands: readonly Demand[], scale: Scale): Demand[] {
  const rank = ({ shape }: Demand) => [shape.hostPorts.length > 0 ? 1 : 0, sizeIn(scale, shape)] as const;
  return joined(demands).sort((a, b) => {
    const [portsA, sizeA] = rank(a);
    const [portsB, sizeB] = rank(b);
    return portsB - portsA || sizeB - sizeA || compareText(shapeKey(a.shape), shapeKey(b.shape));
  });
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
