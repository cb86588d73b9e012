// The part of the target that is to be On-Demand. It stands in for Spot that was asked for and has not come, and for nothing
// more: never for what may happen (arrivals, losses), never beyond what is missing, the file's units and its price.
//
// Raised, it takes the place of Spot within the same target. It comes down with the instances that leave, so that the fleet
// launches none of them again. AWS does not say whether On-Demand above its part makes up for Spot below its own, so no
// step here rests on either: a return to Spot first brings the Spot instance, with the target raised for it.
import type { Fleet } from '../../model/fleet.ts';
import type { Assessment } from '../assess.ts';
import { wholeUnits } from '../fleet-units.ts';
import type { Frozen } from '../freeze.ts';
import type { Holding } from '../ledger.ts';
import type { OnDemandPolicy } from '../policy.ts';
import type { ScenarioName, Standing } from '../report.ts';
import { isAwaitingReplacement } from '../retire/steps.ts';
import { type MissingUnits, missingFor } from './missing.ts';
import { isReturning, type Returns } from './return.ts';

/** What an earlier pass knew of it. */
export interface OnDemandMemory {
  readonly missing: readonly MissingUnits[];
  readonly returns: Returns;
}

export const NO_ON_DEMAND: OnDemandMemory = { missing: [], returns: { waitingSince: null, failures: 0 } };

/** Why the part is what it is. */
export type OnDemandReason =
  | 'keep'
  /** Spot that was asked for has not come. */
  | 'on-demand-fallback'
  /** The file asks for so much of it whatever there is. */
  | 'on-demand-base'
  /** Instances of it left, or it is not needed any more. */
  | 'on-demand-follows';

export interface OnDemandPart {
  readonly units: number;
  readonly reason: OnDemandReason;
}

export interface OnDemandInput {
  readonly seen: Assessment;
  /** The ledger with this pass's victims on their way out. */
  readonly holdings: readonly Holding[];
  readonly missing: readonly MissingUnits[];
  readonly frozen: Frozen | null;
  /** The target it will be part of. */
  readonly targetUnits: number;
  /** Units that may be asked for: while launches fail, not what is needed. */
  readonly mayAskUnits: number;
  readonly now: number;
}

export function onDemandPart(input: OnDemandInput): OnDemandPart {
  const { seen, holdings, frozen, targetUnits } = input;
  const { fleet, policy } = seen;
  const { baseUnits } = policy.onDemand;
  const present = fleet.onDemandTargetUnits;
  const followed = frozen === null ? followingUnits(seen, holdings) : present;
  const raised = fallbackUnits(input);
  const units = Math.min(targetUnits, Math.max(followed, raised, baseUnits));
  if (units === present) return { units, reason: 'keep' };
  if (units < present) return { units, reason: 'on-demand-follows' };
  return { units, reason: raised >= units ? 'on-demand-fallback' : 'on-demand-base' };
}

/** For how long something must be missing before On-Demand stands in for it. */
export function patienceMs({ policy, leadTime }: Pick<Assessment, 'policy' | 'leadTime'>): number {
  return Math.max(policy.onDemand.fallback.afterMs, leadTime.p95Ms);
}

/** The most the part may be raised to: what the file allows beside the base, by units and by price. */
export function mostUnits({ baseUnits, fallback }: OnDemandPolicy): number {
  const { maximumUnits, maximumPricePerHour, pricePerUnitHour } = fallback;
  const affordable =
    maximumPricePerHour === null || pricePerUnitHour === null
      ? maximumUnits
      : Math.floor(maximumPricePerHour / pricePerUnitHour + 1e-9);
  return baseUnits + Math.min(maximumUnits, affordable);
}

/** Units of On-Demand instances that stay, and those that leave and still count. */
export function onDemandUnits(
  fleet: Fleet,
  holdings: readonly Holding[],
): { readonly staying: number; readonly leaving: number } {
  let [staying, leaving] = [0, 0];
  for (const holding of holdings) {
    if (holding.isSpot) continue;
    if (isLeaving(holding)) leaving += holding.weightUnits;
    else staying += holding.weightUnits;
  }
  // The list of members may lag behind the fleet's figures.
  return { staying: Math.max(staying, fleet.onDemandFulfilledUnits - leaving), leaving };
}

const OUTBOUND: ReadonlySet<Standing> = new Set<Standing>(['noticed', 'retiring', 'gone']);

/** Who waits for a replacement stays until it is there. */
function isLeaving(holding: Holding): boolean {
  return OUTBOUND.has(holding.standing) && !isAwaitingReplacement(holding);
}

/** While something is short, what was asked for may still come; but never is anybody asked for who leaves. */
function followingUnits({ fleet, askUnits }: Assessment, holdings: readonly Holding[]): number {
  const { staying, leaving } = onDemandUnits(fleet, holdings);
  const isWanted = askUnits > 0 && leaving === 0;
  return isWanted ? fleet.onDemandTargetUnits : Math.min(fleet.onDemandTargetUnits, wholeUnits({ staying }));
}

/** Those who are not there now, or that have been promised: of what is only expected or feared there is time to wait. */
const NEEDED_NOW: ReadonlySet<ScenarioName> = new Set<ScenarioName>(['now', 'promise']);

function fallbackUnits({ seen, missing, mayAskUnits, now }: OnDemandInput): number {
  const { fleet, outcomes, holdings, policy } = seen;
  // A return that does not come is taken back before anything is bought for it.
  if (fleet.state !== 'active' || holdings.some(isReturning)) return 0;
  const needed = outcomes.reduce(
    (most, { scenario, askUnits }) => (NEEDED_NOW.has(scenario.name) ? Math.max(most, askUnits) : most),
    0,
  );
  const units = Math.ceil(Math.min(needed, mayAskUnits, missingFor(missing, patienceMs(seen), now)));
  if (units <= 0) return 0;
  return Math.min(mostUnits(policy.onDemand), Math.ceil(fleet.onDemandFulfilledUnits) + units);
}
