// The one kernel: does this demand fit into these rooms, and what does not? Greedy best-fit, largest shapes first: the
// exact question is NP-hard (vector bin packing), and a wrong "no" only buys a little too much, while "yes" is a proof.
import { shapeKey, type TaskShape } from '../model/task-shape.ts';
import { countThatFit, occupy, type Room } from './room.ts';

/** So many tasks of one shape. */
export interface Demand {
  readonly shape: TaskShape;
  readonly count: number;
}

/** What finds no place, shape by shape; empty when everything fits. */
export function unplaced(rooms: readonly Room[], demands: readonly Demand[]): Demand[] {
  const scale = scaleOf(demands);
  const left = [...rooms];
  return largestFirst(demands, scale).flatMap(({ shape, count }) => {
    const missing = place(left, shape, count, scale);
    return missing === 0 ? [] : [{ shape, count: missing }];
  });
}

/**
 * How many instances with this much room, all empty at first, hold the demand; null when one of the shapes does not
 * fit even an empty one.
 */
export function instancesToHold(empty: Room, demands: readonly Demand[]): number | null {
  if (demands.some(({ shape, count }) => count > 0 && countThatFit(empty, shape) === 0)) return null;
  let instances = 0;
  for (let rest = demands.filter(({ count }) => count > 0); rest.length > 0; instances += 1) {
    rest = unplaced([empty], rest);
  }
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

/** Moves tasks in, tightest room first, and returns how many found none. Changes `rooms`. */
function place(rooms: Room[], shape: TaskShape, count: number, scale: Scale): number {
  const order = rooms
    .map((room, index) => ({ index, fit: countThatFit(room, shape), size: sizeIn(scale, room) }))
    .filter(({ fit }) => fit > 0)
    .sort((a, b) => a.size - b.size || a.index - b.index);
  let missing = count;
  for (const { index, fit } of order) {
    if (missing === 0) break;
    const room = rooms[index];
    if (room === undefined) continue;
    const moved = Math.min(fit, missing);
    rooms[index] = occupy(room, shape, moved);
    missing -= moved;
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
