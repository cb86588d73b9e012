// Whether everything still holds without an instance. On instances that take tasks now: what is still on its way is no
// reason to let somebody go.
import type { Assessment } from '../assess.ts';
import { type Capacity, capacityOf, columnOf } from '../capacity/capacity.ts';
import { type Counts, type Packing, pack, total } from '../capacity/pack.ts';
import { placeAsEcs, type Whim } from '../capacity/place-as-ecs.ts';
import { close, copyOf, type Free } from '../capacity/table.ts';
import type { User } from '../demand.ts';
import type { Holding } from '../ledger.ts';
import { lossesOf } from '../losses.ts';
import { occupy, poolOf, type Room } from '../room.ts';
import { curable, outcomeOf, type Scenario } from '../scenario.ts';

/** Asked once of a holding while its prospect is the same. */
export function holdsWithout(seen: Assessment): (holding: Holding) => boolean {
  const known = seen.prospect.holdsWithout;
  let asking: ((holding: Holding) => boolean) | null = null;
  return (holding) => {
    const before = known.get(holding.instanceId);
    if (before !== undefined) return before;
    asking ??= asker(seen);
    const holds = asking(holding);
    known.set(holding.instanceId, holds);
    return holds;
  };
}

/**
 * Each scenario without a loss is packed once; for a candidate only what was packed onto it, and what stands on it, has to find
 * another place. Whoever passes that has to pass wherever ECS may put its tasks, too, and with every loss.
 */
function asker(seen: Assessment): (holding: Holding) => boolean {
  const { capacity, lossless } = seen;
  const free = copyOf(capacity.table.free);
  for (let row = capacity.nowRows; row < capacity.table.rows; row += 1) close(free, row);
  const packings = lossless.map((scenario) => outcomeOf(capacity, scenario, free).packing);
  const rowOf = new Map(capacity.rooms.slice(0, capacity.nowRows).map(({ owner }, row) => [owner, row]));
  const users = new Map([...seen.users, ...seen.unschedulable].map((user) => [user.group, user]));
  return (holding) => {
    const row = rowOf.get(holding.instanceId);
    if (row === undefined) return false;
    const moving = movingFrom(holding, users);
    const counts = countsOfMoving(seen, moving);
    return (
      packings.every((packing) => fitsElsewhere(seen, packing, row, counts)) &&
      WAYS.every((ways) => holdsWherever(seen, { free, row, moving, ways }))
    );
  };
}

/** What AWS leaves open: the extremes of room with either of equal zones, and each resource by itself. */
interface Ways {
  readonly whim: Whim;
  readonly ofEqualZones: 'first' | 'last';
}

const WAYS: readonly Ways[] = [
  { whim: 'emptiest', ofEqualZones: 'first' },
  { whim: 'fullest', ofEqualZones: 'last' },
  { whim: 'emptiest', ofEqualZones: 'last' },
  { whim: 'fullest', ofEqualZones: 'first' },
  { whim: 'most-cpu', ofEqualZones: 'first' },
  { whim: 'most-memory', ofEqualZones: 'first' },
];

interface Moving {
  readonly user: User;
  readonly count: number;
}

/** What of an instance ECS will place again. */
function movingFrom({ tally }: Holding, users: ReadonlyMap<string, User>): Moving[] {
  return [...(tally?.groups ?? [])].flatMap(([group, count]) => {
    const user = users.get(group);
    return user === undefined ? [] : [{ user, count }];
  });
}

function countsOfMoving({ capacity }: Assessment, moving: readonly Moving[]): Counts {
  const counts = new Int32Array(capacity.shapes.length);
  for (const { user, count } of moving) {
    const column = columnOf(capacity, user.shape);
    counts[column] = (counts[column] ?? 0) + count;
  }
  return counts;
}

/** Cheap: the rest of a packing stays as it is. */
function fitsElsewhere({ capacity: { table } }: Assessment, packing: Packing, row: number, moving: Counts): boolean {
  const counts = moving.slice();
  for (let at = 0; at < packing.moves.length; at += 3) {
    const column = packing.moves[at] ?? 0;
    if (packing.moves[at + 1] === row) counts[column] = (counts[column] ?? 0) + (packing.moves[at + 2] ?? 0);
  }
  if (total(counts) === 0) return true;
  const free = copyOf(packing.free);
  close(free, row);
  return pack(table, free, counts).unplacedTasks === 0;
}

/** Dear: ECS places the tasks by the services' strategies, not by ours, and then everything has to hold anew. */
function holdsWherever(
  seen: Assessment,
  { free, row, moving, ways }: { free: Free; row: number; moving: readonly Moving[]; ways: Ways },
): boolean {
  const landings = landingsOf(seen, copyOf(free), { row, moving, ways });
  if (landings === null) return false;
  const after = capacityAfter(seen, row, landings);
  // What is short already, and cannot be helped for now, must not become shorter.
  const isNoWorse = (scenario: Scenario) => total(curable(outcomeOf(after, scenario))) <= shortBefore(seen, scenario);
  return seen.lossless.every(isNoWorse) && lossesAfter(seen, after, landings).every(isNoWorse);
}

function shortBefore({ outcomes }: Assessment, { name, lost }: Scenario): number {
  const before = outcomes.find(({ scenario }) => scenario.name === name && scenario.lost === lost);
  return before === undefined ? 0 : total(curable(before));
}

/** A task that moved, and the row it landed on. */
interface Landing {
  readonly user: User;
  readonly row: number;
}

/** null when they find no room. Changes `free`. */
function landingsOf(
  { capacity }: Assessment,
  free: Free,
  { row, moving, ways }: { row: number; moving: readonly Moving[]; ways: Ways },
): Landing[] | null {
  close(free, row);
  const landings: Landing[] = [];
  for (const { user, count } of moving) {
    const { group, shape, strategies } = user;
    const starting = { column: columnOf(capacity, shape), count, group, strategies };
    const rows = placeAsEcs(capacity, free, starting, ways.whim, ways.ofEqualZones);
    if (rows.length < count) return null;
    landings.push(...rows.map((at) => ({ user, row: at })));
  }
  return landings;
}

/** The cluster as it will be. The columns stay what they are, so scenarios without a loss can be asked of it as well. */
function capacityAfter({ capacity, empty }: Assessment, row: number, landings: readonly Landing[]): Capacity {
  const { rooms, nowRows, shapes, groupCounts } = capacity;
  const now = rooms.slice(0, nowRows);
  for (const landing of landings) {
    const room = now[landing.row];
    if (room !== undefined) now[landing.row] = withTask(room, landing.user);
  }
  now.splice(row, 1);
  return capacityOf({ now, inFlight: [] }, shapes, { empty, groups: [...groupCounts.places.keys()] });
}

function withTask(room: Room, { shape, group }: User): Room {
  const left = occupy(room, shape, 1);
  if (room.isTallied) {
    return { ...left, groups: new Map([...room.groups, [group, (room.groups.get(group) ?? 0) + 1]]) };
  }
  // Where nobody looks, the next pass sees one task more, and may take it for one that has a GPU and an interface.
  return {
    ...left,
    groups: room.groups,
    gpus: Math.max(0, Math.min(left.gpus, room.gpus - 1)),
    eniSlots: Math.max(0, Math.min(left.eniSlots, room.eniSlots - 1)),
    traits: { ...room.traits, runningTaskCount: (room.traits.runningTaskCount ?? 0) + 1 },
  };
}

/**
 * Before anybody leaves, nearly all pools are looked at: what the loss of a light one needs may be the very room that
 * leaves, and it is asked once a retirement, not at every pass.
 */
const MOST_POOLS = 64;

/** A pool that had nothing to lose may have now, so those where a task landed are looked at whatever they weigh. */
function lossesAfter(seen: Assessment, after: Capacity, landings: readonly Landing[]): readonly Scenario[] {
  const landed = landings.flatMap(({ row }) => {
    const room = seen.capacity.rooms[row];
    return room === undefined ? [] : (poolOf(room) ?? []);
  });
  const memory = { ...seen.memory, poolsAtRisk: [...new Set([...seen.memory.poolsAtRisk, ...landed])] };
  return lossesOf({ ...seen, memory, capacity: after, places: seen.losses.places, heaviest: MOST_POOLS }).scenarios;
}
