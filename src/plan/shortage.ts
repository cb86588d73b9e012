// How many units to launch so that every scenario holds, given what serves and what is on its way.
import type { Fleet } from '../model/fleet.ts';
import type { Capacity } from './capacity/capacity.ts';
import { instancesToHold } from './capacity/instances-to-hold.ts';
import type { Counts } from './capacity/pack.ts';
import type { Outcome, Scenario } from './scenario.ts';

/** An outcome with its price. */
export interface Priced extends Outcome {
  /** Units to launch so that the scenario holds; 0 also where no number of units could make it. */
  readonly shortUnits: number;
  /** Units that came and do not help it: not to be asked for again. */
  readonly inVainUnits: number;
}

export interface Shortage {
  /** The first of the scenarios that does not hold, which is the most urgent one. */
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
  const worst = short.reduce((most, each) => (asks(each) > asks(most) ? each : most));
  return { urgent: first.scenario, worst };
}

/** What to ask for one scenario: what came in vain for it is no help to it, and may well be to another. */
function asks({ shortUnits, inVainUnits }: Priced): number {
  return Math.max(0, shortUnits - inVainUnits);
}

/** Units for the whole rest on one type; where no type hosts every shape, for each shape on its own, summed. */
export function unitsFor(capacity: Capacity, fleet: Fleet, rest: Counts): number {
  if (rest.every((count) => count === 0)) return 0;
  const together = safeUnits(capacity, fleet, rest);
  if (together !== null) return together;
  return rest.reduce((sum, count, column) => {
    if (count === 0) return sum;
    const alone = new Int32Array(rest.length);
    alone[column] = count;
    return sum + (safeUnits(capacity, fleet, alone) ?? 0);
  }, 0);
}

/**
 * The least whole number of units that brings enough instances whichever type the fleet picks: n instances of weight w
 * come when more than (n − 1) · w units are missing. Types that cannot host the rest are left out, as no number of units
 * would make them safe; null when every type is.
 */
function safeUnits({ types, typeNames }: Capacity, { options }: Fleet, rest: Counts): number | null {
  const weights = new Map(options.map(({ instanceType, weightUnits }) => [instanceType, weightUnits]));
  return typeNames.reduce<number | null>((most, name, row) => {
    const needed = instancesToHold(types, row, rest);
    return needed === null ? most : Math.max(most ?? 0, Math.floor((needed - 1) * (weights.get(name) ?? 1)) + 1);
  }, null);
}
