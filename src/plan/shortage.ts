// How many units to launch so that every scenario holds, given what serves and what is on its way.
import type { Fleet } from '../model/fleet.ts';
import { type Capacity, demandsOf } from './capacity/capacity.ts';
import { instancesToHold } from './capacity/instances-to-hold.ts';
import type { Counts } from './capacity/pack.ts';
import { fitOn } from './capacity/table.ts';
import type { FleetUnits } from './fleet-units.ts';
import { inVain } from './in-vain.ts';
import type { Holding } from './ledger.ts';
import { isHeld, type LossAsks } from './loss-asks.ts';
import type { Policy } from './policy.ts';
import type { Room } from './room.ts';
import { curable, type Outcome, type Scenario } from './scenario.ts';

/** An outcome with its price. */
export interface Priced extends Outcome {
  /** Units to launch so that the scenario holds; 0 also where no number of units could make it. */
  readonly shortUnits: number;
  /** What came and does not help. */
  readonly inVain: readonly Holding[];
  /** What of `shortUnits` is still to be asked for. */
  readonly askUnits: number;
}

interface Market {
  readonly capacity: Capacity;
  readonly fleet: Fleet;
  readonly units: FleetUnits;
  readonly holdings: readonly Holding[];
  /** An empty room a type the fleet may launch. */
  readonly empty: ReadonlyMap<string, Room>;
  readonly policy: Policy;
  readonly lossAsks: LossAsks;
  readonly now: number;
}

/** What it takes to make up for what found no place, and what of it to ask for. */
export function priced(market: Market, outcome: Outcome): Priced {
  const { capacity, fleet, units, lossAsks, now } = market;
  const missing = curable(outcome);
  const shortUnits = unitsFor(capacity, fleet, missing);
  if (shortUnits === 0) return { ...outcome, shortUnits, inVain: [], askUnits: 0 };
  const { lost } = outcome.scenario;
  // Whatever stands in the pool that is lost is no help, and tasks may come to it all the same.
  const vain = lost === null ? inVain({ ...market, missing: demandsOf(capacity, missing) }) : [];
  const vainUnits = vain.reduce((sum, { weightUnits }) => sum + weightUnits, 0);
  const askUnits = Math.max(0, shortUnits - units.unlisted - vainUnits);
  if (lost === null || !isHeld(lossAsks, lost, { units, now }))
    return { ...outcome, shortUnits, inVain: vain, askUnits };
  const asked = Math.max(0, fleet.targetUnits - units.counted);
  return { ...outcome, shortUnits, inVain: vain, askUnits: Math.min(askUnits, asked) };
}

export interface Shortage {
  /** The first of the scenarios that do not hold, which is the most urgent one. */
  readonly urgent: Scenario;
  /** The scenario for which most is to be asked. */
  readonly worst: Priced;
}

/**
 * null when every scenario holds, as far as any number of units could make it.
 * @param outcomes most urgent first
 */
export function worstShortage(outcomes: readonly Priced[]): Shortage | null {
  const short = outcomes.filter(({ shortUnits }) => shortUnits > 0);
  const [first] = short;
  if (first === undefined) return null;
  const worst = short.reduce((most, each) => (each.askUnits > most.askUnits ? each : most));
  return { urgent: first.scenario, worst };
}

/**
 * Units for tasks without a place. Enough for all of it that a type hosts, whichever type the fleet picks; and where no
 * type hosts everything, at least what its shapes need each on their own, because no one instance serves two of them.
 */
export function unitsFor(capacity: Capacity, fleet: Fleet, rest: Counts): number {
  if (rest.every((count) => count === 0)) return 0;
  const { units, isWhole } = safeUnits(capacity, fleet, rest);
  if (isWhole) return units;
  const alone = rest.reduce((sum, count, column) => {
    if (count === 0) return sum;
    const one = new Int32Array(rest.length);
    one[column] = count;
    return sum + safeUnits(capacity, fleet, one).units;
  }, 0);
  return Math.max(units, alone);
}

/**
 * The least whole number of units that brings enough instances whichever type the fleet picks: n instances of weight w
 * come when more than (n − 1) · w units are missing. Of each type only what it hosts is asked, as no number of units would
 * make it host the rest; whole when some type hosts all.
 */
function safeUnits(
  { types, typeNames }: Capacity,
  { options }: Fleet,
  rest: Counts,
): { readonly units: number; readonly isWhole: boolean } {
  const weights = new Map(options.map(({ instanceType, weightUnits }) => [instanceType, weightUnits]));
  let [units, isWhole] = [0, false];
  typeNames.forEach((name, row) => {
    const part = rest.map((count, column) => (fitOn(types, types.free, row, column) > 0 ? count : 0));
    const needed = instancesToHold(types, row, part) ?? 0;
    if (needed > 0) units = Math.max(units, Math.floor((needed - 1) * (weights.get(name) ?? 1)) + 1);
    isWhole ||= part.every((count, column) => count === rest[column]);
  });
  return { units, isWhole };
}
