// Carrying a retirement through: every pass looks at each instance on its way out and finds the one step it needs next.
// Nothing is remembered of earlier passes; the mark, ECS and the fleet say it all.
import { ATTRIBUTE, isOperatorsDrain, type Retirement, type RetirementReason } from '../../model/attributes.ts';
import type { ContainerInstance } from '../../model/container-instance.ts';
import type { Fleet } from '../../model/fleet.ts';
import type { ClusterSnapshot } from '../../model/snapshot.ts';
import { fleetUnits, wholeUnits } from '../fleet-units.ts';
import type { Holding } from '../ledger.ts';
import type { Action, CallBackReason } from '../plan.ts';
import type { Policy } from '../policy.ts';
import { hasTasksElsewhere } from './records.ts';

/**
 * Whom to call back: what we were retiring is needed after all, and nothing is quicker than not retiring it. Only until
 * the fleet is at its maximum, as it is for what is launched.
 */
export function callBack(
  holdings: readonly Holding[],
  stayingUnits: number,
  { maxUnits }: Policy['fleet'],
): readonly Holding[] {
  let units = stayingUnits;
  return holdings.filter((holding) => {
    if (units >= maxUnits || !canComeBack(holding)) return false;
    units += holding.weightUnits;
    return true;
  });
}

/** Back to ACTIVE. */
export function reactivated(holdings: readonly Holding[], reason: CallBackReason): Action[] {
  return holdings.map((holding): Action => ({ kind: 'reactivate', reason, ...on(holding) }));
}

/** The ledger with these back. */
export function calledBack(holdings: readonly Holding[], back: readonly Holding[]): Holding[] {
  const isBack = new Set(back);
  return holdings.map((holding) =>
    isBack.has(holding)
      ? { ...holding, standing: 'serving', worked: { context: -1, room: null, line: null } }
      : holding,
  );
}

/** The ledger with these on their way out. */
export function withRetiring(holdings: readonly Holding[], victims: readonly Holding[]): readonly Holding[] {
  if (victims.length === 0) return holdings;
  const leaving = new Set(victims);
  return holdings.map((holding) =>
    leaving.has(holding)
      ? { ...holding, standing: 'retiring', worked: { context: -1, room: null, line: null } }
      : holding,
  );
}

export interface StepsInput {
  readonly fleet: Fleet;
  readonly holdings: readonly Holding[];
  readonly snapshot: ClusterSnapshot;
  readonly policy: Policy;
  readonly now: number;
  /** The most that the On-Demand part of the target may be without anyone who leaves being launched again. */
  readonly mostOnDemandUnits: number;
  /** Whether something would be missing if everybody who retires were gone now. */
  readonly isShort: () => boolean;
}

/** The next step of everyone on the way out. */
export function nextSteps(input: StepsInput): Action[] {
  return input.holdings.flatMap((holding): Action[] => {
    const { standing, containerInstance, retiring } = holding;
    if (standing !== 'retiring' || containerInstance === null || retiring === null) return [];
    return nextStep(input, { ...holding, containerInstance, retiring });
  });
}

type Retiring = Holding & { readonly containerInstance: ContainerInstance; readonly retiring: Retirement };

function nextStep(input: StepsInput, holding: Retiring): Action[] {
  const { containerInstance, retiring } = holding;
  const { reason } = retiring;
  if (reason === 'operator' && containerInstance.attributes[ATTRIBUTE.replace] === undefined) {
    return takenBack(holding, 'wish-withdrawn');
  }
  const isGone = isEmpty(holding) && !hasTasksElsewhere(holding, input.snapshot);
  if (isOverdue(input, retiring) && !isGone) return overdueStep(input, holding);
  if (containerInstance.status === 'ACTIVE') {
    // Its replacement comes first. Otherwise it was a crash between the mark and the drain that left it ACTIVE.
    const isWaiting = isReplacedFirst(reason) && input.isShort();
    return isWaiting ? [] : [{ kind: 'drain', reason, ...on(holding) }];
  }
  const mayLeave = holding.weightUnits === 0 || hasTargetFollowed(input);
  return mayLeave && isGone ? [{ kind: 'terminate', reason, ...on(holding) }] : [];
}

/** The drain, or the wait for a replacement, takes longer than the operator allows. */
function isOverdue({ policy, now }: StepsInput, { reason, since }: Retirement): boolean {
  return since !== null && now - since > policy.retirement.drain[reason].limitMs;
}

/** What runs there is never cut off with the instance: each task is stopped in order, and then the instance is empty. */
function overdueStep({ policy, snapshot }: StepsInput, holding: Retiring): Action[] {
  const { containerInstance, retiring } = holding;
  const { reason } = retiring;
  if (policy.retirement.drain[reason].end === 'give-up') {
    return takenBack(holding, 'drain-given-up');
  }
  if (containerInstance.status === 'ACTIVE') return [{ kind: 'drain', reason, ...on(holding) }];
  const there = snapshot.tasks.find((entry) => entry.containerInstanceArn === containerInstance.arn);
  return (there?.tasks ?? [])
    .filter(({ desiredStatus }) => desiredStatus !== 'STOPPED')
    .map(({ arn }) => ({ kind: 'stop-task', taskArn: arn, reason, ...on(holding) }));
}

/** Whom an operator has drained as well, nobody else sets ACTIVE. */
function takenBack(holding: Retiring, reason: CallBackReason): Action[] {
  const isHeld = isOperatorsDrain(holding.containerInstance.attributes[ATTRIBUTE.cordoned]);
  return isHeld ? [] : [{ kind: 'reactivate', reason, ...on(holding) }];
}

/** The drain of new victims: first the mark, so that whoever leads next knows whose drain it is. */
export function firstSteps(victims: readonly { holding: Holding; reason: RetirementReason }[], now: number): Action[] {
  return victims.flatMap(({ holding, reason }): Action[] => {
    const mark: Action = { kind: 'mark-retiring', reason, since: now, ...on(holding) };
    return IS_CALLED_BACK.has(reason) ? [mark, { kind: 'drain', reason, ...on(holding) }] : [mark];
  });
}

/** Whether it stays in service until its replacement takes tasks. */
export function isAwaitingReplacement({ standing, retiring, containerInstance }: Holding): boolean {
  if (standing !== 'retiring' || retiring === null) return false;
  return isReplacedFirst(retiring.reason) && containerInstance?.status === 'ACTIVE';
}

/** Whether somebody who leaves for this reason is replaced before. */
export function isReplacedFirst(reason: RetirementReason): boolean {
  return !IS_CALLED_BACK.has(reason);
}

/** Those who leave because nobody needs them. The others are replaced first, and a need is no reason to keep them. */
const IS_CALLED_BACK: ReadonlySet<RetirementReason> = new Set<RetirementReason>(['excess', 'consolidation']);

/** One that is cordoned would come back without any room. */
function canComeBack({ standing, containerInstance, retiring }: Holding): boolean {
  if (standing !== 'retiring' || retiring === null || !IS_CALLED_BACK.has(retiring.reason)) return false;
  if (containerInstance === null || !containerInstance.agentConnected) return false;
  if (containerInstance.attributes[ATTRIBUTE.cordoned] !== undefined) return false;
  return containerInstance.status === 'DRAINING' || containerInstance.status === 'ACTIVE';
}

/** Terminating before the fleet has taken in the lower target would make it launch a replacement. */
function hasTargetFollowed({ fleet, holdings, mostOnDemandUnits }: StepsInput): boolean {
  if (fleet.state !== 'active' || fleet.onDemandTargetUnits > mostOnDemandUnits) return false;
  return fleet.targetUnits <= wholeUnits(fleetUnits(fleet, holdings));
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
