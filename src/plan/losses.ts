// The loss of a pool, or of a zone, with everything that stands there: a Spot pool is lost all at once (of interruptions
// that share type and zone, 92 % come within three minutes of each other). What stood there needs other places, and the
// promise still holds. On-Demand instances stay.
import { type Capacity, countsOf } from './capacity/capacity.ts';
import { mayStand } from './capacity/ground-classes.ts';
import type { Counts } from './capacity/pack.ts';
import type { PoolCheck } from './capacity/pool-check.ts';
import type { Table } from './capacity/table.ts';
import { type Demand, joined, type User } from './demand.ts';
import { type Losable, losables } from './displaced.ts';
import type { Memory } from './memory.ts';
import type { Policy } from './policy.ts';
import { notWorked, poolOf, type Room } from './room.ts';
import { pendingOf, type Scenario } from './scenario.ts';

export interface Losses {
  /** Losses to look at in this pass, the heaviest first. */
  readonly scenarios: readonly Scenario[];
  /** All pools, for the check that takes longer than a pass may; null when this pass looks at all of them itself. */
  readonly fullCheck: (() => PoolCheck) | null;
  readonly places: Places;
}

export interface LossesInput {
  readonly capacity: Capacity;
  readonly users: readonly User[];
  /** An empty room a type the fleet may launch. */
  readonly empty: ReadonlyMap<string, Room>;
  readonly policy: Policy;
  readonly memory: Memory;
  readonly promised: readonly Demand[];
  /** Where the fleet may launch, when that is known already: of a cluster as it will be, what is known of it as it is. */
  readonly places?: Places;
  /** So many pools, the heaviest ones, are looked at; few of them by default. */
  readonly heaviest?: number;
}

/**
 * So many pools are looked at in every pass, and so many of those that the full check found at risk. A loss costs a packing
 * of the whole cluster, a pass must answer within milliseconds, and the loss of a lighter pool rarely needs what a heavier
 * one does not.
 */
const HEAVIEST = 4;
const MOST_AT_RISK = 8;

export function lossesOf(input: LossesInput): Losses {
  const { capacity, users, policy, memory } = input;
  if (policy.headroom.survive === 'none') return { scenarios: [], fullCheck: null, places: [] };
  const places = input.places ?? placesOf(input);
  const needed = neededAnyway(input);
  const ofPool = (lost: Losable) => lossScenario({ name: 'pool-loss', nameOf: poolOf, places, needed }, lost);
  const ofZone = (lost: Losable) => lossScenario({ name: 'zone-loss', nameOf: zoneOf, places, needed }, lost);
  const pools = losables({ capacity, users }, poolOf);
  const atRisk = new Set(memory.poolsAtRisk);
  const heaviest = input.heaviest ?? HEAVIEST;
  const others = pools.slice(heaviest).filter(({ name }) => atRisk.has(name));
  const looked = [...pools.slice(0, heaviest), ...others.slice(0, MOST_AT_RISK)];
  const zones = policy.headroom.survive === 'zone' ? losables({ capacity, users }, zoneOf) : [];
  return {
    scenarios: [...looked.map(ofPool), ...zones.map(ofZone)],
    fullCheck: pools.length <= HEAVIEST ? null : () => checkOf(capacity, pools.map(ofPool)),
    places,
  };
}

const zoneOf = ({ zone }: Room): string | null => zone;

/**
 * What must fit with or without a loss: what is pending, and the promise. Where ECS would put what is pending is not asked
 * here: so much moves in a loss that it makes no difference.
 */
function neededAnyway({ capacity, users, promised }: LossesInput): Counts {
  return countsOf(capacity, joined(pendingOf(users), promised));
}

function checkOf({ table }: Capacity, scenarios: readonly Scenario[]): PoolCheck {
  return {
    table,
    pools: scenarios.map(({ lost, lostRows, counts, bound }) => ({
      name: lost ?? '',
      rows: Uint32Array.from(lostRows),
      counts,
      bound,
    })),
  };
}

interface LossKind {
  readonly name: 'pool-loss' | 'zone-loss';
  readonly nameOf: (room: Room) => string | null;
  readonly places: Places;
  readonly needed: Counts;
}

/** For each column the places, as far as they are known, where the fleet may launch an instance that hosts it. */
type Places = readonly (readonly Room[])[];

/** What has no place but what is lost is bound to it: no number of units could help. */
function lossScenario({ name, nameOf, places, needed }: LossKind, lost: Losable): Scenario {
  const counts = needed.map((count, column) => count + (lost.displaced[column] ?? 0));
  const bound = new Uint8Array(counts.length);
  places.forEach((open, column) => {
    if (open.every((place) => nameOf(place) === lost.name)) bound[column] = 1;
  });
  return { name, lost: lost.name, lostRows: lost.rows, starting: [], counts, bound };
}

/** Of every type, in every zone where anything stands: a place for each column that such an instance, empty, hosts. */
function placesOf({ capacity, empty }: LossesInput): Places {
  const { types, typeNames, rooms, shapes } = capacity;
  const zones = [...new Set(rooms.map(({ zone }) => zone))].filter((zone) => zone !== null).sort();
  const places = typeNames.flatMap((type, row) => {
    const room = empty.get(type);
    if (room === undefined) return [];
    // Of a place only type, zone and what its type's instances carry matter, and all three are in this name.
    const name = (zone: string) => `${type}\n${zone}\n${attributesText(room)}`;
    return zones.map((zone) => ({ row, name: name(zone), place: { ...room, zone, worked: notWorked() } }));
  });
  return shapes.map((shape, column) =>
    places
      .filter(({ row, place, name }) => hosts(types, row, column) && mayStand(shape, place, name))
      .map(({ place }) => place),
  );
}

function hosts({ fits, columns }: Table, row: number, column: number): boolean {
  return (fits[row * columns + column] ?? 0) > 0;
}

/** A type's attributes are the same object while nobody new of it joins. */
const texts = new WeakMap<object, string>();

function attributesText({ traits: { attributes, architecture } }: Room): string {
  if (attributes === null) return `${architecture}`;
  const text = texts.get(attributes) ?? JSON.stringify(attributes);
  texts.set(attributes, text);
  return text;
}
