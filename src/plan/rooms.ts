// The rooms of the cluster as it stands: those that take tasks now, and those on their way.
import { NO_RESOURCES, subtract } from '../model/resources.ts';
import type { Daemons } from './daemons.ts';
import type { Holding } from './ledger.ts';
import { occupy, type Room } from './room.ts';

export interface Rooms {
  /** Instances ECS would place a task on now. */
  readonly now: readonly Room[];
  /** Launching or joining, or disconnected and expected back. */
  readonly inFlight: readonly Room[];
}

/** @param empty what a new instance of each type offers */
export function roomsOf(holdings: readonly Holding[], empty: ReadonlyMap<string, Room>, daemons: Daemons): Rooms {
  const now: Room[] = [];
  const inFlight: Room[] = [];
  for (const holding of holdings) {
    switch (holding.standing) {
      case 'serving':
        now.push(...standingRoom(holding, daemons));
        break;
      case 'disconnected':
        if (holding.isExpectedBack) inFlight.push(...standingRoom(holding, daemons));
        break;
      case 'joining':
      case 'launching': {
        const room = empty.get(holding.instanceType);
        if (room !== undefined) inFlight.push({ ...room, owner: holding.instanceId });
        break;
      }
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

/** What is left on a registered instance once the daemons that still have to come are on it. */
function standingRoom({ containerInstance, instanceId }: Holding, daemons: Daemons): Room[] {
  if (containerInstance === null) return [];
  const { remaining, takenPorts, arn } = containerInstance;
  // Subtracting nothing cuts negative leftovers (ECS reports them on over-committed instances) at zero.
  const room: Room = { owner: instanceId, ...subtract(remaining, NO_RESOURCES), takenPorts: new Set(takenPorts) };
  return [daemons.missingOn(arn).reduce((left, shape) => occupy(left, shape, 1), room)];
}
