// What to do, as data. `act` makes no choices: it does these in order. Every action names its reason.
import type { RetirementReason } from '../model/attributes.ts';
import type { ContainerInstanceArn, FleetId, InstanceId, TaskArn } from '../model/ids.ts';

/** Why the target capacity moves. */
export const MOVE_REASONS = [
  /** Tasks that ECS wants running have no place. */
  'pending-tasks',
  /** Everything runs, but the promised number of largest tasks would not fit. */
  'promised-room',
  /** A running deployment may start more tasks than there is room for. */
  'deployment-surge',
  /** The operator's floor for these hours would not fit. */
  'scheduled-floor',
  /** What may arrive until a new instance takes tasks would eat into the promise. */
  'expected-arrivals',
  /** The loss of one pool would leave tasks, or the promise, without room. */
  'pool-loss',
  /** The same for a zone. */
  'zone-loss',
  /** Somebody is to be replaced, and the replacement comes first. */
  'replacement',
  /** Launches fail, and one is tried. */
  'probe-launch',
  /** Launches fail, and no more of them is asked for. */
  'launches-stopped',
  /** An instance on its way out is already replaced, or need not be. */
  'follow-leaving',
  /** Units were asked for that nobody needs any more. */
  'withdraw-ask',
  /** Somebody leaves who is not needed, or is replaced: the target comes down before it drains. */
  'retirement',
  /** On-Demand capacity stands in for Spot that was asked for and has not come. */
  'on-demand-fallback',
  /** The file's base of On-Demand capacity is not there. */
  'on-demand-base',
  /** On-Demand instances left, or are not needed any more: their part of the target follows. */
  'on-demand-follows',
  'below-minimum',
  'above-maximum',
] as const;

export type MoveReason = (typeof MOVE_REASONS)[number];

export type Action =
  | {
      readonly kind: 'set-target';
      readonly fleetId: FleetId;
      readonly fromUnits: number;
      readonly targetUnits: number;
      /** The part of it that is to be On-Demand; left out, that stays as it is. */
      readonly onDemandUnits?: number;
      readonly reason: MoveReason;
    }
  /** Writes down why, before the drain: whoever leads next knows whose drain it is. */
  | ({ readonly kind: 'mark-retiring'; readonly reason: RetirementReason; readonly since: number } & OnInstance)
  | ({ readonly kind: 'drain'; readonly reason: DrainReason } & OnInstance)
  | ({ readonly kind: 'reactivate'; readonly reason: CallBackReason } & OnInstance)
  /** A drain is overdue: SIGTERM, and the task's own stop timeout. */
  | ({ readonly kind: 'stop-task'; readonly taskArn: TaskArn; readonly reason: RetirementReason } & OnInstance)
  | {
      readonly kind: 'terminate';
      readonly reason: RetirementReason;
      readonly instanceId: InstanceId;
      /** null for an orphan that ECS has never known. */
      readonly containerInstanceArn: ContainerInstanceArn | null;
    };

/** Of an interruption nobody decides; where its agent cannot, the instance is drained for it. */
export type DrainReason = RetirementReason | 'interruption';

/** Why somebody who was to leave stays. */
export type CallBackReason =
  | 'need-returned'
  /** It was to be replaced by Spot, and the Spot has not come. */
  | 'spot-not-come'
  /** The drain took too long. */
  | 'drain-given-up'
  /** The operator no longer wants it replaced. */
  | 'wish-withdrawn';

interface OnInstance {
  readonly instanceId: InstanceId;
  readonly containerInstanceArn: ContainerInstanceArn;
}

export type Plan = readonly Action[];
