// Proves that nothing is done that the mode, an operator's order or a freeze forbids. It reads the orders and the policy
// itself, not what was made of them: a mistake there is what it is to find.
import type { ClusterSnapshot } from '../model/snapshot.ts';
import { BrokenInvariant } from './check.ts';
import { mayShrink } from './freshness.ts';
import type { Action, Plan } from './plan.ts';
import type { Policy } from './policy.ts';
import type { Restraint } from './restraint.ts';

export interface Restrained {
  readonly plan: Plan;
  /** What is about to be done. */
  readonly allowed: Plan;
  readonly restraint: Pick<Restraint, 'frozen'>;
  readonly snapshot: ClusterSnapshot;
  readonly policy: Pick<Policy, 'mode'>;
  readonly now: number;
}

/** Returns when the restraint is kept. @throws BrokenInvariant naming the rule and the action that breaks it */
export function checkRestraint(restrained: Restrained): void {
  const { plan, allowed, policy, snapshot, restraint, now } = restrained;
  let at = 0;
  for (const action of allowed) {
    at = plan.indexOf(action, at) + 1;
    if (at === 0) throw broken('only what is planned is done, in its order', action);
    if (isHandsOff(restrained)) throw broken('hands off means off', action);
    const isBound = policy.mode === 'scale-out-only' || snapshot.orders?.pause?.of === 'shrinking';
    const isPauseOver = policy.mode !== 'scale-out-only' && isOver(snapshot, now);
    if (isBound && !isPauseOver && !makesRoom(action)) throw broken('only what makes room is done', action);
    const isFrozen = restraint.frozen.length > 0 || !mayShrink(snapshot, now);
    if (isFrozen && !makesRoom(action)) throw broken('nothing shrinks in a freeze', action);
  }
}

/** Whether nothing at all may be done. */
function isHandsOff({ snapshot, policy, now }: Restrained): boolean {
  const { orders } = snapshot;
  if (policy.mode === 'observe' || policy.mode === 'recommend') return true;
  if (orders === null || orders.stop !== null) return true;
  return orders.pause !== null && orders.pause.of !== 'shrinking' && !isOver(snapshot, now);
}

function isOver({ orders }: ClusterSnapshot, now: number): boolean {
  const pause = orders?.pause ?? null;
  return pause !== null && pause.of !== 'unreadable' && now >= pause.until;
}

/** Or costs none: who is interrupted is lost whether it drains or not. */
function makesRoom(action: Action): boolean {
  if (action.kind === 'drain' && action.reason === 'interruption') return true;
  return action.kind === 'reactivate' || (action.kind === 'set-target' && action.targetUnits > action.fromUnits);
}

function broken(rule: string, by: Action): BrokenInvariant {
  return new BrokenInvariant(`what is to be done breaks the rule "${rule}": ${JSON.stringify(by)}`);
}
