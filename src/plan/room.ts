// The free space of one instance, what the instance is, and how many tasks of a shape fit into it. Tasks never span
// instances, so rooms are never summed before a task has been fitted into one.
import type { HostPort, Resources } from '../model/resources.ts';
import type { TaskShape } from '../model/task-shape.ts';
import { excludesItself, type Ground, groundObstacle } from './capacity/ground.ts';
import type { Layout, RowFacts } from './capacity/row-facts.ts';
import type { Obstacle } from './report.ts';

export interface Room extends Resources, Ground {
  readonly gpus: number;
  readonly eniSlots: number;
  readonly takenPorts: ReadonlySet<HostPort>;
  /** Whether it is lost with its Spot pool. */
  readonly isSpot: boolean;
  /** What has been worked out of it, so that it need not be at every pass. */
  readonly worked: Worked;
  /** Whether `groups` tells what stands there: tasks of an instance that nobody looked at are not known. */
  readonly isTallied: boolean;
}

export interface Worked {
  facts: RowFacts | null;
  /** What the facts were worked out for. */
  layout: Layout | null;
  pairs: Int32Array | null;
  /** What the pairs were worked out for. */
  places: ReadonlyMap<string, number> | null;
}

export function notWorked(): Worked {
  return { facts: null, layout: null, pairs: null, places: null };
}

/** How many tasks of this shape fit at once: the smallest quotient over all dimensions. */
export function countThatFit(room: Room, shape: TaskShape): number {
  return obstacleTo(room, shape) === null ? Math.min(quotientOf(room, shape), isExclusive(shape) ? 1 : UNBOUNDED) : 0;
}

/** What keeps one task of this shape from the room; null when nothing does. Of several, what no waiting cures comes first. */
export function obstacleTo(room: Room, shape: TaskShape): Obstacle | null {
  const ground = groundObstacle(room, shape);
  if (ground !== null) return ground;
  if (isHeld(room, shape)) return claimObstacle(room, shape);
  return quotientOf(room, shape) > 0 ? null : scarcest(room, shape);
}

/** Which of the things that one task only can have on an instance somebody else has. */
export function claimObstacle(room: Room, shape: TaskShape): Obstacle {
  if (shape.hostPorts.some((port) => room.takenPorts.has(port))) return 'port';
  return shape.isDistinct ? 'distinct-instance' : 'member-of';
}

/** The room that is left after `count` tasks of this shape have moved in. */
export function occupy(room: Room, shape: TaskShape, count: number): Room {
  if (count === 0) return room;
  const { group } = shape;
  return {
    ...room,
    worked: notWorked(),
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
  return shape.hostPorts.length > 0 || standsAlone(shape);
}

/** No two tasks of its group stand on one instance: by `distinctInstance`, or by an expression that says as much. */
export function standsAlone(shape: TaskShape): boolean {
  return shape.isDistinct || excludesItself(shape);
}

/** `m5.large/us-east-1a`; null while the zone is not known. */
export function poolOf({ instanceType, zone }: { instanceType: string; zone: string | null }): string | null {
  if (zone === null) return null;
  const ofType = pools.get(instanceType) ?? new Map<string, string>();
  pools.set(instanceType, ofType);
  const pool = ofType.get(zone) ?? `${instanceType}/${zone}`;
  ofType.set(zone, pool);
  return pool;
}

/** By type and zone, of which there are a few hundred; the names of thousands of instances need not be made at every pass. */
const pools = new Map<string, Map<string, string>>();

function isHeld(room: Room, shape: TaskShape): boolean {
  const isOccupied = standsAlone(shape) && room.groups.has(shape.group ?? '');
  return isOccupied || shape.hostPorts.some((port) => room.takenPorts.has(port));
}

function quotientOf(room: Room, shape: TaskShape): number {
  return Math.min(
    quotient(room.cpuUnits, shape.cpuUnits),
    quotient(room.memoryMiB, shape.memoryMiB),
    quotient(room.gpus, shape.gpus),
    quotient(room.eniSlots, shape.eniSlots),
  );
}

type Sizes = Pick<Room, 'cpuUnits' | 'memoryMiB' | 'gpus' | 'eniSlots'>;

/** Of what lacks, what lacks most in shares of the need. */
export function scarcest(room: Sizes, shape: TaskShape): Obstacle {
  let least: Obstacle = 'memory';
  let lowest = share(room.memoryMiB, shape.memoryMiB);
  const consider = (obstacle: Obstacle, amount: number) => {
    if (amount >= lowest) return;
    least = obstacle;
    lowest = amount;
  };
  consider('cpu', share(room.cpuUnits, shape.cpuUnits));
  consider('gpu', share(room.gpus, shape.gpus));
  consider('eni', share(room.eniSlots, shape.eniSlots));
  return least;
}

function share(room: number, need: number): number {
  return need === 0 ? Number.POSITIVE_INFINITY : room / need;
}

/** As many as it takes to call it no bound, and few enough to be added up over thousands of instances. */
const UNBOUNDED = 1_000_000;

/** How often a need goes into a room; a task that reserves none of a resource is not bounded by it. */
export function quotient(room: number, need: number): number {
  return need === 0 ? UNBOUNDED : Math.min(UNBOUNDED, Math.floor(room / need));
}
