// The loss of a pool, or of a zone, with everything that stands there: a Spot pool is lost all at once (of interruptions
// that share type and zone, 92 % come within three minutes of each other). What stood there needs other places, and the
// promise still holds. On-Demand instances stay.
import { type Capacity, countsOf } from './capacity/capacity.ts';
import { isUnconstrained, mayStand } from './capacity/ground-classes.ts';
import { type Counts, total } from './capacity/pack.ts';
import type { PoolCheck } from './capacity/pool-check.ts';
import { type Demand, joined, type User } from './demand.ts';
import { type Losable, losables } from './displaced.ts';
import type { Memory } from './memory.ts';
import type { Policy } from './policy.ts';
import type { ScenarioName } from './report.ts';
import { notWorked, poolOf, type Room } from './room.ts';
import { pendingOf, type Scenario } from './scenario.ts';

export interface Losses {
  /** Losses to look at in this pass, the heaviest first. */
  readonly scenarios: readonly Scenario[];
  /** Losses for which the fleet knows no other place at all, so that nothing can be done about them. */
  readonly hopeless: readonly { readonly name: ScenarioName; readonly lost: string; readonly tasks: number }[];
  /** All pools, for the check that takes longer than a pass may; null when this pass looks at all of them itself. */
  readonly fullCheck: PoolCheck | null;
}

export interface LossesInput {
  readonly capacity: Capacity;
  readonly users: readonly User[];
  /** An empty room a type the fleet may launch. */
  readonly empty: ReadonlyMap<string, Room>;
  readonly policy: Policy;
  readonly memory: Memory;
  readonly promised: readonly Demand[];
}

/**
 * So many pools are looked at in every pass, besides those that the full check found at risk. A loss costs a packing of
 * the whole cluster, a pass must answer within milliseconds, and the loss of a lighter pool rarely needs what a heavier
 * one does not.
 */
const HEAVIEST = 4;

export function lossesOf(input: LossesInput): Losses {
  const { capacity, users, policy, memory } = input;
  if (policy.headroom.survive === 'none') return { scenarios: [], hopeless: [], fullCheck: null };
  const pools = losables({ capacity, users }, byPool);
  const atRisk = new Set(memory.poolsAtRisk);
  const looked = pools.filter(({ name }, place) => place < HEAVIEST || atRisk.has(name));
  const zones = policy.headroom.survive === 'zone' ? losables({ capacity, users }, byZone) : [];
  const needed = neededAnyway(input);
  const places = placesOf(input);
  const kinds = [
    ...looked.map((lost) => ({ lost, kind: { name: 'pool-loss' as const, nameOf: byPool, places } })),
    ...zones.map((lost) => ({ lost, kind: { name: 'zone-loss' as const, nameOf: byZone, places } })),
  ];
  const losses = kinds.map(({ lost, kind }) => ({ lost, kind, scenario: lossScenario(kind, lost, needed) }));
  return {
    scenarios: losses.flatMap(({ scenario }) => scenario ?? []),
    hopeless: losses.flatMap(({ lost, kind, scenario }) =>
      scenario === null ? [{ name: kind.name, lost: lost.name, tasks: total(lost.displaced) }] : [],
    ),
    fullCheck: pools.length === looked.length ? null : checkOf(input, pools, { places, needed }),
  };
}

const byPool = (room: Room): string | null => poolOf(room);
const byZone = (room: Room): string | null => room.zone;

/**
 * What must fit with or without a loss: what is pending, and the promise. Where ECS would put what is pending is not asked
 * here: so much moves in a loss that it makes no difference.
 */
function neededAnyway({ capacity, users, promised }: LossesInput): Counts {
  return countsOf(capacity, joined(pendingOf(users), promised));
}

function checkOf(
  { capacity }: LossesInput,
  pools: readonly Losable[],
  { places, needed }: { places: Places; needed: Counts },
): PoolCheck {
  const kind: LossKind = { name: 'pool-loss', nameOf: byPool, places };
  return {
    table: capacity.table,
    pools: pools.flatMap((pool) => {
      const scenario = lossScenario(kind, pool, needed);
      return scenario === null ? [] : [{ name: pool.name, rows: Uint32Array.from(pool.rows), counts: scenario.counts }];
    }),
  };
}

interface LossKind {
  readonly name: 'pool-loss' | 'zone-loss';
  readonly nameOf: (room: Room) => string | null;
  readonly places: Places;
}

/** Where the fleet may launch, as far as is known, and on which of these places each column may stand. */
interface Places {
  readonly grounds: readonly Room[];
  /** By column; null for a shape without constraints, which stands anywhere. */
  readonly open: readonly (readonly Room[] | null)[];
}

/**
 * The scenario of a loss; null when the fleet knows no other place for anything that would be lost, so that no number of
 * units could help. Shapes bound to what is lost are left out for the same reason.
 */
function lossScenario({ name, nameOf, places }: LossKind, lost: Losable, needed: Counts): Scenario | null {
  const isElsewhere = (ground: Room) => nameOf(ground) !== lost.name;
  if (!places.grounds.some(isElsewhere)) return null;
  const counts = needed.map((count, column) => {
    const all = count + (lost.displaced[column] ?? 0);
    const open = places.open[column] ?? null;
    return all === 0 || open === null || open.some(isElsewhere) ? all : 0;
  });
  return { name, lost: lost.name, without: lost.rows, starting: [], counts };
}

function placesOf(input: LossesInput): Places {
  const grounds = groundsOf(input);
  // Of pools only type, zone and what their type's instances carry matter, and all three are in this name.
  const named = grounds.map((ground) => ({
    ground,
    name: `${ground.instanceType}\n${ground.zone}\n${attributesText(ground)}`,
  }));
  const open = input.capacity.shapes.map((shape) =>
    isUnconstrained(shape)
      ? null
      : named.filter(({ ground, name }) => mayStand(shape, ground, name)).map(({ ground }) => ground),
  );
  return { grounds, open };
}

/** Empty rooms in every pool that the fleet has, as far as is known: of every type, in every zone where anything stands. */
function groundsOf({ capacity, empty }: LossesInput): Room[] {
  const zones = [...new Set(capacity.rooms.map(({ zone }) => zone))].filter((zone) => zone !== null).sort();
  return [...empty.values()].flatMap((room) => zones.map((zone) => ({ ...room, zone, worked: notWorked() })));
}

const texts = new WeakMap<object, string>();

function attributesText({ traits: { attributes, architecture } }: Room): string {
  if (attributes === null) return `${architecture}`;
  const text = texts.get(attributes) ?? JSON.stringify(attributes);
  texts.set(attributes, text);
  return text;
}
