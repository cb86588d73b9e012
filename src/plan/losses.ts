// The loss of a pool, or of a zone, with everything that stands there: a Spot pool is lost all at once (of interruptions
// that share type and zone, 92 % come within three minutes of each other). What stood there needs other places, and the
// promise still holds. On-Demand instances stay.
import type { TaskShape } from '../model/task-shape.ts';
import { type Capacity, countsOf } from './capacity/capacity.ts';
import { groundObstacle } from './capacity/ground.ts';
import type { Counts } from './capacity/pack.ts';
import type { Starting } from './capacity/place-as-ecs.ts';
import type { Demand, User } from './demand.ts';
import { type Losable, losables } from './displaced.ts';
import type { Holding } from './ledger.ts';
import type { Memory } from './memory.ts';
import type { Policy } from './policy.ts';
import { poolOf, type Room } from './room.ts';
import { type Scenario, startingOf } from './scenario.ts';

export interface Losses {
  /** Losses to look at in this pass, the heaviest first. */
  readonly scenarios: readonly Scenario[];
  /** Pools with something to lose, heaviest first: for the full check. */
  readonly pools: readonly Losable[];
}

export interface LossesInput {
  readonly capacity: Capacity;
  readonly users: readonly User[];
  /** An empty room a type the fleet may launch. */
  readonly empty: ReadonlyMap<string, Room>;
  readonly holdings: readonly Holding[];
  readonly policy: Policy;
  readonly memory: Memory;
  readonly promised: readonly Demand[];
}

/**
 * So many pools are looked at in every pass, besides those that the full check found at risk. A loss costs a packing of
 * the whole cluster, a pass must answer within milliseconds, and the loss of a lighter pool rarely needs what a heavier
 * one does not.
 */
const HEAVIEST = 8;

export function lossesOf(input: LossesInput): Losses {
  const { capacity, users, holdings, policy, memory } = input;
  if (policy.headroom.survive === 'none') return { scenarios: [], pools: [] };
  const spot = new Set(holdings.filter(({ isSpot }) => isSpot).map(({ instanceId }) => instanceId));
  const isSpot = ({ owner }: Room) => owner !== null && spot.has(owner);
  const pools = losables({ capacity, users, isSpot }, byPool);
  const atRisk = new Set(memory.poolsAtRisk);
  const looked = pools.filter(({ name }, place) => place < HEAVIEST || atRisk.has(name));
  const zones = policy.headroom.survive === 'zone' ? losables({ capacity, users, isSpot }, byZone) : [];
  const beside = {
    pending: startingOf(capacity, users, ({ unplacedCount }) => unplacedCount),
    promise: countsOf(capacity, input.promised),
  };
  const scenarios = [
    ...looked.map((lost) => lossScenario(input, 'pool-loss', lost, beside)),
    ...zones.map((lost) => lossScenario(input, 'zone-loss', lost, beside)),
  ];
  return { scenarios: scenarios.flatMap((scenario) => scenario ?? []), pools };
}

const byPool = (room: Room): string | null => poolOf(room);
const byZone = (room: Room): string | null => room.zone;

/**
 * The scenario of a loss; null when the fleet knows no other place for anything that would be lost, so that no number of
 * units could help. Shapes bound to what is lost are left out for the same reason.
 */
function lossScenario(
  input: LossesInput,
  name: 'pool-loss' | 'zone-loss',
  lost: Losable,
  beside: { readonly pending: readonly Starting[]; readonly promise: Counts },
): Scenario | null {
  const { capacity } = input;
  const elsewhere = otherGrounds(input, lost.name, name === 'pool-loss' ? byPool : byZone);
  if (elsewhere.length === 0) return null;
  const isHopeless = (shape: TaskShape, column: number) =>
    (capacity.table.constrained[column] === 1 || capacity.types.constrained[column] === 1) &&
    elsewhere.every((ground) => groundObstacle(ground, shape) !== null);
  const counts = beside.promise.map((count, column) => {
    const shape = capacity.shapes[column];
    const displaced = lost.displaced[column] ?? 0;
    if (count + displaced === 0 || shape === undefined) return 0;
    return isHopeless(shape, column) ? 0 : count + displaced;
  });
  return { name, lost: lost.name, without: lost.rows, starting: beside.pending, counts };
}

/** Empty rooms in every pool that the fleet has, as far as is known, but for what is lost. */
function otherGrounds({ capacity, empty }: LossesInput, lost: string, nameOf: (room: Room) => string | null): Room[] {
  const zones = [...new Set(capacity.rooms.flatMap(({ zone }) => zone ?? []))].sort();
  return [...empty.values()].flatMap((room) =>
    zones.map((zone) => ({ ...room, zone })).filter((ground) => nameOf(ground) !== lost),
  );
}

