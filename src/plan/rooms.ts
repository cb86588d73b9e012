// The rooms of the cluster as it stands: those that take tasks now, and those on their way.
import type { ContainerInstance } from '../model/container-instance.ts';
import { NO_RESOURCES, subtract } from '../model/resources.ts';
import type { Daemons } from './daemons.ts';
import type { Holding } from './ledger.ts';
import type { Memory } from './memory.ts';
import type { Policy } from './policy.ts';
import { occupy, type Room } from './room.ts';

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
  readonly daemons: Daemons;
  readonly policy: Policy;
  readonly memory: Memory;
  readonly now: number;
}

export function roomsOf(input: RoomsInput): Rooms {
  const now: Room[] = [];
  const inFlight: Room[] = [];
  for (const holding of input.holdings) {
    switch (holding.standing) {
      case 'serving':
        now.push(...roomOn(holding, input));
        break;
      case 'disconnected':
        if (isExpectedBack(holding, input)) inFlight.push(...roomOn(holding, input));
        break;
      case 'joining':
      case 'launching':
        inFlight.push(...roomOn(holding, input));
        break;
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

/** What is left on a registered instance, and all of one that has not registered anything yet. */
function roomOn({ containerInstance, instanceId, instanceType }: Holding, { empty, daemons }: RoomsInput): Room[] {
  if (containerInstance !== null && containerInstance.registered.memoryMiB > 0) {
    return [leftOn(containerInstance, daemons)];
  }
  const room = empty.get(instanceType);
  return room === undefined ? [] : [{ ...room, owner: instanceId }];
}

/** The leftovers once the daemons that still have to come are on it. */
function leftOn({ instanceId, arn, remaining, takenPorts }: ContainerInstance, daemons: Daemons): Room {
  // Subtracting nothing cuts negative leftovers (ECS reports them on over-committed instances) at zero.
  const left = { ...subtract(remaining, NO_RESOURCES), takenPorts: new Set(takenPorts) };
  return daemons.missingOn(arn).reduce<Room>((room, shape) => occupy(room, shape, 1), { owner: instanceId, ...left });
}

/** A short disconnect is normal life; only a lasting one is a loss. */
function isExpectedBack({ instanceId }: Holding, { memory, policy, now }: RoomsInput): boolean {
  return now - (memory.disconnectedSince[instanceId] ?? now) <= policy.disconnectGraceMs;
}
