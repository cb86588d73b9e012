// How many units to launch so that every scenario fits, given what serves and what is on its way. Scenarios are never
// summed: the same new instance serves whichever of them comes true.
import type { Fleet } from '../model/fleet.ts';
import { type Demand, instancesToHold, unplaced } from './fits.ts';
import type { Room } from './room.ts';

export type ScenarioName = 'now' | 'promise';

export interface Scenario {
  readonly name: ScenarioName;
  readonly demand: readonly Demand[];
}

export interface Shortage {
  /** The first of the scenarios that does not fit, which is the most urgent one. */
  readonly scenario: ScenarioName;
  /** What the neediest scenario needs, in units and in tasks without a place. */
  readonly units: number;
  readonly missing: readonly Demand[];
}

/**
 * null when every scenario fits.
 * @param options.scenarios most urgent first
 * @param options.empty a new instance's room by type
 */
export function worstShortage(options: {
  readonly scenarios: readonly Scenario[];
  readonly rooms: readonly Room[];
  readonly empty: ReadonlyMap<string, Room>;
  readonly fleet: Fleet;
}): Shortage | null {
  const { scenarios, rooms, empty, fleet } = options;
  return scenarios.reduce<Shortage | null>((worst, { name, demand }) => {
    const rest = unplaced(rooms, demand);
    if (rest.length === 0) return worst;
    const units = unitsFor(rest, empty, fleet);
    if (worst !== null && worst.units >= units) return worst;
    return { scenario: worst?.scenario ?? name, units, missing: rest };
  }, null);
}

/** Units for the whole rest on one type; where no type hosts every shape, for each shape on its own, summed. */
function unitsFor(rest: readonly Demand[], empty: ReadonlyMap<string, Room>, fleet: Fleet): number {
  const together = safeUnits(rest, empty, fleet);
  if (together !== null) return together;
  return rest.reduce((sum, demand) => sum + (safeUnits([demand], empty, fleet) ?? 0), 0);
}

/**
 * The least whole number of units that brings enough instances whichever type the fleet picks: n instances of weight w
 * come when more than (n − 1) · w units are missing. Types that cannot host the demand are left out, as no number of
 * units would make them safe; null when every type is.
 */
function safeUnits(rest: readonly Demand[], empty: ReadonlyMap<string, Room>, fleet: Fleet): number | null {
  return fleet.options.reduce<number | null>((most, { instanceType, weightUnits }) => {
    const room = empty.get(instanceType);
    const needed = room === undefined ? null : instancesToHold(room, rest);
    return needed === null ? most : Math.max(most ?? 0, Math.floor((needed - 1) * weightUnits) + 1);
  }, null);
}
