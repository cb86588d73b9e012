// The free space of one instance, and how many tasks of a shape fit into it. Tasks never span instances, so rooms are
// never summed before a task has been fitted into one.
import type { InstanceId } from '../model/ids.ts';
import type { HostPort, Resources } from '../model/resources.ts';
import type { TaskShape } from '../model/task-shape.ts';

export interface Room extends Resources {
  /** null for an instance that does not exist yet. */
  readonly owner: InstanceId | null;
  readonly takenPorts: ReadonlySet<HostPort>;
}

/** How many tasks of this shape fit at once: the smallest quotient over all dimensions. */
export function countThatFit(room: Room, shape: TaskShape): number {
  const byPorts = shape.hostPorts.length === 0 ? Number.MAX_SAFE_INTEGER : 1;
  if (shape.hostPorts.some((port) => room.takenPorts.has(port))) return 0;
  return Math.min(byPorts, quotient(room.cpuUnits, shape.cpuUnits), quotient(room.memoryMiB, shape.memoryMiB));
}

/** The room that is left after `count` tasks of this shape have moved in. */
export function occupy(room: Room, shape: TaskShape, count: number): Room {
  if (count === 0) return room;
  return {
    owner: room.owner,
    cpuUnits: Math.max(0, room.cpuUnits - shape.cpuUnits * count),
    memoryMiB: Math.max(0, room.memoryMiB - shape.memoryMiB * count),
    takenPorts: shape.hostPorts.length === 0 ? room.takenPorts : new Set([...room.takenPorts, ...shape.hostPorts]),
  };
}

/** A task that reserves none of a resource is not bounded by it. */
function quotient(room: number, need: number): number {
  return need === 0 ? Number.MAX_SAFE_INTEGER : Math.floor(room / need);
}
