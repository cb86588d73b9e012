// The free space of one instance, what the instance is, and how many tasks of a shape fit into it. Tasks never span
// instances, so rooms are never summed before a task has been fitted into one.
import type { HostPort, Resources } from '../model/resources.ts';
import type { TaskShape } from '../model/task-shape.ts';
import { excludesItself, type Ground, groundObstacle } from './capacity/ground.ts';
import type { Obstacle } from './report.ts';

export interface Room extends Resources, Ground {
  readonly gpus: number;
  readonly eniSlots: number;
  readonly takenPorts: ReadonlySet<HostPort>;
  /** Whether `groups` tells what stands there: tasks of an instance that nobody looked at are not known. */
  readonly isTallied: boolean;
}

/** How many tasks of this shape fit at once: the smallest quotient over all dimensions. */
export function countThatFit(room: Room, shape: TaskShape): number {
  return obstacleTo(room, shape) === null ? Math.min(quotientOf(room, shape), isExclusive(shape) ? 1 : Infinity) : 0;
}

/** What keeps one task of this shape from the room; null when nothing does. Of several, what no waiting cures comes first. */
export function obstacleTo(room: Room, shape: TaskShape): Obstacle | null {
  const ground = groundObstacle(room, shape);
  if (ground !== null) return ground;
  if (shape.hostPorts.some((port) => room.takenPorts.has(port))) return 'port';
  if (shape.isDistinct && room.groups.has(shape.group ?? '')) return 'distinct-instance';
  return quotientOf(room, shape) > 0 ? null : scarcest(room, shape);
}

/** The room that is left after `count` tasks of this shape have moved in. */
export function occupy(room: Room, shape: TaskShape, count: number): Room {
  if (count === 0) return room;
  const { group } = shape;
  return {
    ...room,
    cpuUnits: Math.max(0, room.cpuUnits - shape.cpuUnits * count),
    memoryMiB: Math.max(0, room.memoryMiB - shape.memoryMiB * count),
    gpus: Math.max(0, room.gpus - shape.gpus * count),
    eniSlots: Math.max(0, room.eniSlots - shape.eniSlots * count),
    takenPorts: shape.hostPorts.length === 0 ? room.takenPorts : new Set([...room.takenPorts, ...shape.hostPorts]),
    groups: group === null ? room.groups : new Map([...room.groups, [group, (room.groups.get(group) ?? 0) + count]]),
  };
}

/** Only one task of such a shape stands on an instance. */
export function isExclusive(shape: TaskShape): boolean {
  return shape.hostPorts.length > 0 || shape.isDistinct || excludesItself(shape);
}

/** `m5.large/us-east-1a`; null while the zone is not known. */
export function poolOf({ instanceType, zone }: { instanceType: string; zone: string | null }): string | null {
  return zone === null ? null : `${instanceType}/${zone}`;
}

function quotientOf(room: Room, shape: TaskShape): number {
  return Math.min(
    quotient(room.cpuUnits, shape.cpuUnits),
    quotient(room.memoryMiB, shape.memoryMiB),
    quotient(room.gpus, shape.gpus),
    quotient(room.eniSlots, shape.eniSlots),
  );
}

/** Of what lacks, what lacks most in shares of the need. */
function scarcest(room: Room, shape: TaskShape): Obstacle {
  const shares: readonly (readonly [Obstacle, number])[] = [
    ['memory', share(room.memoryMiB, shape.memoryMiB)],
    ['cpu', share(room.cpuUnits, shape.cpuUnits)],
    ['gpu', share(room.gpus, shape.gpus)],
    ['eni', share(room.eniSlots, shape.eniSlots)],
  ];
  return shares.reduce((least, each) => (each[1] < least[1] ? each : least))[0];
}

function share(room: number, need: number): number {
  return need === 0 ? Number.POSITIVE_INFINITY : room / need;
}

/** A task that reserves none of a resource is not bounded by it. */
function quotient(room: number, need: number): number {
  return need === 0 ? Number.MAX_SAFE_INTEGER : Math.floor(room / need);
}
