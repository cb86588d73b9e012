// From On-Demand back to Spot: when the last fallback is a while ago, some of the instances that stood in are replaced by
// Spot, the replacement first and as many at once as the budgets allow. Where the Spot does not come they stay, and the
// next try waits twice as long.
import type { Fleet } from '../../model/fleet.ts';
import type { InstanceId } from '../../model/ids.ts';
import type { Holding } from '../ledger.ts';
import type { Plan } from '../plan.ts';
import type { OnDemandPolicy } from '../policy.ts';
import { isAwaitingReplacement } from '../retire/steps.ts';
import { type MissingUnits, missingFor } from './missing.ts';

/** What an earlier pass knew of returns. */
export interface Returns {
  /** From when on it has been waited for the next try, epoch milliseconds; null while nothing stands in. */
  readonly waitingSince: number | null;
  /** Tries in a row that failed. */
  readonly failures: number;
}

/** Droughts of single pools last for hours, and of a whole fleet seldom longer: a try costs a surge and no more. */
const LONGEST_WAIT_MS = 4 * 3_600_000;

/** Whether the next try is due. */
export function isReturnDue(
  { waitingSince, failures }: Returns,
  { returnAfterMs }: OnDemandPolicy,
  now: number,
): boolean {
  return waitingSince !== null && now - waitingSince >= waitMs(failures, returnAfterMs);
}

function waitMs(failures: number, returnAfterMs: number): number {
  return Math.max(returnAfterMs, Math.min(LONGEST_WAIT_MS, returnAfterMs * 2 ** failures));
}

/** Whether it stays until the Spot instance that is to take its place takes tasks. */
export function isReturning(holding: Holding): boolean {
  return holding.retiring?.reason === 'on-demand-return' && isAwaitingReplacement(holding);
}

/**
 * Those whose replacement has not come: it was asked for as long as a fallback waits, and is still missing; or it came and
 * has taken no tasks for three times as long.
 */
export function failedReturns(
  holdings: readonly Holding[],
  missing: readonly MissingUnits[],
  { patienceMs, now }: { readonly patienceMs: number; readonly now: number },
): readonly Holding[] {
  const isMissing = missingFor(missing, patienceMs, now) > 0;
  return holdings.filter((holding) => {
    const { since = null } = holding.retiring ?? {};
    if (!isReturning(holding) || since === null) return false;
    return now - since >= (isMissing ? patienceMs : 3 * patienceMs);
  });
}

/** On-Demand instances that may be replaced by Spot: not those that make up the base. */
export function returnable(
  holdings: readonly Holding[],
  { staying, baseUnits }: { readonly staying: number; readonly baseUnits: number },
): Set<InstanceId> {
  let left = staying - baseUnits;
  const chosen = new Set<InstanceId>();
  for (const { instanceId, isSpot, weightUnits, standing } of holdings) {
    if (isSpot || standing !== 'serving' || weightUnits === 0 || weightUnits > left) continue;
    left -= weightUnits;
    chosen.add(instanceId);
  }
  return chosen;
}

/** What the next pass has to know. @param pass the fleet as it was, and what was done */
export function returnsAfter(
  { waitingSince, failures }: Returns,
  pass: { readonly fleet: Fleet; readonly policy: OnDemandPolicy; readonly done: Plan; readonly now: number },
): Returns {
  const { fleet, policy, done, now } = pass;
  const isStandingIn = Math.max(fleet.onDemandTargetUnits, fleet.onDemandFulfilledUnits) > policy.baseUnits;
  const reasons = new Set(done.map(({ reason }) => reason));
  if (reasons.has('spot-not-come')) return { waitingSince: now, failures: failures + 1 };
  // A fallback after a return says that the drought goes on; what it has cost so far is kept in mind.
  if (reasons.has('on-demand-fallback')) return { waitingSince: now, failures };
  if (!isStandingIn) return { waitingSince: null, failures: 0 };
  const hasSucceeded = done.some(({ kind, reason }) => kind === 'drain' && reason === 'on-demand-return');
  return { waitingSince: Math.min(waitingSince ?? now, now), failures: hasSucceeded ? 0 : failures };
}
