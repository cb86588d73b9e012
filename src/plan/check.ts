// Proves a plan's invariants before anything is done. A violation is a bug of ours: a plan that breaks one of these
// would hurt somebody's cluster, so the process stops rather than act on it.
import { ATTRIBUTE } from '../model/attributes.ts';
import type { ContainerInstanceArn } from '../model/ids.ts';
import type { ClusterSnapshot } from '../model/snapshot.ts';
import type { Action, Plan } from './plan.ts';
import type { Policy } from './policy.ts';

export class BrokenInvariant extends Error {
  override readonly name = 'BrokenInvariant';
}

/** Returns when the plan is sound. @throws BrokenInvariant naming the rule and the action that breaks it */
export function check(plan: Plan, snapshot: ClusterSnapshot, policy: Policy): void {
  if (plan.filter(({ kind }) => kind === 'set-target').length > 1) throw broken('one target a pass', plan);
  if (plan.filter(({ kind }) => kind === 'mark-retiring').length > 1) throw broken('one victim a pass', plan);
  for (const action of plan) {
    const rule = ruleBrokenBy(action, snapshot, policy);
    if (rule !== null) throw broken(rule, action);
  }
}

function ruleBrokenBy(action: Action, snapshot: ClusterSnapshot, policy: Policy): string | null {
  switch (action.kind) {
    case 'set-target':
      return targetRule(action.targetUnits, snapshot, policy);
    case 'mark-retiring':
      return snapshot.gaps.length > 0 ? 'nobody retires on partial knowledge' : null;
    case 'drain':
      return snapshot.gaps.length > 0 ? 'nobody is drained on partial knowledge' : null;
    case 'reactivate':
      return isMarked(action.containerInstanceArn, snapshot) ? null : 'only what we retire is called back';
    case 'terminate':
      return terminateRule(action.containerInstanceArn, snapshot);
    default:
      return action satisfies never;
  }
}

function targetRule(targetUnits: number, { fleet, gaps }: ClusterSnapshot, policy: Policy): string | null {
  if (fleet === null || fleet.state !== 'active') return 'the target moves only while the fleet is active';
  if (!Number.isInteger(targetUnits)) return 'the target is a whole number';
  if (targetUnits < policy.fleet.minUnits || targetUnits > policy.fleet.maxUnits) return 'the target keeps its bounds';
  return gaps.length > 0 && targetUnits < fleet.targetUnits ? 'no shrinking on partial knowledge' : null;
}

function terminateRule(arn: ContainerInstanceArn, snapshot: ClusterSnapshot): string | null {
  const instance = snapshot.containerInstances.find((candidate) => candidate.arn === arn);
  if (snapshot.gaps.length > 0) return 'nobody is terminated on partial knowledge';
  if (!isMarked(arn, snapshot)) return 'only what we retire is terminated';
  if (instance?.status !== 'DRAINING') return 'only a draining instance is terminated';
  const isEmpty = instance.runningTaskCount === 0 && !snapshot.tasks.some((task) => task.containerInstanceArn === arn);
  return isEmpty ? null : 'only an empty instance is terminated';
}

function isMarked(arn: ContainerInstanceArn, snapshot: ClusterSnapshot): boolean {
  const instance = snapshot.containerInstances.find((candidate) => candidate.arn === arn);
  return instance?.attributes[ATTRIBUTE.retiring] !== undefined;
}

function broken(rule: string, by: unknown): BrokenInvariant {
  return new BrokenInvariant(`the plan breaks the rule "${rule}": ${JSON.stringify(by)}`);
}
