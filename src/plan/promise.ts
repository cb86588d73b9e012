// What room is promised for: so many of each largest shape, the operator's pins, and in the hours of a floor more of them.
import { NO_SHAPE, type TaskShape } from '../model/task-shape.ts';
import type { Capacity } from './capacity/capacity.ts';
import { columnOf } from './capacity/capacity.ts';
import type { Demand, User } from './demand.ts';
import type { Pin, Policy } from './policy.ts';

export interface PromisedRoom {
  readonly promised: readonly Demand[];
  /** Empty while no floor asks for more than the promise. */
  readonly floor: readonly Demand[];
}

/** @param largest columns of the largest shapes, without pins, whose number is their own */
export function promiseOf(
  capacity: Capacity,
  { headroom }: Policy,
  largest: readonly number[],
  { isPossible, floorTasks }: { isPossible: (column: number) => boolean; floorTasks: number },
): PromisedRoom {
  const pins = headroom.pins.filter((pin) => isPossible(columnOf(capacity, pinShape(pin))));
  return {
    promised: roomFor(capacity, largest, headroom.largestTasks, pins),
    floor: floorTasks > headroom.largestTasks ? roomFor(capacity, largest, floorTasks, pins) : [],
  };
}

/** A pin as a shape: a size without constraints. */
export function pinShape({ cpuUnits, memoryMiB, gpus }: Pin): TaskShape {
  return { ...NO_SHAPE, cpuUnits, memoryMiB, gpus };
}

/** A pin as somebody who wants tasks of its shape, one day. */
export function pinUser(pin: Pin): User {
  const nothingYet = { strategies: [], unplacedCount: 0, surgeCount: 0, wantedCount: 0 };
  return { group: 'pin', name: 'pin', shape: pinShape(pin), ...nothingYet };
}

/** A pin of the size of a largest shape is not added to it: the larger number of the two counts. */
function roomFor(capacity: Capacity, largest: readonly number[], tasks: number, pins: readonly Pin[]): Demand[] {
  const counts = new Map(largest.map((column) => [column, tasks]));
  for (const pin of pins) {
    const column = columnOf(capacity, pinShape(pin));
    counts.set(column, Math.max(counts.get(column) ?? 0, pin.tasks));
  }
  return [...counts].flatMap(([column, count]) => {
    const shape = capacity.shapes[column];
    return shape === undefined || count === 0 ? [] : [{ shape, count }];
  });
}
