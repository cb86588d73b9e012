// Reads a snapshot once: who stands where, what is wanted, what is promised, what is short. The plan and the report are
// made from this and from nothing else.
import type { Fleet } from '../model/fleet.ts';
import type { ClusterSnapshot } from '../model/snapshot.ts';
import type { TaskShape } from '../model/task-shape.ts';
import { daemonsOf } from './daemons.ts';
import { pendingDemand, type ServiceDemand, serviceDemands } from './demand.ts';
import { type Demand, joined } from './fits.ts';
import { type FleetUnits, fleetUnits } from './fleet-units.ts';
import { unitsInVain } from './in-vain.ts';
import { largestShapes } from './largest.ts';
import type { Holding, LedgerInput } from './ledger.ts';
import { emptyRooms } from './net-capacity.ts';
import { countThatFit, type Room } from './room.ts';
import { type Rooms, roomsOf } from './rooms.ts';
import { type Scenario, type Shortage, worstShortage } from './shortage.ts';

export interface Assessment {
  readonly snapshot: ClusterSnapshot;
  readonly fleet: Fleet;
  readonly holdings: readonly Holding[];
  readonly units: FleetUnits;
  readonly empty: ReadonlyMap<string, Room>;
  readonly rooms: Rooms;
  /** Services whose tasks fit some type of the fleet. */
  readonly demands: readonly ServiceDemand[];
  /** Services whose tasks fit none; they never scale anything. */
  readonly unschedulable: readonly ServiceDemand[];
  readonly largest: readonly TaskShape[];
  readonly promised: readonly Demand[];
  /** Most urgent first. */
  readonly scenarios: readonly Scenario[];
  readonly shortage: Shortage | null;
  /** Units that came lately and cannot host what is short. */
  readonly inVainUnits: number;
  /** What of the shortage is still to be asked for: not what is launching unlisted, nor what came in vain. */
  readonly askUnits: number;
}

export function assess(input: LedgerInput, fleet: Fleet, holdings: readonly Holding[]): Assessment {
  const { snapshot, policy, memory, now } = input;
  const daemons = daemonsOf(snapshot);
  const empty = emptyRooms(snapshot, holdings, daemons);
  const rooms = roomsOf({ holdings, empty, daemons, policy, memory, now });
  const [demands, unschedulable] = byFeasibility(serviceDemands(snapshot, holdings), fleet, empty);
  const largest = largestShapes(demands.map(({ shape }) => shape));
  const promised = largest.map((shape) => ({ shape, count: policy.headroom.largestTasks }));
  const pending = joined(pendingDemand(demands));
  const scenarios: Scenario[] = [
    { name: 'now', demand: pending },
    { name: 'promise', demand: joined(pending, promised) },
  ];
  const shortage = worstShortage({ scenarios, rooms: [...rooms.now, ...rooms.inFlight], empty, fleet });
  const units = fleetUnits(fleet, holdings);
  const inVainUnits = shortage === null ? 0 : unitsInVain({ holdings, empty, missing: shortage.missing, policy, now });
  const askUnits = Math.max(0, (shortage?.units ?? 0) - units.unlisted - inVainUnits);
  const needs = { demands, unschedulable, largest, promised, scenarios, shortage, inVainUnits, askUnits };
  return { snapshot, fleet, holdings, units, empty, rooms, ...needs };
}

/** A shape fits no type only when every type's size is known. */
function byFeasibility(
  all: readonly ServiceDemand[],
  fleet: Fleet,
  empty: ReadonlyMap<string, Room>,
): [demands: ServiceDemand[], unschedulable: ServiceDemand[]] {
  const canTell = fleet.options.every(({ instanceType }) => empty.has(instanceType));
  const isPossible = ({ shape }: ServiceDemand) =>
    !canTell || [...empty.values()].some((room) => countThatFit(room, shape) > 0);
  return [all.filter(isPossible), all.filter((demand) => !isPossible(demand))];
}
