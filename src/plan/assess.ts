// Reads a snapshot once: who stands where, what is wanted, what is promised, what is short. The plan and the report are
// made from this and from nothing else.
import type { Fleet } from '../model/fleet.ts';
import type { ClusterSnapshot } from '../model/snapshot.ts';
import { shapeKey } from '../model/task-shape.ts';
import { type Capacity, columnOf } from './capacity/capacity.ts';
import { keptCapacity } from './capacity/kept-capacity.ts';
import { fitOn } from './capacity/table.ts';
import { daemonsOf } from './daemons.ts';
import { type Demand, joined, type User, type Wants, wantsOf } from './demand.ts';
import { type FleetUnits, fleetUnits } from './fleet-units.ts';
import { largestColumns } from './largest.ts';
import { type Arrivals, arrivalsQuantile, countArrivals } from './learn/arrivals.ts';
import { type LargestSeen, rememberShapes } from './learn/largest-seen.ts';
import { type LeadTime, leadTimesOf } from './learn/lead-times.ts';
import type { Holding } from './ledger.ts';
import type { Memory } from './memory.ts';
import { floorAt } from './needs/floors.ts';
import { emptyRooms, type LearnedSizes, learnedByType, sizesAfter, sizesOf } from './net-capacity.ts';
import type { PlanInput } from './plan-input.ts';
import type { Policy } from './policy.ts';
import { pinShape, pinUser, promiseOf } from './promise.ts';
import { type Prospect, prospectOf } from './prospect.ts';
import type { Room } from './room.ts';
import { type Rooms, roomsOf } from './rooms.ts';
import { type Shapes, shapesOf } from './shapes.ts';
import { type Priced, priced, type Shortage, worstShortage } from './shortage.ts';

export interface Assessment {
  readonly snapshot: ClusterSnapshot;
  readonly fleet: Fleet;
  readonly holdings: readonly Holding[];
  readonly units: FleetUnits;
  readonly shapes: Shapes;
  readonly empty: ReadonlyMap<string, Room>;
  readonly rooms: Rooms;
  readonly capacity: Capacity;
  readonly leadTime: LeadTime;
  /** Users whose tasks fit some type of the fleet. */
  readonly users: readonly User[];
  /** Users whose tasks fit none; they never scale anything. */
  readonly unschedulable: readonly User[];
  /** Columns of the largest shapes, and of pins. */
  readonly largest: readonly number[];
  readonly promised: readonly Demand[];
  readonly policy: Policy;
  readonly memory: Memory;
  readonly prospect: Prospect;
  readonly lossless: Prospect['lossless'];
  readonly losses: Prospect['losses'];
  /** Every scenario that was looked at, most urgent first. */
  readonly outcomes: readonly Priced[];
  readonly shortage: Shortage | null;
  /** What of the shortage is still to be asked for: not what is launching unlisted, nor what came in vain. */
  readonly askUnits: number;
  /** What the next pass has to remember of this one. */
  readonly learned: {
    readonly missingSince: Wants['missingSince'];
    readonly largest: LargestSeen;
    readonly arrivals: Arrivals;
    readonly sizes: LearnedSizes;
  };
}

export function assess(input: PlanInput, fleet: Fleet, holdings: readonly Holding[]): Assessment {
  const { snapshot, policy, memory, now } = input;
  const shapes = shapesOf(snapshot);
  const daemons = daemonsOf(snapshot, shapes);
  const learned = learnedByType(holdings);
  const empty = emptyRooms(snapshot, holdings, { learned, daemons, sizes: memory.sizes });
  const leadTime = leadTimesOf(holdings.map(launchOf), policy);
  const rooms = roomsOf({ ...input, holdings, empty, sizes: sizesOf(snapshot), daemons, shapes, leadTime });
  const wants = wantsOf({ ...input, holdings, shapes });
  const seen = rememberShapes(
    memory.largest,
    wants.users.map(({ shape, name }) => ({ shape, users: [name] })),
    { now, forgetMs: policy.headroom.forgetLargestMs },
  );
  const lately = Object.values(seen).map(({ shape }) => shape);
  const capacity = keptCapacity(rooms, [...lately, ...policy.headroom.pins.map(pinShape)], {
    empty,
    groups: wants.users.map(({ group }) => group),
  });
  const isPossible = feasibility(capacity, fleet);
  const [users, unschedulable] = [
    wants.users.filter(({ shape }) => isPossible(columnOf(capacity, shape))),
    [...wants.users, ...policy.headroom.pins.map(pinUser)].filter(
      ({ shape }) => !isPossible(columnOf(capacity, shape)),
    ),
  ];
  const inUse = largestColumns(capacity, lately.map((shape) => columnOf(capacity, shape)).filter(isPossible));
  const pinned = policy.headroom.pins.map((pin) => columnOf(capacity, pinShape(pin)));
  const largest = [...new Set([...inUse, ...pinned.filter(isPossible)])];
  const { promised, floor } = promiseOf(capacity, policy, inUse, {
    isPossible,
    floorTasks: floorAt(policy.headroom.floors, now, leadTime.p95Ms),
  });
  const arrivals = arrivalsSeen(input, wants.users, leadTime);
  const expected = expectedDemand(input, capacity, arrivals, isPossible);
  const asked = { users, unschedulable, promised, floor, expected };
  const prospect = prospectOf({ capacity, empty, policy, memory, ...asked });
  const units = fleetUnits(fleet, holdings);
  const market = { capacity, fleet, units, holdings, empty, policy, lossAsks: memory.lossAsks, now };
  const outcomes = prospect.outcomes.map((outcome) => priced(market, outcome));
  const shortage = worstShortage(outcomes);
  // What is expected is remembered as well: in a moment when none of it is wanted, it may still come.
  const lasting = [
    ...largest.flatMap((column) => capacity.shapes[column] ?? []),
    ...expected.map(({ shape }) => shape),
  ];
  const isLasting = new Set(lasting.map(shapeKey));
  return {
    snapshot,
    fleet,
    holdings,
    units,
    shapes,
    empty,
    rooms,
    capacity,
    leadTime,
    users,
    unschedulable,
    largest,
    promised,
    policy,
    memory,
    prospect,
    lossless: prospect.lossless,
    losses: prospect.losses,
    outcomes,
    shortage,
    askUnits: shortage?.worst.askUnits ?? 0,
    learned: {
      missingSince: wants.missingSince,
      largest: Object.fromEntries(Object.entries(seen).filter(([key]) => isLasting.has(key))),
      arrivals,
      sizes: sizesAfter(memory.sizes, learned),
    },
  };
}

function launchOf({ launchedAt, containerInstance }: Holding) {
  return { launchedAt, registeredAt: containerInstance?.registeredAt ?? null };
}

/** Whether some type hosts one task of a column; a shape fits no type only when every type's size is known. */
function feasibility(capacity: Capacity, fleet: Fleet): (column: number) => boolean {
  const { types, typeNames } = capacity;
  const canTell = fleet.options.every(({ instanceType }) => typeNames.includes(instanceType));
  return (column) => !canTell || typeNames.some((_, row) => fitOn(types, types.free, row, column) > 0);
}

/** What of services and tasks was not seen would look like arriving when it is seen again. */
function arrivalsSeen({ snapshot, memory, now }: PlanInput, users: readonly User[], { p95Ms }: LeadTime): Arrivals {
  if (snapshot.gaps.some(({ part }) => part === 'services' || part === 'definitions' || part === 'tasks')) {
    return memory.arrivals;
  }
  const wanted = joined(users.map(({ shape, wantedCount: count }) => ({ shape, count })));
  const byKey = Object.fromEntries(wanted.map(({ shape, count }) => [shapeKey(shape), count]));
  return countArrivals(memory.arrivals, byKey, { now, windowMs: p95Ms });
}

function expectedDemand(
  { policy, now }: PlanInput,
  capacity: Capacity,
  arrivals: Arrivals,
  isPossible: (column: number) => boolean,
): Demand[] {
  const { arrivalQuantile } = policy.headroom;
  if (arrivalQuantile === null) return [];
  const counts = arrivalsQuantile(arrivals, arrivalQuantile, { now });
  return capacity.shapes.flatMap((shape, column) => {
    const count = counts[shapeKey(shape)] ?? 0;
    return count > 0 && isPossible(column) ? [{ shape, count }] : [];
  });
}
