// Proves a plan's invariants before anything is done. A violation is a bug of ours: a plan that breaks one of these
// would hurt somebody's cluster, so the process stops rather than act on it.
import { ATTRIBUTE } from '../model/attributes.ts';
import type { ContainerInstance } from '../model/container-instance.ts';
import { serviceNameOf } from '../model/service.ts';
import type { ClusterSnapshot } from '../model/snapshot.ts';
import { isInterrupted, orphanRule, terminateRule } from './check-departures.ts';
import { mayShrink } from './freshness.ts';
import { mostUnits } from './on-demand/on-demand-part.ts';
import type { Action, Plan } from './plan.ts';
import type { Policy } from './policy.ts';
import { MOST_CHOSEN } from './retire/choose.ts';

export class BrokenInvariant extends Error {
  override readonly name = 'BrokenInvariant';
}

export interface Checked {
  readonly plan: Plan;
  readonly snapshot: ClusterSnapshot;
  readonly policy: Policy;
  readonly now: number;
}

/** Returns when the plan is sound. @throws BrokenInvariant naming the rule and the action that breaks it */
export function check(checked: Checked): void {
  const { plan } = checked;
  if (plan.filter(({ kind }) => kind === 'set-target').length > 1) throw broken('one target a pass', plan);
  if (plan.filter(({ kind }) => kind === 'mark-retiring').length > MOST_CHOSEN)
    throw broken('few victims a pass', plan);
  for (const action of plan) {
    const rule = ruleBrokenBy(action, checked);
    if (rule !== null) throw broken(rule, action);
  }
}

function ruleBrokenBy(action: Action, checked: Checked): string | null {
  if (action.kind === 'set-target') {
    return targetRule(action.targetUnits, checked) ?? onDemandRule(action, checked);
  }
  const isShrinkable = mayShrink(checked.snapshot, checked.now);
  if (action.kind === 'terminate' && action.reason === 'orphan') {
    return isShrinkable ? orphanRule(action.instanceId, checked) : LITTLE_KNOWN;
  }
  const { containerInstances } = checked.snapshot;
  const subject = containerInstances.find(({ arn }) => arn === action.containerInstanceArn);
  if (subject?.instanceId !== action.instanceId) return 'both ids of an action name one instance';
  if (action.kind === 'reactivate') return isMarked(subject) ? null : 'only what we retire is called back';
  if (action.kind === 'drain' && action.reason === 'interruption') {
    return isInterrupted(subject) ? null : 'only who is interrupted is drained for that';
  }
  return isShrinkable ? departureRule(action, subject, checked) : LITTLE_KNOWN;
}

function onDemandRule(
  { targetUnits, onDemandUnits }: Extract<Action, { kind: 'set-target' }>,
  { snapshot, policy }: Checked,
): string | null {
  if (onDemandUnits === undefined) return null;
  if (!Number.isInteger(onDemandUnits) || onDemandUnits < 0) return 'the On-Demand part is a whole number';
  if (onDemandUnits > targetUnits) return 'the On-Demand part is part of the target';
  const isRaised = onDemandUnits > (snapshot.fleet?.onDemandTargetUnits ?? 0);
  return isRaised && onDemandUnits > mostUnits(policy.onDemand) ? 'no more On-Demand than the file allows' : null;
}

type Departure = Exclude<Action, { kind: 'set-target' | 'reactivate' }>;

function departureRule(action: Departure, subject: ContainerInstance, checked: Checked): string | null {
  switch (action.kind) {
    case 'mark-retiring':
      return hasOnlyServiceTasks(subject, checked) ? null : 'no victim has a task that nobody would replace';
    case 'drain':
      return isMarked(subject) || isMarkedBy(checked.plan, subject) ? null : 'only what is marked is drained';
    case 'stop-task':
      return isMarked(subject) && subject.status === 'DRAINING'
        ? null
        : 'tasks are stopped only where a drain is overdue';
    case 'terminate':
      return terminateRule(subject, checked.snapshot);
    default:
      return action satisfies never;
  }
}

const LITTLE_KNOWN = 'nobody leaves on partial or old knowledge';

function targetRule(targetUnits: number, { snapshot, policy, now }: Checked): string | null {
  const { fleet } = snapshot;
  if (fleet === null || fleet.state !== 'active') return 'the target moves only while the fleet is active';
  if (!Number.isInteger(targetUnits)) return 'the target is a whole number';
  if (targetUnits < policy.fleet.minUnits || targetUnits > policy.fleet.maxUnits) return 'the target keeps its bounds';
  const isLowered = targetUnits < fleet.targetUnits;
  return isLowered && !mayShrink(snapshot, now) ? 'no shrinking on partial or old knowledge' : null;
}

function hasOnlyServiceTasks({ arn }: ContainerInstance, { snapshot, policy }: Checked): boolean {
  const { tasks, services } = snapshot;
  const names = new Set(services.map(({ name }) => name));
  const entry = tasks.find(({ containerInstanceArn }) => containerInstanceArn === arn);
  const isWaitedFor = policy.retirement.standaloneTasks === 'wait';
  const mayMove = (name: string | null) => (name === null ? isWaitedFor : names.has(name));
  return entry?.tasks.every((task) => mayMove(serviceNameOf(task))) ?? false;
}

function isMarked({ attributes }: ContainerInstance): boolean {
  return attributes[ATTRIBUTE.retiring] !== undefined;
}

function isMarkedBy(plan: Plan, { arn }: ContainerInstance): boolean {
  return plan.some((action) => action.kind === 'mark-retiring' && action.containerInstanceArn === arn);
}

function broken(rule: string, by: unknown): BrokenInvariant {
  return new BrokenInvariant(`the plan breaks the rule "${rule}": ${JSON.stringify(by)}`);
}
