// The target capacity, level-triggered: a function of what the fleet reports and what is short, never of what we asked
// for earlier, so planning again with nothing changed plans nothing.
//
//   target = ask > 0 ? counted + ask : min(present, staying)        then clamped to the policy
//
// While nothing is short the target is never raised (an overshoot by weights stays an overshoot), and an ask that nobody
// needs any more is withdrawn.
import { isEnded } from '../model/fleet.ts';
import type { Assessment } from './assess.ts';
import { type FleetUnits, wholeUnits } from './fleet-units.ts';
import type { Frozen } from './freeze.ts';
import type { Holding } from './ledger.ts';
import { MOVE_REASONS, type MoveReason } from './plan.ts';
import type { Policy } from './policy.ts';
import type { ScenarioName, TargetReason } from './report.ts';
import { isAwaitingReplacement } from './retire/steps.ts';

/** The reason of a raise, by the most urgent scenario that does not hold. */
const WHY_RAISED: Readonly<Record<ScenarioName, MoveReason>> = {
  now: 'pending-tasks',
  deployment: 'deployment-surge',
  promise: 'promised-room',
  floor: 'scheduled-floor',
  arrivals: 'expected-arrivals',
  'pool-loss': 'pool-loss',
  'zone-loss': 'zone-loss',
};

export interface Target {
  readonly targetUnits: number;
  /** A `MoveReason` when the target moves now, and otherwise why it does not. */
  readonly reason: TargetReason;
}

export interface TargetInput {
  readonly seen: Assessment;
  /** The ledger and the units with this pass's victim on its way out. */
  readonly holdings: readonly Holding[];
  readonly units: FleetUnits;
  readonly policy: Policy;
  readonly frozen: Frozen | null;
  /** Units that may be asked for: while launches fail, not what is needed. */
  readonly mayAskUnits: number;
}

export function targetFor(input: TargetInput): Target {
  const { fleet } = input.seen;
  const wanted = wantedUnits(input);
  const { minUnits, maxUnits } = input.policy.fleet;
  const targetUnits = Math.min(maxUnits, Math.max(minUnits, wanted));
  if (isEnded(fleet)) return { targetUnits, reason: 'fleet-ended' };
  if (targetUnits === fleet.targetUnits) return { targetUnits, reason: whyItStays(input, wanted) };
  if (fleet.state !== 'active') return { targetUnits, reason: 'fleet-modifying' };
  if (targetUnits < fleet.targetUnits) {
    if (input.frozen !== null) return { targetUnits, reason: input.frozen };
    if (areTasksMoving(input)) return { targetUnits, reason: 'tasks-moving' };
  }
  return { targetUnits, reason: whyItMoves(input, wanted, targetUnits) };
}

/** Whether this reason moves the target. */
export function isMove(reason: TargetReason): reason is MoveReason {
  return MOVE_REASONS.some((move) => move === reason);
}

/**
 * Units to ask for beside what is counted: what is short, or what the fleet needs to be at its minimum without those who
 * leave. They count as long as they are there, so at a target that is only the minimum it would not launch for them.
 */
export function unitsToAsk({ askUnits, holdings, units, policy }: Assessment): number {
  if (!holdings.some(({ standing }) => standing === 'retiring')) return askUnits;
  return Math.max(askUnits, policy.fleet.minUnits - units.staying);
}

function wantedUnits(input: TargetInput): number {
  const { seen, units, mayAskUnits } = input;
  const askUnits = Math.min(unitsToAsk(seen), mayAskUnits);
  if (askUnits > 0) return Math.ceil(units.counted + askUnits);
  if (isHeldBack(input)) return Math.min(seen.fleet.targetUnits, wholeUnits({ staying: units.counted }));
  return Math.min(seen.fleet.targetUnits, wholeUnits(units));
}

/** More is needed than may be asked for. */
function isHeldBack({ seen, mayAskUnits }: TargetInput): boolean {
  return unitsToAsk(seen) > mayAskUnits;
}

/**
 * While a noticed instance still has tasks, where they will go is not known: ECS spreads what we could have packed, and
 * a target that came down now might have to go up again. It follows when they have moved, in any case before the end.
 */
function areTasksMoving({ seen, holdings }: TargetInput): boolean {
  return (
    seen.askUnits === 0 && holdings.some(({ standing, ordinaryCount }) => standing === 'noticed' && ordinaryCount !== 0)
  );
}

function whyItStays(input: TargetInput, wanted: number): TargetReason {
  const { seen, units, policy, frozen } = input;
  if (wanted > policy.fleet.maxUnits) return 'at-maximum';
  if (isHeldBack(input)) return 'launches-fail';
  if (seen.shortage !== null && seen.askUnits === 0 && units.unlisted === 0) return 'wrong-types';
  return frozen ?? 'keep';
}

function whyItMoves(input: TargetInput, wanted: number, targetUnits: number): MoveReason {
  const { seen, units, holdings } = input;
  const isRaise = targetUnits > seen.fleet.targetUnits;
  if (isRaise && wanted < targetUnits) return 'below-minimum';
  if (!isRaise && wanted > targetUnits) return 'above-maximum';
  if (isHeldBack(input)) return isRaise ? 'probe-launch' : 'launches-stopped';
  if (isRaise && holdings.some(isAwaitingReplacement)) return 'replacement';
  if (isRaise) return WHY_RAISED[seen.shortage?.urgent.name ?? 'promise'];
  if (seen.askUnits > 0) return 'withdraw-ask';
  if (holdings.some(({ standing }) => standing === 'retiring')) return 'retirement';
  return units.leaving > 0 ? 'follow-leaving' : 'withdraw-ask';
}
