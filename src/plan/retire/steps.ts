// Carrying a retirement through: every pass looks at each instance on its way out and finds the one step it needs next.
// Nothing is remembered of earlier passes; the mark, ECS and the fleet say it all.
import { ATTRIBUTE } from '../../model/attributes.ts';
import type { Fleet } from '../../model/fleet.ts';
import { fleetUnits, wholeUnits } from '../fleet-units.ts';
import type { Holding } from '../ledger.ts';
import type { Action } from '../plan.ts';

/** Back to ACTIVE: what we were retiring is needed after all, and nothing is quicker than not retiring it. */
export function callBack(holdings: readonly Holding[]): Action[] {
  return holdings.flatMap((holding): Action[] =>
    canComeBack(holding) ? [{ kind: 'reactivate', reason: 'need-returned', ...on(holding) }] : [],
  );
}

/** The ledger as it is once those are back. */
export function calledBack(holdings: readonly Holding[]): Holding[] {
  return holdings.map((holding) =>
    canComeBack(holding)
      ? { ...holding, standing: 'serving', worked: { context: -1, room: null, line: null } }
      : holding,
  );
}

/** The ledger with the victim on its way out. */
export function withRetiring(holdings: readonly Holding[], victim: Holding | null): readonly Holding[] {
  if (victim === null) return holdings;
  return holdings.map((holding) =>
    holding === victim
      ? { ...holding, standing: 'retiring', retiring: 'excess', worked: { context: -1, room: null, line: null } }
      : holding,
  );
}

/** The next step of everyone on the way out: drain what is only marked, terminate what is empty. */
export function nextSteps(fleet: Fleet, holdings: readonly Holding[]): Action[] {
  return holdings.flatMap((holding): Action[] => {
    const { standing, containerInstance, retiring } = holding;
    if (standing !== 'retiring' || containerInstance === null || retiring === null) return [];
    // A crash between the mark and the drain leaves it ACTIVE.
    if (containerInstance.status === 'ACTIVE') return [{ kind: 'drain', reason: retiring, ...on(holding) }];
    const mayLeave = holding.weightUnits === 0 || hasTargetFollowed(fleet, holdings);
    return mayLeave && isEmpty(holding) ? [{ kind: 'terminate', reason: retiring, ...on(holding) }] : [];
  });
}

/** The drain of a new victim: first the mark, so that whoever leads next knows whose drain it is. */
export function firstSteps(victim: Holding | null): Action[] {
  if (victim === null) return [];
  return [
    { kind: 'mark-retiring', reason: 'excess', ...on(victim) },
    { kind: 'drain', reason: 'excess', ...on(victim) },
  ];
}

/** One that is cordoned would come back without any room. */
function canComeBack({ standing, containerInstance }: Holding): boolean {
  if (standing !== 'retiring' || containerInstance === null || !containerInstance.agentConnected) return false;
  if (containerInstance.attributes[ATTRIBUTE.cordoned] !== undefined) return false;
  return containerInstance.status === 'DRAINING' || containerInstance.status === 'ACTIVE';
}

/** Terminating before the fleet has taken in the lower target would make it launch a replacement. */
function hasTargetFollowed(fleet: Fleet, holdings: readonly Holding[]): boolean {
  return fleet.state === 'active' && fleet.targetUnits <= wholeUnits(fleetUnits(fleet, holdings));
}

/**
 * Every task is STOPPED, daemon tasks too. `runningTaskCount` alone reaches 0 while containers are still inside their
 * stop timeout, so the snapshot lists what is still stopping on such instances.
 */
function isEmpty({ containerInstance, tally }: Holding): boolean {
  if (containerInstance === null || containerInstance.status !== 'DRAINING') return false;
  if (containerInstance.runningTaskCount > 0 || containerInstance.pendingTaskCount > 0) return false;
  return tally !== null && tally.count === 0;
}

function on({ instanceId, containerInstance }: Holding) {
  if (containerInstance === null) throw new TypeError(`${instanceId} has no container instance to act on`);
  return { instanceId, containerInstanceArn: containerInstance.arn };
}
