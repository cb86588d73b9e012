// The rooms of the cluster as it stands: those that take tasks now, and those on their way.
import type { ContainerInstance } from '../model/container-instance.ts';
import type { InstanceType } from '../model/instance.ts';
import { NO_RESOURCES, subtract } from '../model/resources.ts';
import { shapeKey } from '../model/task-shape.ts';
import { ATTRIBUTES } from './capacity/ground.ts';
import { type Daemon, missingOn } from './daemons.ts';
import { creditOf, type LeadTime } from './learn/lead-times.ts';
import type { Holding } from './ledger.ts';
import type { Memory } from './memory.ts';
import { eniSlots } from './net-capacity.ts';
import type { Policy } from './policy.ts';
import { asIfReady } from './readiness.ts';
import { notWorked, occupy, type Room } from './room.ts';
import type { Shapes } from './shapes.ts';
import type { Run } from './tally.ts';

export interface Rooms {
  /** Instances ECS would place a task on now. */
  readonly now: readonly Room[];
  /** Launching or joining, or disconnected and expected back. */
  readonly inFlight: readonly Room[];
}

export interface RoomsInput {
  readonly holdings: readonly Holding[];
  /** What a new instance of each type offers. */
  readonly empty: ReadonlyMap<string, Room>;
  readonly sizes: ReadonlyMap<string, InstanceType>;
  readonly daemons: readonly Daemon[];
  readonly shapes: Shapes;
  readonly leadTime: LeadTime;
  readonly policy: Policy;
  readonly memory: Memory;
  readonly now: number;
}

export function roomsOf(input: RoomsInput): Rooms {
  const now: Room[] = [];
  const inFlight: Room[] = [];
  const late = new Map<string, number>();
  const context = contextOf(input);
  for (const holding of input.holdings) {
    switch (holding.standing) {
      case 'serving':
        add(now, roomOn(holding, input, context));
        break;
      case 'at-risk':
        add(now, filled(roomOn(holding, input, context)));
        break;
      case 'disconnected':
        if (isExpectedBack(holding, input)) add(inFlight, roomOn(holding, input, context));
        break;
      case 'joining':
      case 'launching':
        if (isCredited(holding, input, late)) add(inFlight, roomOn(holding, input, context));
        break;
      case 'cordoned':
      case 'not-ready':
      case 'in-storm':
      case 'noticed':
      case 'retiring':
      case 'draining':
      case 'orphan':
      case 'gone':
        break;
      default:
        holding.standing satisfies never;
    }
  }
  return { now, inFlight };
}

/**
 * What is late counts less and less: of four instances of a type that are as late as two of them are worth, two count.
 * The first of them are told apart by nothing but their ids, so that equal clusters plan equally.
 */
function isCredited({ launchedAt, instanceType }: Holding, { leadTime, now }: RoomsInput, late: Map<string, number>) {
  const credit = launchedAt === null ? 1 : creditOf(now - launchedAt, leadTime);
  if (credit === 1) return true;
  const sum = (late.get(instanceType) ?? 0) + credit;
  late.set(instanceType, sum >= 1 ? sum - 1 : sum);
  return sum >= 1;
}

/**
 * An instance that may have to be left: what stands there would be lost with its pool, and no room is counted on. Should
 * ECS place a task there all the same, it has a place.
 */
function filled(room: Room | null): Room | null {
  return room && { ...room, cpuUnits: 0, memoryMiB: 0, gpus: 0, eniSlots: 0, worked: notWorked() };
}

function add(rooms: Room[], room: Room | null): void {
  if (room !== null) rooms.push(room);
}

/** What is left on a registered instance, and all of one that has not registered anything yet; null where nobody can tell. */
function roomOn(holding: Holding, input: RoomsInput, context: number): Room | null {
  const { containerInstance, instanceId, instanceType, zone, isSpot } = holding;
  if (containerInstance?.registered != null && containerInstance.registered.memoryMiB > 0) {
    // An instance on which nothing changed keeps its room from pass to pass.
    const { worked } = holding;
    if (worked.context !== context) {
      worked.context = context;
      worked.room = leftOn(holding, containerInstance, input);
    }
    return worked.room;
  }
  // Registered lists without cpu or memory say nothing that could be counted on; nor does an instance that takes tasks
  // and registered no memory.
  if (containerInstance !== null && (containerInstance.registered === null || holding.standing === 'serving'))
    return null;
  const room = input.empty.get(instanceType);
  return room === undefined ? null : { ...room, owner: instanceId, zone, isSpot, worked: notWorked() };
}

/** The leftovers once the daemons that still have to come are on it; null where ECS does not say what is left. */
function leftOn(holding: Holding, on: ContainerInstance, input: RoomsInput): Room | null {
  const { instanceId, instanceType, zone, tally, isSpot } = holding;
  if (on.remaining === null) return null;
  const size = input.sizes.get(instanceType);
  const slots = size === undefined ? 0 : eniSlots(size, on.attributes[ATTRIBUTES.trunk] !== undefined);
  const room: Room = {
    owner: instanceId,
    instanceType,
    zone,
    isSpot,
    // Subtracting nothing cuts negative leftovers at zero: an over-committed instance has no room.
    ...subtract(on.remaining, NO_RESOURCES),
    gpus: Math.max(0, on.gpus - usedOn(holding, on, input, ({ gpus }) => gpus)),
    eniSlots: Math.max(0, slots - usedOn(holding, on, input, (shape) => shape.eniSlots)),
    takenPorts: new Set(on.takenPorts),
    groups: tally?.groups ?? new Map(),
    worked: notWorked(),
    isTallied: tally !== null,
    traits: {
      // Room on its way is room for those as well who will not come before it is ready.
      attributes: holding.standing === 'joining' ? asIfReady(on.attributes) : on.attributes,
      architecture: size?.architecture ?? null,
      agentVersion: on.agentVersion,
      registeredAt: on.registeredAt,
      runningTaskCount: on.runningTaskCount,
    },
  };
  // Without the tasks every daemon would look missing everywhere, and that room would be bought.
  const missing = tally === null ? [] : missingOn(input.daemons, room, tally);
  return missing.reduce((left, shape) => occupy(left, shape, 1), room);
}

/** What ECS does not list as remaining: counted from the tasks, and where these are not known, one a task. */
function usedOn(
  { tally }: Holding,
  on: ContainerInstance,
  { shapes }: RoomsInput,
  of: (shape: { readonly gpus: number; readonly eniSlots: number }) => number,
): number {
  if (tally === null) return on.runningTaskCount + on.pendingTaskCount;
  const each = ({ taskDefinition, wanted }: Run) => {
    const definition = shapes.definitions.get(taskDefinition);
    return definition === undefined ? 0 : of(definition.shape) * wanted;
  };
  return tally.runs.reduce((sum, run) => sum + each(run), 0);
}

const contexts = new Map<string, number>();
let newestContext = 0;

/** A number for everything besides the instance itself that its room depends on: equal while that is. */
function contextOf({ daemons, shapes, sizes }: RoomsInput): number {
  const special = [...shapes.definitions.values()].filter(({ shape }) => shape.gpus > 0 || shape.eniSlots > 0);
  const text = JSON.stringify([
    daemons.map(({ group, shape }) => [group, shapeKey(shape)]),
    special.map(({ arn, shape }) => [arn, shape.gpus, shape.eniSlots]),
    [...sizes.values()].map(({ name, eniSlots: slots, eniSlotsWithTrunk }) => [name, slots, eniSlotsWithTrunk]),
  ]);
  const known = contexts.get(text);
  if (known !== undefined) return known;
  // Definitions and daemons change a few times a day; a pass only ever asks about the newest ones.
  contexts.clear();
  newestContext += 1;
  contexts.set(text, newestContext);
  return newestContext;
}

/** A short disconnect is normal life; only a lasting one is a loss. */
function isExpectedBack({ instanceId }: Holding, { memory, policy, now }: RoomsInput): boolean {
  return now - (memory.disconnectedSince[instanceId] ?? now) <= policy.disconnectGraceMs;
}
