// Carrying a retirement through: every pass looks at each instance on its way out and finds the one step it needs next.
// Nothing is remembered of earlier passes; the mark, ECS and the fleet say it all.
import type { Fleet } from '../model/fleet.ts';
import type { ClusterSnapshot } from '../model/snapshot.ts';
import type { Holding } from './ledger.ts';
import type { Action } from './plan.ts';
import { fleetUnits } from './target.ts';

/** Back to ACTIVE: what we were retiring is needed after all, and nothing is quicker than not retiring it. */
export function reactivations(holdings: readonly Holding[]): Action[] {
  return holdings.flatMap((holding): Action[] =>
    holding.standing === 'retiring' && holding.containerInstance !== null
      ? [{ kind: 'reactivate', reason: 'need-returned', ...on(holding, holding.containerInstance.arn) }]
      : [],
  );
}

/** The ledger as it is once those are back. */
export function withoutRetiring(holdings: readonly Holding[]): Holding[] {
  return holdings.map((holding) => (holding.standing === 'retiring' ? { ...holding, standing: 'serving' } : holding));
}

/** The ledger with the victim on its way out. */
export function withRetiring(holdings: readonly Holding[], victim: Holding): Holding[] {
  return holdings.map((holding) =>
    holding === victim ? { ...holding, standing: 'retiring', retiring: 'excess' } : holding,
  );
}

/** The next step of everyone on the way out: drain what is only marked, terminate what is empty. */
export function nextSteps(snapshot: ClusterSnapshot, fleet: Fleet, holdings: readonly Holding[]): Action[] {
  return holdings.flatMap((holding): Action[] => {
    const { standing, containerInstance, retiring } = holding;
    if (standing !== 'retiring' || containerInstance === null || retiring === null) return [];
    const where = on(holding, containerInstance.arn);
    // A crash between the mark and the drain leaves it ACTIVE.
    if (containerInstance.status === 'ACTIVE') return [{ kind: 'drain', reason: retiring, ...where }];
    const isLeavingFleet = holding.weightUnits === 0 || hasTargetFollowed(fleet, holdings);
    return isLeavingFleet && isEmpty(snapshot, holding) ? [{ kind: 'terminate', reason: retiring, ...where }] : [];
  });
}

/** The drain of a new victim: first the mark, so that whoever leads next knows whose drain it is. */
export function firstSteps(victim: Holding): Action[] {
  if (victim.containerInstance === null) return [];
  const where = on(victim, victim.containerInstance.arn);
  return [
    { kind: 'mark-retiring', reason: 'excess', ...where },
    { kind: 'drain', reason: 'excess', ...where },
  ];
}

/** Terminating before the fleet has taken in the lower target would make it launch a replacement. */
function hasTargetFollowed(fleet: Fleet, holdings: readonly Holding[]): boolean {
  return fleet.state === 'active' && fleet.targetUnits <= Math.ceil(fleetUnits(fleet, holdings).staying);
}

/**
 * Every task is STOPPED. `runningTaskCount` alone reaches 0 while containers are still inside their stop timeout, so
 * the snapshot lists what is still stopping on such instances.
 */
function isEmpty(snapshot: ClusterSnapshot, { containerInstance }: Holding): boolean {
  if (containerInstance === null || containerInstance.status !== 'DRAINING') return false;
  if (containerInstance.runningTaskCount > 0 || containerInstance.pendingTaskCount > 0) return false;
  return !snapshot.tasks.some((task) => task.containerInstanceArn === containerInstance.arn);
}

function on(holding: Holding, arn: NonNullable<Holding['containerInstance']>['arn']) {
  return { instanceId: holding.instanceId, containerInstanceArn: arn };
}
