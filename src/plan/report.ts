// Why the plan is what it is, as data. Logs, `plan`, `status` and tests render this same value.
import type { RetirementReason } from '../model/attributes.ts';
import type { InstanceId } from '../model/ids.ts';
import type { Gap, SetAside } from '../model/snapshot.ts';
import type { LaunchLine, StormLine } from './alarms.ts';
import type { Conflict } from './conflicts/conflict.ts';
import type { OnDemandReason } from './on-demand/on-demand-part.ts';
import type { MoveReason } from './plan.ts';
import type { Held, Restraint } from './restraint.ts';
import type { ScaleInReason, Unremovable } from './retire/reasons.ts';

/** The one standing every unit of capacity has. */
export type Standing =
  /** Launched by the fleet, not yet known to ECS. */
  | 'launching'
  /** Known to ECS, not yet able to take tasks for the first time. */
  | 'joining'
  | 'serving'
  /** Takes tasks, or may, and is not to be built on: AWS recommends to leave it, or is about to work on it. */
  | 'at-risk'
  /** Takes tasks, in a pool that AWS is taking back. */
  | 'in-storm'
  /** Its agent says that it leaves: an interruption, an Auto Scaling group, or a shutdown of its host. */
  | 'noticed'
  /** Leaves by our own decision. */
  | 'retiring'
  /** DRAINING by somebody else's decision. */
  | 'draining'
  /** Its ECS agent is not connected. */
  | 'disconnected'
  /** Takes part, but is to take no further task: marked so by an operator or its agent. */
  | 'cordoned'
  /** In the cluster for long, and not ready: its agent says so, or says nothing where services ask for it. */
  | 'not-ready'
  /** Launched long ago and never joined, or lost to the cluster for long with nothing on it. */
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
  /** null when its tasks were not looked at. */
  readonly taskCount: number | null;
  /**
   * How many more of each largest shape it can start now, in the order of the report's largest `shapes`. Empty where the
   * policy does not ask for it.
   */
  readonly schedulable: readonly number[];
  /** What keeps one more of each from it, in the same order; null where one fits, and on an instance that takes no tasks. */
  readonly obstacles: readonly (Obstacle | null)[];
}

/** What keeps one more task of a shape from an instance. */
export type Obstacle =
  | 'cpu'
  | 'memory'
  | 'gpu'
  /** No network interface is left for a task with its own (`awsvpc`). */
  | 'eni'
  /** A host port is taken. */
  | 'port'
  /** `distinctInstance`, and one of the group stands there. */
  | 'distinct-instance'
  | 'architecture'
  | 'operating-system'
  /** An attribute that the definition requires is missing. */
  | 'attribute'
  /** A `memberOf` expression does not hold. */
  | 'member-of';

/** One task shape: how many more could start, and how many must be able to. */
export interface ShapeLine {
  /** `1024cpu/2048MiB`: its size; behind `#` a few letters that follow from its constraints, if it has any. */
  readonly shape: string;
  /** What an instance must be besides large enough, a line each. */
  readonly constraints: readonly string[];
  /** Services, `family:NAME` for standalone tasks, `pin` for the operator's own. */
  readonly users: readonly string[];
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
  /**
   * How many more would fit after the loss of the worst pool for it, with everything that stood there placed again;
   * null for a shape that is not a largest one, and while survival of a loss is not asked for.
   */
  readonly afterLoss: { readonly pool: string; readonly schedulable: number } | null;
  /** What most instances that take tasks lack for one more; null when there is none, or when all have room. */
  readonly obstacle: Obstacle | null;
}

/** A shape that fits no type the fleet may launch; it never scales anything. */
export interface UnschedulableShape {
  readonly shape: string;
  readonly constraints: readonly string[];
  readonly users: readonly string[];
  readonly nearestType: string | null;
  readonly missing: {
    readonly cpuUnits: number;
    readonly memoryMiB: number;
    readonly gpus: number;
    readonly eniSlots: number;
    /** What else stands in the way on the nearest type, in words: `memberOf(attribute:gpu exists)`. */
    readonly constraints: readonly string[];
  };
}

/** A largest shape that would fit a type of the fleet, or once more, had it a few percent less. */
export interface NearMiss {
  readonly shape: string;
  readonly instanceType: string;
  /** How many fit an empty instance of the type. */
  readonly fits: number;
  readonly resource: 'cpu' | 'memory';
  /** Units or MiB by which one more misses. */
  readonly missing: number;
  /** The same as a share of what one task needs, 0 to 1. */
  readonly share: number;
}

/** What one unit of each type is worth in largest tasks, and weights under which it is worth the same. */
export interface WeightAdvice {
  /** The largest shape whose slots are worth least evenly. */
  readonly shape: string;
  readonly types: readonly {
    readonly instanceType: string;
    readonly weightUnits: number;
    readonly slots: number;
    /** Slots a unit; 0 for a type that hosts none. */
    readonly slotsPerUnit: number;
    readonly recommendedWeight: number;
  }[];
  /** The share of slots an ask loses when the fleet answers with the worst type that hosts any, against the best; 0 to 1. */
  readonly loss: number;
}

export type ScenarioName =
  /** What ECS wants running. */
  | 'now'
  /** That and the promised room. */
  | 'promise'
  /** That and what may arrive until a new instance takes tasks. */
  | 'arrivals'
  /** What running deployments may start beside what runs. */
  | 'deployment'
  /** The operator's floor for these hours. */
  | 'floor'
  /** The loss of one pool, with everything that stands there. */
  | 'pool-loss'
  /** The loss of one zone. */
  | 'zone-loss';

export interface ScenarioLine {
  readonly name: ScenarioName;
  /** The pool or the zone that is lost. */
  readonly lost: string | null;
  /** Tasks that must find a place. */
  readonly tasks: number;
  readonly unplaced: number;
  /** Units to launch so that it holds. */
  readonly shortUnits: number;
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
  | 'frozen'
  | 'at-maximum'
  /** More is needed, and what is launched never joins the cluster. */
  | 'launches-fail'
  /** What the fleet launched lately cannot host what is short, so more is not asked for yet. */
  | 'wrong-types';

export interface PlanReport {
  readonly cluster: string;
  readonly observedAt: number;
  readonly gaps: readonly Gap[];
  /** What keeps the plan from being carried out, and which of its actions were held back. */
  readonly restraint: Restraint & { readonly held: readonly Held[] };
  /** Who else acts on what is ours. */
  readonly conflicts: readonly Conflict[];
  readonly ledger: readonly LedgerLine[];
  readonly shapes: readonly ShapeLine[];
  readonly unschedulable: readonly UnschedulableShape[];
  readonly nearMisses: readonly NearMiss[];
  /** null when the weights are worth the same everywhere, or nothing is promised. */
  readonly weights: WeightAdvice | null;
  /** Most urgent first; of losses only the worst of each kind and those that do not hold. */
  readonly scenarios: readonly ScenarioLine[];
  /** Pools that count as lost. */
  readonly storms: readonly StormLine[];
  readonly launches: LaunchLine;
  /** What takes part in nothing, and why. */
  readonly setAside: readonly SetAside[];
  /** From the launch of an instance until it takes tasks: half and nearly all of those seen, milliseconds. */
  readonly leadTime: { readonly p50Ms: number; readonly p95Ms: number; readonly isLearned: boolean };
  readonly target: {
    readonly reason: TargetReason;
    readonly presentUnits: number;
    readonly fulfilledUnits: number;
    readonly leavingUnits: number;
    readonly usableUnits: number;
    /** The scenario that needs most, when anything is short. */
    readonly scenario: ScenarioName | null;
    /** Units still to ask for until every scenario holds. */
    readonly shortUnits: number;
    readonly proposedUnits: number;
  };
  /** What stands in for Spot, in units; reason: why its part of the target moves, or `keep`. */
  readonly onDemand: {
    readonly presentUnits: number;
    readonly fulfilledUnits: number;
    readonly proposedUnits: number;
    readonly reason: OnDemandReason;
    /** What was asked of the fleet and has been missing for as long as a fallback waits. */
    readonly missingUnits: number;
    /** Tries in a row to return to Spot that failed. */
    readonly failedReturns: number;
  };
  /** Behind the fleet, which launches with another image or launch template version now. */
  readonly drifted: readonly InstanceId[];
  readonly scaleIn: {
    readonly reason: ScaleInReason;
    readonly victims: readonly { readonly instanceId: InstanceId; readonly reason: RetirementReason }[];
    readonly unremovable: readonly { readonly instanceId: InstanceId; readonly reason: Unremovable }[];
  };
}
