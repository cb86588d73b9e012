// What can be said of a pass, as a fact that can be followed from pass to pass: the same fact in the next pass is the same
// line on the page, however its figures move.
import type { RetirementReason } from '../../model/attributes.ts';
import type { InstanceId } from '../../model/ids.ts';
import type { Part, SetAside } from '../../model/snapshot.ts';
import { type Conflict, nameOfConflict } from '../../plan/conflicts/conflict.ts';
import type { FreezeReason } from '../../plan/freeze.ts';
import type { Action } from '../../plan/plan.ts';
import type { PlanReport, ScenarioName, Standing, TargetReason } from '../../plan/report.ts';
import type { HoldReason, Restraint } from '../../plan/restraint.ts';
import type { ScaleInReason, Unremovable } from '../../plan/retire/reasons.ts';

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
  /** A step that was planned, and what held it back; null when nothing did. */
  | { readonly kind: 'action'; readonly action: Action; readonly held: HoldReason | null }
  /** What holds steps back. */
  | {
      readonly kind: 'hold';
      readonly reason: HoldReason;
      readonly stop: Restraint['stop'];
      readonly pause: Restraint['pause'];
    }
  | { readonly kind: 'freeze'; readonly reason: FreezeReason }
  | { readonly kind: 'conflict'; readonly conflict: Conflict }
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

export type FactOf<Kind extends Fact['kind']> = Extract<Fact, { readonly kind: Kind }>;

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
      return `action ${stepOf(fact)}`;
    case 'hold':
    case 'freeze':
      return `${fact.kind} ${fact.reason}`;
    case 'conflict':
      return `conflict ${nameOfConflict(fact.conflict)}`;
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
    case 'conflict':
      return topicOf(fact);
    case 'set-aside':
      return `${topicOf(fact)} ${fact.aside.reason}`;
    case 'stays':
      return fact.reason ?? `all ${fact.scaleIn}`;
    case 'action':
      return `${stepOf(fact)} ${fact.held}`;
    case 'target':
    case 'capacity':
    case 'scale-in':
    case 'hold':
    case 'freeze':
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

/** A mark that is held back is planned anew with the instant of every pass, and is the same step all the same. */
function stepOf({ action }: FactOf<'action'>): string {
  return JSON.stringify(action.kind === 'mark-retiring' ? { ...action, since: null } : action);
}

/** Of two that are the same fact the one that says more: the larger shortage. */
export function worse(a: Fact, b: Fact): Fact {
  if (a.kind === 'short' && b.kind === 'short') return b.unplaced > a.unplaced ? b : a;
  if (a.kind === 'waiting' && b.kind === 'waiting') return b.tasks > a.tasks ? b : a;
  return a;
}
