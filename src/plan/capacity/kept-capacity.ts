// The capacity of the newest look at the cluster, kept for the next: while every room is the same object and the questions
// are the same, so is the table of what fits, and everything that was found out about it.
import { shapeKey, type TaskShape } from '../../model/task-shape.ts';
import type { Room } from '../room.ts';
import type { Rooms } from '../rooms.ts';
import { type Capacity, capacityOf } from './capacity.ts';

interface Made {
  readonly rooms: Rooms;
  readonly empty: ReadonlyMap<string, Room>;
  /** What is asked of the rooms, as text. */
  readonly asked: string;
  readonly capacity: Capacity;
}

let newest: Made | null = null;

/** As `capacityOf`; the same object while nothing that it is made of changes. */
export function keptCapacity(
  rooms: Rooms,
  shapes: readonly TaskShape[],
  { empty, groups }: { empty: ReadonlyMap<string, Room>; groups: readonly string[] },
): Capacity {
  const asked = JSON.stringify([shapes.map(shapeKey).sort(), groups]);
  if (newest !== null && newest.asked === asked && isMadeOf(newest, rooms, empty)) return newest.capacity;
  newest = { rooms, empty, asked, capacity: capacityOf(rooms, shapes, { empty, groups }) };
  return newest.capacity;
}

function isMadeOf(made: Made, rooms: Rooms, empty: ReadonlyMap<string, Room>): boolean {
  return (
    areSame(made.rooms.now, rooms.now) &&
    areSame(made.rooms.inFlight, rooms.inFlight) &&
    made.empty.size === empty.size &&
    [...empty].every(([type, room]) => made.empty.get(type) === room)
  );
}

function areSame(a: readonly Room[], b: readonly Room[]): boolean {
  return a.length === b.length && a.every((room, row) => room === b[row]);
}
