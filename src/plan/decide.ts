// One plan. Pure: no IO, no clock, no randomness of its own. Vetoes first, raise before lowering, drain before
// terminating; a snapshot with gaps or of old may grow the fleet and never shrinks it.
//
// What a pass has worked out of an object it was given (an instance, its tasks, a shape) is kept with that object for the
// next: that never changes an answer, it only makes it quicker, and a test plans with and without.
import type { Fleet } from '../model/fleet.ts';
import type { Part } from '../model/snapshot.ts';
import { type Assessment, assess } from './assess.ts';
import type { PoolCheck } from './capacity/pool-check.ts';
import { conflictsOf, seenOfOthers } from './conflicts/conflicts.ts';
import { asking, type TargetWatch } from './conflicts/target-watch.ts';
import { fleetUnits } from './fleet-units.ts';
import { freezeOf, frozenAs } from './freeze.ts';
import { isStormy } from './interruptions/storms.ts';
import { drainUndrained } from './interruptions/undrained.ts';
import { cloudTimeAt } from './learn/cloud-time.ts';
import { disconnectedSince, ledger } from './ledger.ts';
import { type LossAsks, rememberAsks } from './loss-asks.ts';
import type { Memory } from './memory.ts';
import { missingFor, missingIn } from './on-demand/missing.ts';
import { onDemandPart, onDemandUnits, patienceMs } from './on-demand/on-demand-part.ts';
import { failedReturns, returnsAfter } from './on-demand/return.ts';
import { mayAskFor, tried } from './orphans/launches.ts';
import { endCondemned } from './orphans/orphans.ts';
import { outlookOn } from './outlook.ts';
import type { Action, Plan } from './plan.ts';
import type { PlanInput } from './plan-input.ts';
import type { Policy } from './policy.ts';
import type { PlanReport } from './report.ts';
import { allowed, givesAway, type Restraint, restraintOf } from './restraint.ts';
import { decideScaleIn } from './retire/choose.ts';
import { rememberRetirements } from './retire/past.ts';
import { isShortNow } from './retire/replaced.ts';
import {
  callBack,
  calledBack,
  firstSteps,
  isReplacedFirst,
  nextSteps,
  reactivated,
  withRetiring,
} from './retire/steps.ts';
import { undoing } from './retire/undone.ts';
import { protectableCandidates, unknownCandidates } from './retire/victims.ts';
import { wishesIn } from './retire/wishes.ts';
import { callRoll } from './roll-call.ts';
import { setTarget } from './set-target.ts';
import { isMove, type Target, targetFor, unitsToAsk } from './target.ts';
import { reportBlind, reportOf } from './write-report.ts';

export interface Planned {
  readonly plan: Plan;
  /** What of it may be done now, in its order; the report says what is held back. */
  readonly allowed: Plan;
  readonly restraint: Restraint;
  readonly report: PlanReport;
  readonly memory: Memory;
  /** What a slower check is to look at: its answer belongs into the memory's `poolsAtRisk`. null for none. */
  readonly fullCheck: (() => PoolCheck) | null;
}

// Without these there is no telling what is needed or what there is; every other gap only forbids shrinking.
const INDISPENSABLE: ReadonlySet<Part> = new Set<Part>(['fleet', 'container-instances', 'services']);

/** @param given.now epoch milliseconds */
export function plan(given: PlanInput): Planned {
  const input = { ...given, memory: { ...given.memory, cloudTime: cloudTimeAt(given) } };
  const { snapshot, policy, memory, now } = input;
  const { fleet, gaps } = snapshot;
  const everyone = ledger(input);
  const roll = callRoll(input, everyone);
  const remembered = {
    ...memory,
    ...seenOfOthers(input, everyone),
    disconnectedSince: disconnectedSince(everyone, memory, now),
    roll,
  };
  const restraint = restraintOf(input, freezeOf(input, remembered));
  const conflicts = conflictsOf(snapshot, remembered, now);
  if (fleet === null || gaps.some(({ part }) => INDISPENSABLE.has(part))) {
    const report = reportBlind(snapshot, everyone, { restraint: { ...restraint, held: [] }, conflicts });
    return { plan: [], allowed: [], restraint, report, memory: remembered, fullCheck: null };
  }

  const outlook = outlookOn(input, everyone, restraint);
  const { holdings, storms, awaited } = outlook;
  const asItIs = assess(input, fleet, holdings);
  const isWanted = asItIs.askUnits > 0 || asItIs.units.staying < policy.fleet.minUnits;
  const missing = missingIn(fleet, memory.onDemand.missing, now);
  const coming = isWanted ? callBack(holdings, asItIs.units.staying, policy.fleet) : [];
  const failed = failedReturns(holdings, missing, { patienceMs: patienceMs(asItIs), now });
  const isCallingBack = coming.length + failed.length > 0;
  const seen = isCallingBack ? assess(input, fleet, calledBack(holdings, [...coming, ...failed])) : asItIs;

  const frozen = frozenAs(restraint.frozen);
  const scaleIn = decideScaleIn({ input, seen, frozen, isCallingBack, outlook });
  // Who is replaced first stays until then, and the target with it.
  const surplus = scaleIn.victims.filter(({ reason }) => !isReplacedFirst(reason)).map(({ holding }) => holding);
  const leaving = withRetiring(seen.holdings, surplus);
  const wished = wishesIn(seen, now).map(({ holding }) => holding);
  const units = fleetUnits(fleet, leaving);
  const mayAskUnits = mayAskFor(outlook.launches, { holdings, units: seen.units, policy, now });
  const target = targetFor({ seen, holdings: leaving, units, policy, frozen, mayAskUnits });
  const onDemand = onDemandPart({
    ...{ seen, holdings: leaving, missing, frozen, mayAskUnits, now },
    targetUnits: isMove(target.reason) ? target.targetUnits : fleet.targetUnits,
  });
  const mostOnDemandUnits = Math.max(policy.onDemand.baseUnits, onDemandUnits(fleet, seen.holdings).staying);
  const isShort = () => isStormy(storms) || isShortNow(seen);

  const actions: Action[] = [
    ...setTarget(fleet, target, onDemand),
    ...reactivated(coming, 'need-returned'),
    ...reactivated(failed, 'spot-not-come'),
    ...drainUndrained(holdings, storms, now),
    ...(frozen === null
      ? nextSteps({ fleet, holdings: seen.holdings, snapshot, policy, now, mostOnDemandUnits, isShort })
      : []),
    // A victim is only told to leave when the target has come down, or need not.
    ...(isMove(target.reason) || target.targetUnits === fleet.targetUnits ? firstSteps(scaleIn.victims, now) : []),
    // The fleet launches in place of an orphan what its target asks for, so nothing that is too much may be in that.
    ...(frozen === null && isNotTooHigh(fleet, target) ? endCondemned(holdings) : []),
  ];
  const { allowed: done, held } = allowed(actions, restraint);
  const chosen = {
    target,
    scaleIn,
    restraint: { ...restraint, held },
    conflicts,
    outlook,
    onDemand: { ...onDemand, missingUnits: missingFor(missing, patienceMs(seen), now) },
    isByInstance: policy.isReportedByInstance,
  };
  return {
    plan: actions,
    allowed: done,
    restraint,
    report: reportOf(seen, chosen),
    memory: {
      ...remembered,
      ...seen.learned,
      surplusSince: scaleIn.surplusSince,
      // Of what is held back nothing came: it is not to be remembered as done.
      ...undoing(done, { memory, policy, now }),
      ...rememberRetirements(memory, { victims: scaleIn.victims, done, policy, now }),
      lossAsks: lossAsksAfter(seen, done, { policy, memory, now }),
      targetWatch: afterAsking(remembered.targetWatch, done, now),
      onDemand: {
        missing,
        returns: returnsAfter(memory.onDemand.returns, { fleet, policy: policy.onDemand, done, now }),
      },
      storms,
      awaited,
      launches: isTried(seen, target, done, mayAskUnits) ? tried(outlook.launches, { policy, now }) : outlook.launches,
      lookAt: unknownCandidates(seen.holdings, wished),
      protectionOf: protectableCandidates(seen.holdings, wished),
    },
    fullCheck: seen.losses.fullCheck,
  };
}

/** The fleet is asked for no more than it is to have. */
function isNotTooHigh({ state, targetUnits }: Fleet, target: Target): boolean {
  return state === 'active' && targetUnits <= target.targetUnits;
}

/** Also where the target need not move for it: the fleet then launches one in place of those that have been ended. */
function isTried(seen: Assessment, target: Target, done: Plan, mayAskUnits: number): boolean {
  if (Math.min(mayAskUnits, unitsToAsk(seen)) <= 0) return false;
  return target.targetUnits === seen.fleet.targetUnits || done.some(({ kind }) => kind === 'set-target');
}

/** Whatever comes of it: a call that fails may have reached AWS nevertheless. */
function afterAsking(watch: TargetWatch, done: Plan, now: number): TargetWatch {
  const ask = done.find((action) => action.kind === 'set-target');
  return ask?.kind === 'set-target' ? asking(watch, ask.targetUnits, now) : watch;
}

function lossAsksAfter(
  { outcomes, units }: Assessment,
  done: Plan,
  { policy, memory, now }: { policy: Policy; memory: Memory; now: number },
): LossAsks {
  const looked = new Map(
    outcomes.flatMap(({ scenario: { lost }, shortUnits }): [string, boolean][] =>
      lost === null ? [] : [[lost, shortUnits === 0]],
    ),
  );
  const raise = done.find((action) => action.kind === 'set-target' && !givesAway(action));
  // One launch that is tried is no answer to anything.
  const raisedTo = raise?.kind === 'set-target' && raise.reason !== 'probe-launch' ? raise.targetUnits : null;
  return rememberAsks(memory.lossAsks, { looked, raisedTo }, { units, policy, now });
}
