// What a plain implementation does, to measure ours against in the same run: tasks one by one, largest first, each on the
// first instance with room. No grouping of equal tasks, no ordering of rooms; otherwise as quick as it can be written.
import type { TaskShape } from '../src/model/task-shape.ts';
import { groundObstacle } from '../src/plan/capacity/ground.ts';
import { isExclusive, type Room } from '../src/plan/room.ts';

export interface Wanted {
  readonly shape: TaskShape;
  readonly count: number;
}

/** How many tasks find no place. */
export function firstFit(rooms: readonly Room[], wanted: readonly Wanted[]): number {
  const grounds = groundsOf(rooms);
  const spots = rooms.map((room): Spot => spotOf(room, grounds.of(room)));
  const tasks = wanted
    .flatMap(({ shape, count }) => {
      const allowed = grounds.allowing(shape);
      return Array.from({ length: count }, (): Job => ({ shape, allowed, isAlone: isExclusive(shape) }));
    })
    .sort((a, b) => b.shape.cpuUnits - a.shape.cpuUnits || b.shape.memoryMiB - a.shape.memoryMiB);
  let unplaced = 0;
  for (const task of tasks) {
    const spot = spots.find((each) => hasRoom(each, task));
    if (spot === undefined) unplaced += 1;
    else moveIn(spot, task);
  }
  return unplaced;
}

/** A task, with the grounds it may stand on. */
interface Job {
  readonly shape: TaskShape;
  readonly allowed: ReadonlySet<string>;
  readonly isAlone: boolean;
}

interface Spot {
  readonly ground: string;
  cpuUnits: number;
  memoryMiB: number;
  gpus: number;
  eniSlots: number;
  readonly ports: Set<string>;
  readonly groups: Set<string>;
}

function spotOf(room: Room, ground: string): Spot {
  const { cpuUnits, memoryMiB, gpus, eniSlots, takenPorts, groups } = room;
  return { ground, cpuUnits, memoryMiB, gpus, eniSlots, ports: new Set(takenPorts), groups: new Set(groups.keys()) };
}

function hasRoom(spot: Spot, { shape, allowed, isAlone }: Job): boolean {
  if (spot.cpuUnits < shape.cpuUnits || spot.memoryMiB < shape.memoryMiB) return false;
  if (spot.gpus < shape.gpus || spot.eniSlots < shape.eniSlots || !allowed.has(spot.ground)) return false;
  return !isAlone || (!spot.groups.has(shape.group ?? '') && !shape.hostPorts.some((port) => spot.ports.has(port)));
}

function moveIn(spot: Spot, { shape }: Job): void {
  spot.cpuUnits -= shape.cpuUnits;
  spot.memoryMiB -= shape.memoryMiB;
  spot.gpus -= shape.gpus;
  spot.eniSlots -= shape.eniSlots;
  for (const port of shape.hostPorts) spot.ports.add(port);
  if (shape.group !== null) spot.groups.add(shape.group);
}

/** Instances of one type in one zone are alike to every constraint of the bench's services. */
function groundsOf(rooms: readonly Room[]) {
  const samples = new Map<string, Room>();
  const of = ({ instanceType, zone }: Room) => `${instanceType}/${zone}`;
  for (const room of rooms) if (!samples.has(of(room))) samples.set(of(room), room);
  return {
    of,
    allowing: (shape: TaskShape): ReadonlySet<string> =>
      new Set([...samples].flatMap(([name, room]) => (groundObstacle(room, shape) === null ? [name] : []))),
  };
}
