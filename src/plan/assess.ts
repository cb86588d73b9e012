// Reads a snapshot once: who stands where, what is wanted, what is promised, what is short. Decisions and the report
// are made from this and from nothing else.
import type { Fleet } from '../model/fleet.ts';
import type { ClusterSnapshot } from '../model/snapshot.ts';
import type { TaskShape } from '../model/task-shape.ts';
import { daemonsOf } from './daemons.ts';
import { pendingDemand, type ServiceDemand, serviceDemands } from './demand.ts';
import { type Demand, joined } from './fits.ts';
import { unitsInVain } from './in-vain.ts';
import { largestShapes } from './largest.ts';
import type { Holding } from './ledger.ts';
import { emptyRooms } from './net-capacity.ts';
import type { Policy } from './policy.ts';
import { countThatFit, type Room } from './room.ts';
import { type Rooms, roomsOf } from './rooms.ts';
import { type Scenario, type Shortage, worstShortage } from './shortage.ts';

export interface Assessment {
  readonly snapshot: ClusterSnapshot;
  readonly fleet: Fleet;
  readonly holdings: readonly Holding[];
  readonly empty: ReadonlyMap<string, Room>;
  readonly rooms: Rooms;
  /** Services whose tasks fit some type of the fleet. */
  readonly demands: readonly ServiceDemand[];
  /** Services whose tasks fit none; they never scale anything. */
  readonly impossible: readonly ServiceDemand[];
  readonly largest: readonly TaskShape[];
  readonly promised: readonly Demand[];
  readonly scenarios: readonly Scenario[];
  readonly shortage: Shortage | null;
  /** Units that are there and cannot host what is short. */
  readonly inVainUnits: number;
}

export function assess(
  snapshot: ClusterSnapshot,
  fleet: Fleet,
  holdings: readonly Holding[],
  policy: Policy,
): Assessment {
  const daemons = daemonsOf(snapshot);
  const empty = emptyRooms(snapshot, holdings, daemons);
  const rooms = roomsOf(holdings, empty, daemons);
  const [demands, impossible] = byFeasibility(serviceDemands(snapshot, holdings), empty);
  const largest = largestShapes(demands.map(({ shape }) => shape));
  const promised = largest.map((shape) => ({ shape, count: policy.headroom.largestTasks }));
  const pending = joined(pendingDemand(demands));
  const scenarios: Scenario[] = [
    { name: 'now', demand: pending },
    { name: 'promise', demand: joined(pending, promised) },
  ];
  const shortage = worstShortage({ scenarios, rooms: [...rooms.now, ...rooms.inFlight], empty, fleet });
  const inVainUnits = shortage === null ? 0 : unitsInVain(snapshot, holdings, empty, shortage.missing);
  return {
    snapshot,
    fleet,
    holdings,
    empty,
    rooms,
    demands,
    impossible,
    largest,
    promised,
    scenarios,
    shortage,
    inVainUnits,
  };
}

function byFeasibility(
  all: readonly ServiceDemand[],
  empty: ReadonlyMap<string, Room>,
): [demands: ServiceDemand[], impossible: ServiceDemand[]] {
  const isPossible = ({ shape }: ServiceDemand) => [...empty.values()].some((room) => countThatFit(room, shape) > 0);
  return [all.filter(isPossible), all.filter((demand) => !isPossible(demand))];
}
