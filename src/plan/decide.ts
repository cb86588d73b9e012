// One plan. Pure: no IO, no clock, no randomness of its own. Vetoes first, raise before lowering, drain before
// terminating; a snapshot with gaps or of old may grow the fleet and never shrinks it.
//
// What a pass has worked out of an object it was given (an instance, its tasks, a shape) is kept with that object for the
// next: that never changes an answer, it only makes it quicker, and a test plans with and without.
import type { Fleet } from '../model/fleet.ts';
import type { Part } from '../model/snapshot.ts';
import { type Assessment, assess } from './assess.ts';
import type { PoolCheck } from './capacity/pool-check.ts';
import { fleetUnits } from './fleet-units.ts';
import { mayShrink } from './freshness.ts';
import { disconnectedSince, ledger } from './ledger.ts';
import { type LossAsks, rememberAsks } from './loss-asks.ts';
import type { Memory } from './memory.ts';
import type { Action, Plan } from './plan.ts';
import type { PlanInput } from './plan-input.ts';
import type { Policy } from './policy.ts';
import type { PlanReport } from './report.ts';
import { decideScaleIn } from './retire/choose.ts';
import { rememberRetirements } from './retire/past.ts';
import { isShortNow } from './retire/replaced.ts';
import { callBack, calledBack, firstSteps, isReplacedFirst, nextSteps, withRetiring } from './retire/steps.ts';
import { isUndone, undoing } from './retire/undone.ts';
import { protectableCandidates, unknownCandidates } from './retire/victims.ts';
import { wishesIn } from './retire/wishes.ts';
import { isMove, type Target, targetFor } from './target.ts';
import { reportBlind, reportOf } from './write-report.ts';

export interface Planned {
  readonly plan: Plan;
  readonly report: PlanReport;
  readonly memory: Memory;
  /** What a slower check is to look at: its answer belongs into the memory's `poolsAtRisk`. null for none. */
  readonly fullCheck: (() => PoolCheck) | null;
}

// Without these there is no telling what is needed or what there is; every other gap only forbids shrinking.
const INDISPENSABLE: ReadonlySet<Part> = new Set<Part>(['fleet', 'container-instances', 'services']);

/** @param input.now epoch milliseconds */
export function plan(input: PlanInput): Planned {
  const { snapshot, policy, memory, now } = input;
  const { fleet, gaps } = snapshot;
  const holdings = ledger(input);
  const remembered = { ...memory, disconnectedSince: disconnectedSince(holdings, memory, now) };
  if (fleet === null || gaps.some(({ part }) => INDISPENSABLE.has(part))) {
    return { plan: [], report: reportBlind(snapshot, holdings), memory: remembered, fullCheck: null };
  }

  const asItIs = assess(input, fleet, holdings);
  const coming = asItIs.askUnits === 0 ? [] : callBack(holdings);
  const seen = coming.length === 0 ? asItIs : assess(input, fleet, calledBack(holdings));

  const canShrink = mayShrink(snapshot, now);
  const isCallingBack = coming.length > 0;
  const scaleIn = decideScaleIn({ input, seen, mayShrink: canShrink, isCallingBack });
  // Who is replaced first stays until then, and the target with it.
  const surplus = scaleIn.victims.filter(({ reason }) => !isReplacedFirst(reason)).map(({ holding }) => holding);
  const leaving = withRetiring(seen.holdings, surplus);
  const wished = wishesIn(seen).map(({ holding }) => holding);
  const units = fleetUnits(fleet, leaving);
  const target = targetFor({ seen, holdings: leaving, units, policy, mayShrink: canShrink });

  const actions: Action[] = [
    ...setTarget(fleet, target),
    ...coming,
    ...(canShrink
      ? nextSteps({ fleet, holdings: seen.holdings, snapshot, policy, now, isShort: () => isShortNow(seen) })
      : []),
    // A victim is only told to leave when the target has come down, or need not.
    ...(isMove(target.reason) || target.targetUnits === fleet.targetUnits ? firstSteps(scaleIn.victims, now) : []),
  ];
  return {
    plan: actions,
    report: reportOf(seen, { target, scaleIn, isByInstance: policy.isReportedByInstance }),
    memory: {
      ...remembered,
      ...seen.learned,
      surplusSince: scaleIn.surplusSince,
      ...undoing(memory, {
        isUndone: isUndone(seen, target, { memory, policy, now, isCallingBack }),
        hasChosen: surplus.length > 0,
        now,
      }),
      ...rememberRetirements(memory, { victims: scaleIn.victims, actions, policy, now }),
      lossAsks: lossAsksAfter(seen, target, { policy, memory, now }),
      lookAt: unknownCandidates(seen.holdings, wished),
      protectionOf: protectableCandidates(seen.holdings, wished),
    },
    fullCheck: seen.losses.fullCheck,
  };
}

function setTarget(fleet: Fleet, { targetUnits, reason }: Target): Action[] {
  if (!isMove(reason)) return [];
  return [{ kind: 'set-target', fleetId: fleet.id, fromUnits: fleet.targetUnits, targetUnits, reason }];
}

function lossAsksAfter(
  { outcomes, fleet, units }: Assessment,
  { targetUnits, reason }: Target,
  { policy, memory, now }: { policy: Policy; memory: Memory; now: number },
): LossAsks {
  const looked = new Map(
    outcomes.flatMap(({ scenario: { lost }, shortUnits }): [string, boolean][] =>
      lost === null ? [] : [[lost, shortUnits === 0]],
    ),
  );
  const raisedTo = isMove(reason) && targetUnits > fleet.targetUnits ? targetUnits : null;
  return rememberAsks(memory.lossAsks, { looked, raisedTo }, { units, policy, now });
}
