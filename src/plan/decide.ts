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
import { freezeOf, frozenAs } from './freeze.ts';
import { disconnectedSince, ledger } from './ledger.ts';
import { type LossAsks, rememberAsks } from './loss-asks.ts';
import type { Memory } from './memory.ts';
import type { Action, Plan } from './plan.ts';
import type { PlanInput } from './plan-input.ts';
import type { Policy } from './policy.ts';
import type { PlanReport } from './report.ts';
import { allowed, givesAway, type Restraint, restraintOf } from './restraint.ts';
import { decideScaleIn } from './retire/choose.ts';
import { rememberRetirements } from './retire/past.ts';
import { isShortNow } from './retire/replaced.ts';
import { callBack, calledBack, firstSteps, isReplacedFirst, nextSteps, withRetiring } from './retire/steps.ts';
import { undoing } from './retire/undone.ts';
import { protectableCandidates, unknownCandidates } from './retire/victims.ts';
import { wishesIn } from './retire/wishes.ts';
import { callRoll } from './roll-call.ts';
import { isMove, type Target, targetFor } from './target.ts';
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

/** @param input.now epoch milliseconds */
export function plan(input: PlanInput): Planned {
  const { snapshot, policy, memory, now } = input;
  const { fleet, gaps } = snapshot;
  const holdings = ledger(input);
  const roll = callRoll(input, holdings);
  const remembered = { ...memory, disconnectedSince: disconnectedSince(holdings, memory, now), roll };
  const restraint = restraintOf(input, freezeOf(input, remembered));
  if (fleet === null || gaps.some(({ part }) => INDISPENSABLE.has(part))) {
    const report = reportBlind(snapshot, holdings, { ...restraint, held: [] });
    return { plan: [], allowed: [], restraint, report, memory: remembered, fullCheck: null };
  }

  const asItIs = assess(input, fleet, holdings);
  const coming = asItIs.askUnits === 0 ? [] : callBack(holdings);
  const seen = coming.length === 0 ? asItIs : assess(input, fleet, calledBack(holdings));

  const frozen = frozenAs(restraint.frozen);
  const isCallingBack = coming.length > 0;
  const scaleIn = decideScaleIn({ input, seen, frozen, isCallingBack });
  // Who is replaced first stays until then, and the target with it.
  const surplus = scaleIn.victims.filter(({ reason }) => !isReplacedFirst(reason)).map(({ holding }) => holding);
  const leaving = withRetiring(seen.holdings, surplus);
  const wished = wishesIn(seen).map(({ holding }) => holding);
  const units = fleetUnits(fleet, leaving);
  const target = targetFor({ seen, holdings: leaving, units, policy, frozen });

  const actions: Action[] = [
    ...setTarget(fleet, target),
    ...coming,
    ...(frozen === null
      ? nextSteps({ fleet, holdings: seen.holdings, snapshot, policy, now, isShort: () => isShortNow(seen) })
      : []),
    // A victim is only told to leave when the target has come down, or need not.
    ...(isMove(target.reason) || target.targetUnits === fleet.targetUnits ? firstSteps(scaleIn.victims, now) : []),
  ];
  const { allowed: done, held } = allowed(actions, restraint);
  const chosen = { target, scaleIn, restraint: { ...restraint, held }, isByInstance: policy.isReportedByInstance };
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
  const raisedTo = raise?.kind === 'set-target' ? raise.targetUnits : null;
  return rememberAsks(memory.lossAsks, { looked, raisedTo }, { units, policy, now });
}
