// What a new instance of a type will really offer: what such instances register with ECS, minus the daemons. Learned
// from live ones, estimated before the first.
import { ATTRIBUTE } from '../model/attributes.ts';
import type { Fleet } from '../model/fleet.ts';
import type { InstanceType } from '../model/instance.ts';
import type { HostPort, Resources } from '../model/resources.ts';
import type { ClusterSnapshot } from '../model/snapshot.ts';
import { ATTRIBUTES, type Traits } from './capacity/ground.ts';
import { type Daemon, missingOn } from './daemons.ts';
import type { Holding } from './ledger.ts';
import { notWorked, occupy, type Room } from './room.ts';
import { NO_TASKS } from './tally.ts';

// Kernel and firmware keep part of the memory EC2 sells. Nitro types lose 4 to 9 %; this line lies below every
// published value of registered memory, so the estimate errs towards launching too much.
const KEPT_MIB = 200;
const KEPT_SHARE = 0.045;

// What the ECS agent reserves by default: SSH, the Docker daemon, its own two.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-config.html (ECS_RESERVED_PORTS)
const RESERVED_PORTS: ReadonlySet<HostPort> = new Set<HostPort>([
  'tcp:22',
  'tcp:2375',
  'tcp:2376',
  'tcp:51678',
  'tcp:51679',
]);

/** An empty room a type, for each type the fleet may launch and whose size is known. Its zone is never known. */
export function emptyRooms(
  snapshot: ClusterSnapshot,
  holdings: readonly Holding[],
  {
    learned,
    daemons,
    sizes: remembered,
  }: { learned: ReadonlyMap<string, Learned>; daemons: readonly Daemon[]; sizes: LearnedSizes },
): Map<string, Room> {
  const sizes = sizesOf(snapshot);
  const isTrunked = isTrunkingOn(holdings);
  const rooms = new Map<string, Room>();
  for (const instanceType of launchable(snapshot.fleet)) {
    const size = sizes.get(instanceType) ?? null;
    const live = learned.get(instanceType) ?? null;
    const earlier = Object.hasOwn(remembered, instanceType) ? remembered[instanceType] : undefined;
    const registered = live ?? earlier ?? (size === null ? null : estimated(size));
    if (registered === null) continue;
    const bare: Room = {
      owner: null,
      instanceType,
      zone: null,
      cpuUnits: registered.cpuUnits,
      memoryMiB: registered.memoryMiB,
      gpus: live?.gpus ?? earlier?.gpus ?? size?.gpus ?? 0,
      eniSlots: size === null ? 0 : eniSlots(size, isTrunked),
      takenPorts: RESERVED_PORTS,
      groups: new Map(),
      worked: notWorked(),
      isSpot: true,
      isTallied: true,
      traits: traitsOfNew(live, size),
    };
    rooms.set(instanceType, withDaemons(bare, daemons));
  }
  newest = rooms;
  return rooms;
}

/** Those of the newest look: a room that is still the same is the same object, with all that was worked out of it. */
let newest: ReadonlyMap<string, Room> = new Map();

function withDaemons(bare: Room, daemons: readonly Daemon[]): Room {
  const room = missingOn(daemons, bare, NO_TASKS).reduce((left, shape) => occupy(left, shape, 1), bare);
  const before = newest.get(room.instanceType);
  return before !== undefined && isSameRoom(before, room) ? before : room;
}

/** Of two empty rooms of one type: whatever else is in them follows from the type. */
function isSameRoom(a: Room, b: Room): boolean {
  return (
    a.cpuUnits === b.cpuUnits &&
    a.memoryMiB === b.memoryMiB &&
    a.gpus === b.gpus &&
    a.eniSlots === b.eniSlots &&
    areEqual(a.traits.attributes, b.traits.attributes) &&
    a.traits.architecture === b.traits.architecture &&
    [...a.takenPorts].join() === [...b.takenPorts].join() &&
    [...a.groups.keys()].join() === [...b.groups.keys()].join()
  );
}

function areEqual(a: Traits['attributes'], b: Traits['attributes']): boolean {
  if (a === b || a === null || b === null) return a === b;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}

/** The types by name, as EC2 describes them. */
export function sizesOf({ instanceTypes }: ClusterSnapshot): ReadonlyMap<string, InstanceType> {
  return new Map(instanceTypes.map((type) => [type.name, type]));
}

/** `awsvpc` tasks such an instance takes in all. */
export function eniSlots(size: InstanceType, isTrunked: boolean): number {
  return isTrunked ? (size.eniSlotsWithTrunk ?? size.eniSlots) : size.eniSlots;
}

/** By type: what instances registered. */
export type LearnedSizes = Readonly<Record<string, Resources & { readonly gpus: number }>>;

/** What is known of sizes after a look: a type keeps its size when the last instance of it has left. */
export function sizesAfter(before: LearnedSizes, learned: ReadonlyMap<string, Learned>): LearnedSizes {
  const now = [...learned].map(
    ([type, { cpuUnits, memoryMiB, gpus }]) => [type, { cpuUnits, memoryMiB, gpus }] as const,
  );
  return { ...before, ...Object.fromEntries(now) };
}

/** What live instances of a type say of the next one. */
export interface Learned extends Resources {
  readonly gpus: number;
  /** Of the one that joined last: launch templates change. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly registeredAt: number;
}

/** The least that any live instance of the type registered: images differ, and the least is what can be promised. */
export function learnedByType(holdings: readonly Holding[]): Map<string, Learned> {
  const types = new Map<string, Learned>();
  for (const { containerInstance, instanceType } of holdings) {
    const registered = containerInstance?.registered;
    if (!containerInstance || !registered || registered.memoryMiB <= 0) continue;
    const { gpus, registeredAt, attributes } = containerInstance;
    const before = types.get(instanceType);
    if (before === undefined) {
      types.set(instanceType, { ...registered, gpus, registeredAt, attributes });
      continue;
    }
    const isNewest = registeredAt > before.registeredAt;
    const isSame =
      registered.cpuUnits >= before.cpuUnits && registered.memoryMiB >= before.memoryMiB && gpus >= before.gpus;
    if (isSame && !isNewest) continue;
    types.set(instanceType, {
      cpuUnits: Math.min(before.cpuUnits, registered.cpuUnits),
      memoryMiB: Math.min(before.memoryMiB, registered.memoryMiB),
      gpus: Math.min(before.gpus, gpus),
      registeredAt: Math.max(before.registeredAt, registeredAt),
      attributes: isNewest ? attributes : before.attributes,
    });
  }
  return types;
}

function estimated({ nominal: { cpuUnits, memoryMiB } }: InstanceType): Resources {
  return { cpuUnits, memoryMiB: Math.max(0, Math.floor(memoryMiB * (1 - KEPT_SHARE) - KEPT_MIB)) };
}

/** Trunking is an account setting, taken up at registration: where one instance has a trunk, a new one will. */
function isTrunkingOn(holdings: readonly Holding[]): boolean {
  return holdings.some(({ containerInstance }) => containerInstance?.attributes[ATTRIBUTES.trunk] !== undefined);
}

function traitsOfNew(live: Learned | null, size: InstanceType | null): Traits {
  return {
    attributes: live === null ? null : ofTheKind(live.attributes),
    architecture: size?.architecture ?? null,
    agentVersion: null,
    registeredAt: null,
    runningTaskCount: 0,
  };
}

const kinds = new WeakMap<object, Readonly<Record<string, string>>>();

/**
 * What the next instance of a type will carry as well, once it is ready. Not what only this one does: our own marks (a
 * notice, a cordon, whether it is ready), and which trunk, subnet or zone is its own.
 */
function ofTheKind(attributes: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const known = kinds.get(attributes);
  if (known !== undefined) return known;
  const shared = Object.entries(attributes).flatMap(([name, value]): [string, string][] => {
    if (name.startsWith('spotkeeper.') || name === ATTRIBUTES.zone || name === ATTRIBUTES.subnet) return [];
    return [[name, name === ATTRIBUTES.trunk ? '' : value]];
  });
  const kind = { ...Object.fromEntries(shared), [ATTRIBUTE.ready]: 'yes' };
  kinds.set(attributes, kind);
  return kind;
}

function launchable(fleet: Fleet | null): readonly string[] {
  return (fleet?.options ?? []).map(({ instanceType }) => instanceType).sort();
}
