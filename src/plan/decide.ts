// One plan. Pure: no IO, no clock, no randomness of its own. Vetoes first, raise before lowering, drain before
// terminating; a snapshot with gaps may grow the fleet and never shrinks it.
import type { Fleet } from '../model/fleet.ts';
import type { ClusterSnapshot, Part } from '../model/snapshot.ts';
import { assess } from './assess.ts';
import { disconnectedSince, standings } from './ledger.ts';
import type { Memory } from './memory.ts';
import type { Action, Plan } from './plan.ts';
import type { Policy } from './policy.ts';
import type { PlanReport, TargetVerdict } from './report.ts';
import { firstSteps, nextSteps, reactivations, withoutRetiring, withRetiring } from './retirement.ts';
import { decideScaleIn } from './scale-in.ts';
import { type TargetDecision, targetFor } from './target.ts';
import { reportBlind, reportOf } from './write-report.ts';

export interface PlanInput {
  readonly snapshot: ClusterSnapshot;
  readonly policy: Policy;
  readonly memory: Memory;
  /** Epoch milliseconds. */
  readonly now: number;
}

export interface Decision {
  readonly plan: Plan;
  readonly report: PlanReport;
  readonly memory: Memory;
}

// Without these there is no telling what is needed or what there is; every other gap only forbids shrinking.
const INDISPENSABLE: ReadonlySet<Part> = new Set<Part>(['fleet', 'container-instances', 'services']);

export function plan(input: PlanInput): Decision {
  const { snapshot, policy, memory, now } = input;
  const holdings = standings(input);
  const remembered = { surplusSince: null, disconnectedSince: disconnectedSince(holdings, memory, now) };
  const { fleet } = snapshot;
  if (fleet === null || snapshot.gaps.some(({ part }) => INDISPENSABLE.has(part))) {
    return { plan: [], report: reportBlind(snapshot, holdings), memory: remembered };
  }

  const first = assess(snapshot, fleet, holdings, policy);
  const back = first.shortage === null ? [] : reactivations(holdings);
  const seen = back.length === 0 ? first : assess(snapshot, fleet, withoutRetiring(holdings), policy);

  const scaleIn = decideScaleIn({ seen, policy, memory, now, isComingBack: back.length > 0 });
  const after = scaleIn.victim === null ? seen.holdings : withRetiring(seen.holdings, scaleIn.victim);
  const target = targetFor({ ...seen, holdings: after, policy });
  const mayShrink = snapshot.gaps.length === 0;
  const verdict = targetVerdict(fleet, target, mayShrink);

  const actions: Action[] = [
    ...back,
    ...setTarget(fleet, target, verdict),
    ...(mayShrink ? nextSteps(snapshot, fleet, seen.holdings) : []),
    ...(scaleIn.victim === null ? [] : firstSteps(scaleIn.victim)),
  ];
  return {
    plan: actions,
    report: reportOf(seen, { target, verdict, scaleIn }),
    memory: { ...remembered, surplusSince: scaleIn.surplusSince },
  };
}

function targetVerdict(fleet: Fleet, target: TargetDecision, mayShrink: boolean): TargetVerdict {
  if (target.reason === null) return target.isAtMaximum ? 'at-maximum' : target.isInVain ? 'wrong-types' : 'keep';
  if (fleet.state !== 'active') return 'fleet-modifying';
  return target.targetUnits < fleet.targetUnits && !mayShrink ? 'blind' : target.reason;
}

function setTarget(fleet: Fleet, { targetUnits, reason }: TargetDecision, verdict: TargetVerdict): Action[] {
  if (reason === null || verdict !== reason) return [];
  return [{ kind: 'set-target', fleetId: fleet.id, fromUnits: fleet.targetUnits, targetUnits, reason }];
}
