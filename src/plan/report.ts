// Why the plan is what it is, as data. Logs, `plan`, `status` and tests render this same value.
import type { InstanceId } from '../model/ids.ts';
import type { Gap } from '../model/snapshot.ts';
import type { MoveReason } from './plan.ts';

/** The one standing every unit of capacity has. */
export type Standing =
  /** Launched by the fleet, not yet known to ECS. */
  | 'launching'
  /** Known to ECS, not yet able to take tasks for the first time. */
  | 'joining'
  | 'serving'
  /** Has an interruption notice. */
  | 'noticed'
  /** Leaves by our own decision. */
  | 'retiring'
  /** DRAINING by somebody else's decision. */
  | 'draining'
  /** Its ECS agent is not connected. */
  | 'disconnected'
  /** Launched long ago and never joined. */
  | 'orphan'
  /** Ending or ended, or within ten seconds of its notice's deadline. */
  | 'gone';

export interface LedgerLine {
  readonly instanceId: InstanceId;
  readonly instanceType: string;
  /** null while EC2 has not told us. */
  readonly zone: string | null;
  readonly weightUnits: number;
  readonly standing: Standing;
  readonly taskCount: number;
}

/** One task shape: how many more could start, and how many must be able to. */
export interface ShapeLine {
  readonly shape: string;
  readonly services: readonly string[];
  readonly isLargest: boolean;
  /** How many more fit now, each shape counted alone. */
  readonly schedulableNow: number;
  /** How many more would fit on capacity that is launching or joining. */
  readonly inFlight: number;
  readonly promised: number;
  /** Tasks of this shape that ECS wants running and that have no lasting place. */
  readonly pending: number;
  /** Of pending plus promised, how many find no place even counting what is on its way. */
  readonly short: number;
}

/** A shape that fits no type the fleet may launch; it never scales anything. */
export interface UnschedulableShape {
  readonly shape: string;
  readonly services: readonly string[];
  readonly nearestType: string | null;
  readonly missing: { readonly cpuUnits: number; readonly memoryMiB: number };
}

/** Why the target moves, or why it stays. */
export type TargetReason =
  | MoveReason
  | 'keep'
  /** A noticed instance still has tasks; the target follows when they have moved. */
  | 'tasks-moving'
  | 'fleet-modifying'
  /** The fleet request is cancelled or has failed. */
  | 'fleet-ended'
  | 'blind'
  | 'at-maximum'
  /** What the fleet launched lately cannot host what is short, so more is not asked for yet. */
  | 'wrong-types';

/** Why nothing retires now, or `retire` when something does. */
export type ScaleInReason =
  | 'retire'
  | 'blind'
  | 'shortage'
  | 'fleet-modifying'
  | 'fleet-ended'
  | 'at-minimum'
  | 'one-at-a-time'
  | 'no-surplus'
  | 'surplus-too-young'
  | 'no-candidate';

/** Why one instance may not be retired. */
export type Unremovable =
  | 'not-serving'
  | 'would-break-minimum'
  | 'room-needed'
  | 'standalone-task'
  | 'service-cannot-drain'
  | 'deployment-in-progress';

export interface PlanReport {
  readonly cluster: string;
  readonly observedAt: number;
  readonly gaps: readonly Gap[];
  readonly ledger: readonly LedgerLine[];
  readonly shapes: readonly ShapeLine[];
  readonly unschedulable: readonly UnschedulableShape[];
  readonly target: {
    readonly reason: TargetReason;
    readonly presentUnits: number;
    readonly fulfilledUnits: number;
    readonly leavingUnits: number;
    readonly usableUnits: number;
    /** Units still to ask for until everything wanted and promised fits. */
    readonly shortUnits: number;
    readonly proposedUnits: number;
  };
  readonly scaleIn: {
    readonly reason: ScaleInReason;
    readonly victim: InstanceId | null;
    readonly unremovable: readonly { readonly instanceId: InstanceId; readonly reason: Unremovable }[];
  };
}
