// What a recorded pass says about a cluster, its fleet or one instance.
import type { InstanceId } from '../../model/ids.ts';
import type { Action } from '../../plan/plan.ts';
import type { LedgerLine, PlanReport, Standing } from '../../plan/report.ts';
import { notSeen } from '../unseen.ts';
import type { Fact, FactOf } from './fact.ts';

/** A pass as far as it is told. */
export interface ToldPass {
  readonly plan: readonly Action[];
  readonly report: PlanReport;
  readonly failure: string | null;
  readonly missed: number;
}

type Standings = ReadonlyMap<InstanceId, Standing>;

/** What a pass could see, what held it back, and what it made of the target. */
function circumstances(pass: ToldPass): Fact[] {
  const { report } = pass;
  return [
    ...missed(pass),
    ...unseen(report),
    ...held(report),
    ...conflicts(report),
    ...shortage(report),
    ...target(report),
  ];
}

/** Every decision, what it came from, and what became of instances. @param before the ledger of the pass before */
export function clusterFacts(pass: ToldPass, before: Standings | null): Fact[] {
  return [
    ...circumstances(pass),
    scaleIn(pass.report),
    // That the target is set, its own line says.
    ...steps(pass).filter(({ action, held: why }) => action.kind !== 'set-target' || why !== null),
    ...failures(pass),
    ...moved(pass.report, before),
  ];
}

/** What decides about the fleet's target. */
export function fleetFacts(pass: ToldPass): Fact[] {
  const sets = steps(pass).filter(({ action }) => action.kind === 'set-target');
  return [
    ...circumstances(pass),
    ...capacity(pass.report),
    scaleIn(pass.report),
    ...sets.filter(({ held: why }) => why !== null),
    ...(sets.length > 0 ? failures(pass) : []),
  ];
}

/** What there is about one instance; nothing before it came and after it went. */
export function instanceFacts(pass: ToldPass, line: LedgerLine): Fact[] {
  const { instanceId, standing } = line;
  const actions = steps(pass).filter(({ action }) => action.kind !== 'set-target' && action.instanceId === instanceId);
  return [
    ...missed(pass),
    { kind: 'standing', instanceId, standing },
    ...choice(pass.report, line),
    ...actions,
    ...(actions.length > 0 ? failures(pass) : []),
  ];
}

export const standingsOf = ({ ledger }: PlanReport): Standings =>
  new Map(ledger.map(({ instanceId, standing }) => [instanceId, standing]));

function choice({ scaleIn: { reason: all, victims, unremovable } }: PlanReport, line: LedgerLine): Fact[] {
  const { instanceId, standing } = line;
  const victim = victims.find((each) => each.instanceId === instanceId);
  if (victim !== undefined) return [{ kind: 'chosen', instanceId, reason: victim.reason }];
  // Who does not serve says why by where it stands.
  if (standing !== 'serving') return [];
  const reason = unremovable.find((each) => each.instanceId === instanceId)?.reason ?? null;
  return [{ kind: 'stays', instanceId, reason, scaleIn: all }];
}

// Without the fleet its figures are zeros that mean nothing, and without ECS nobody knows what takes tasks.

function target(report: PlanReport): Fact[] {
  const { reason, presentUnits, proposedUnits } = report.target;
  if (notSeen(report, ['fleet']) !== null) return [];
  return [{ kind: 'target', reason, fromUnits: presentUnits, toUnits: proposedUnits }];
}

function capacity(report: PlanReport): Fact[] {
  const { fulfilledUnits, usableUnits, leavingUnits } = report.target;
  if (notSeen(report, ['fleet', 'container-instances']) !== null) return [];
  return [{ kind: 'capacity', fulfilledUnits, usableUnits, leavingUnits }];
}

function scaleIn({ scaleIn: { reason, victims } }: PlanReport): Fact {
  return { kind: 'scale-in', reason, victims };
}

/** Each planned step with what held it back. */
function steps({ plan, report }: ToldPass): FactOf<'action'>[] {
  const holds = new Map(report.restraint.held.map(({ action, why }) => [JSON.stringify(action), why]));
  return plan.map((action) => ({ kind: 'action', action, held: holds.get(JSON.stringify(action)) ?? null }));
}

function held({ restraint: { holds, frozen, stop, pause } }: PlanReport): Fact[] {
  return [
    // What freezes has lines of its own.
    ...holds.flatMap((reason): Fact[] => (reason === 'frozen' ? [] : [{ kind: 'hold', reason, stop, pause }])),
    ...frozen.map((reason): Fact => ({ kind: 'freeze', reason })),
  ];
}

const conflicts = ({ conflicts: all }: PlanReport): Fact[] => all.map((conflict) => ({ kind: 'conflict', conflict }));

const failures = ({ failure }: ToldPass): Fact[] => (failure === null ? [] : [{ kind: 'failure', why: failure }]);

const missed = ({ missed: passes }: ToldPass): Fact[] => (passes === 0 ? [] : [{ kind: 'missed', passes }]);

function unseen({ gaps, setAside }: PlanReport): Fact[] {
  return [
    ...gaps.map(({ part, why }): Fact => ({ kind: 'gap', part, why })),
    ...setAside.map((aside): Fact => ({ kind: 'set-aside', aside })),
  ];
}

function shortage({ shapes, unschedulable, scenarios }: PlanReport): Fact[] {
  return [
    ...unschedulable.map(({ shape, users }): Fact => ({ kind: 'misfit', shape, users })),
    ...shapes.flatMap(({ shape, pending, users }): Fact[] =>
      pending === 0 ? [] : [{ kind: 'waiting', shape, tasks: pending, users }],
    ),
    ...scenarios.flatMap(({ name, lost, tasks, unplaced, shortUnits }): Fact[] =>
      unplaced === 0 ? [] : [{ kind: 'short', scenario: name, lost, tasks, unplaced, shortUnits }],
    ),
  ];
}

function moved({ ledger }: PlanReport, before: Standings | null): Fact[] {
  if (before === null) return [];
  const now = new Set(ledger.map(({ instanceId }) => instanceId));
  const arrived = ledger.flatMap(({ instanceId, standing }): Fact[] => {
    const was = before.get(instanceId) ?? null;
    return was === standing ? [] : [{ kind: 'moved', instanceId, before: was, standing }];
  });
  const left = [...before].flatMap(([instanceId, was]): Fact[] =>
    now.has(instanceId) ? [] : [{ kind: 'moved', instanceId, before: was, standing: null }],
  );
  return [...arrived, ...left];
}
