// What a recorded pass says about a cluster, its fleet or one instance, as facts that can be followed from pass to pass: the
// same fact in the next pass is the same line on the page, however its figures move.
import type { RetirementReason } from '../../model/attributes.ts';
import type { InstanceId } from '../../model/ids.ts';
import type { Part, SetAside } from '../../model/snapshot.ts';
import type { Action } from '../../plan/plan.ts';
import type {
  LedgerLine,
  PlanReport,
  ScaleInReason,
  ScenarioName,
  Standing,
  TargetReason,
  Unremovable,
} from '../../plan/report.ts';

export type Fact =
  | { readonly kind: 'target'; readonly reason: TargetReason; readonly fromUnits: number; readonly toUnits: number }
  | {
      readonly kind: 'capacity';
      readonly fulfilledUnits: number;
      readonly usableUnits: number;
      readonly leavingUnits: number;
    }
  /** What has no room. */
  | {
      readonly kind: 'short';
      readonly scenario: ScenarioName;
      readonly lost: string | null;
      readonly tasks: number;
      readonly unplaced: number;
      readonly shortUnits: number;
    }
  /** Tasks that wait for room. */
  | { readonly kind: 'waiting'; readonly shape: string; readonly tasks: number; readonly users: readonly string[] }
  | { readonly kind: 'misfit'; readonly shape: string; readonly users: readonly string[] }
  | { readonly kind: 'scale-in'; readonly reason: ScaleInReason; readonly victims: Victims }
  | { readonly kind: 'action'; readonly action: Action }
  /** The plan of the pass could not be carried out to its end. */
  | { readonly kind: 'failure'; readonly why: string }
  | { readonly kind: 'gap'; readonly part: Part; readonly why: string }
  | { readonly kind: 'set-aside'; readonly aside: SetAside }
  /** Where one instance stands. */
  | { readonly kind: 'standing'; readonly instanceId: InstanceId; readonly standing: Standing }
  /** It stands elsewhere than in the pass before; null when it was not there, or is not there any more. */
  | {
      readonly kind: 'moved';
      readonly instanceId: InstanceId;
      readonly before: Standing | null;
      readonly standing: Standing | null;
    }
  | { readonly kind: 'chosen'; readonly instanceId: InstanceId; readonly reason: RetirementReason }
  /** It serves and stays: by a reason of its own, or, where that is null, because of what `scaleIn` says of all. */
  | {
      readonly kind: 'stays';
      readonly instanceId: InstanceId;
      readonly reason: Unremovable | null;
      readonly scaleIn: ScaleInReason;
    }
  /** Passes that ran and are not recorded. */
  | { readonly kind: 'missed'; readonly passes: number }
  /** For longer than passes are apart there is no record. */
  | { readonly kind: 'unrecorded' };

type Victims = PlanReport['scaleIn']['victims'];

/** Facts of one topic exclude each other: at any time at most one of them holds. */
export function topicOf(fact: Fact): string {
  switch (fact.kind) {
    case 'target':
    case 'capacity':
    case 'scale-in':
    case 'failure':
    case 'missed':
    case 'unrecorded':
      return fact.kind;
    case 'short':
      return `short ${fact.scenario} ${fact.lost}`;
    case 'waiting':
    case 'misfit':
      return `${fact.kind} ${fact.shape}`;
    case 'action':
      return `action ${JSON.stringify(fact.action)}`;
    case 'gap':
      return `gap ${fact.part}`;
    case 'set-aside':
      return `set-aside ${fact.aside.kind} ${fact.aside.subject}`;
    case 'standing':
    case 'moved':
      return `${fact.kind} ${fact.instanceId}`;
    // Either it was chosen or it stays.
    case 'chosen':
    case 'stays':
      return `choice ${fact.instanceId}`;
    default:
      return fact satisfies never;
  }
}

/** What makes a fact another one. Figures that come and go while the fact lasts are no part of it. */
export function identityOf(fact: Fact): string {
  switch (fact.kind) {
    case 'short':
    case 'waiting':
    case 'misfit':
    case 'gap':
      return topicOf(fact);
    case 'set-aside':
      return `${topicOf(fact)} ${fact.aside.reason}`;
    case 'stays':
      return fact.reason ?? `all ${fact.scaleIn}`;
    case 'target':
    case 'capacity':
    case 'scale-in':
    case 'action':
    case 'failure':
    case 'standing':
    case 'moved':
    case 'chosen':
    case 'missed':
    case 'unrecorded':
      return JSON.stringify(fact);
    default:
      return fact satisfies never;
  }
}

/** Of two that are the same fact the one that says more: the larger shortage. */
export function worse(a: Fact, b: Fact): Fact {
  if (a.kind === 'short' && b.kind === 'short') return b.unplaced > a.unplaced ? b : a;
  if (a.kind === 'waiting' && b.kind === 'waiting') return b.tasks > a.tasks ? b : a;
  return a;
}

/** A pass as far as it is told. */
export interface ToldPass {
  readonly plan: readonly Action[];
  readonly report: PlanReport;
  readonly failure: string | null;
  readonly missed: number;
}

type Standings = ReadonlyMap<InstanceId, Standing>;

/** Every decision, what it came from, and what became of instances. @param before the ledger of the pass before */
export function clusterFacts(pass: ToldPass, before: Standings | null): Fact[] {
  return [
    ...missed(pass),
    ...unseen(pass.report),
    ...shortage(pass.report),
    target(pass.report),
    scaleIn(pass.report),
    ...pass.plan.flatMap(act),
    ...failures(pass),
    ...moved(pass.report, before),
  ];
}

/** What decides about the fleet's target. */
export function fleetFacts(pass: ToldPass): Fact[] {
  const { fulfilledUnits, usableUnits, leavingUnits } = pass.report.target;
  return [
    ...missed(pass),
    ...unseen(pass.report),
    ...shortage(pass.report),
    target(pass.report),
    { kind: 'capacity', fulfilledUnits, usableUnits, leavingUnits },
    scaleIn(pass.report),
    ...(pass.plan.some(({ kind }) => kind === 'set-target') ? failures(pass) : []),
  ];
}

/** What there is about one instance; nothing before it came and after it went. */
export function instanceFacts(pass: ToldPass, line: LedgerLine): Fact[] {
  const { instanceId, standing } = line;
  const actions = pass.plan.filter((action) => action.kind !== 'set-target' && action.instanceId === instanceId);
  return [
    ...missed(pass),
    { kind: 'standing', instanceId, standing },
    ...choice(pass.report, line),
    ...actions.map((action): Fact => ({ kind: 'action', action })),
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

function target({ target: { reason, presentUnits, proposedUnits } }: PlanReport): Fact {
  return { kind: 'target', reason, fromUnits: presentUnits, toUnits: proposedUnits };
}

function scaleIn({ scaleIn: { reason, victims } }: PlanReport): Fact {
  return { kind: 'scale-in', reason, victims };
}

/** The target's own line says that it is set. */
function act(action: Action): Fact[] {
  return action.kind === 'set-target' ? [] : [{ kind: 'action', action }];
}

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
