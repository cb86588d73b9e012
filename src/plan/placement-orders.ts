// Where displaced tasks may land. ECS places by each service's own strategy (spread, binpack, random), not by ours, and
// a placement that fills the promised room would undo a scale-in as soon as it is done. So room is tried under the
// extremes: the instance with most or least cpu or memory left takes each task.
import type { Demand } from './fits.ts';
import { countThatFit, occupy, type Room } from './room.ts';

type Preference = (room: Room) => number;

const PREFERENCES: readonly Preference[] = [
  (room) => room.cpuUnits,
  (room) => -room.cpuUnits,
  (room) => room.memoryMiB,
  (room) => -room.memoryMiB,
];

/** The rooms as they may be afterwards, once for each extreme; null for one under which a task finds no place. */
export function placements(rooms: readonly Room[], demands: readonly Demand[]): (readonly Room[] | null)[] {
  return PREFERENCES.map((preference) => placedBy(preference, rooms, demands));
}

function placedBy(preference: Preference, rooms: readonly Room[], demands: readonly Demand[]): readonly Room[] | null {
  const left = [...rooms];
  for (const { shape, count } of demands) {
    for (let task = 0; task < count; task += 1) {
      const index = favourite(left, preference, (room) => countThatFit(room, shape) > 0);
      const room = index === null ? undefined : left[index];
      if (index === null || room === undefined) return null;
      left[index] = occupy(room, shape, 1);
    }
  }
  return left;
}

function favourite(rooms: readonly Room[], preference: Preference, fits: (room: Room) => boolean): number | null {
  return rooms.reduce<number | null>((best, room, index) => {
    const standing = best === null ? undefined : rooms[best];
    const isBetter = standing === undefined || preference(room) > preference(standing);
    return isBetter && fits(room) ? index : best;
  }, null);
}
