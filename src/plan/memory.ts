import type { RetirementReason } from '../model/attributes.ts';
import type { ContainerInstanceArn, InstanceId } from '../model/ids.ts';
import { type ActFailures, NO_FAILURES } from './act-failures.ts';
import type { ForeignDrains } from './conflicts/foreign-drain.ts';
import { NO_WATCH, type TargetWatch } from './conflicts/target-watch.ts';
import { NO_STORMS, type Storms } from './interruptions/storms.ts';
import { type Arrivals, NO_ARRIVALS } from './learn/arrivals.ts';
import type { CloudTime } from './learn/cloud-time.ts';
import type { LargestSeen } from './learn/largest-seen.ts';
import type { MissingSince } from './learn/missing-since.ts';
import type { LossAsks } from './loss-asks.ts';
import type { LearnedSizes } from './net-capacity.ts';
import { NO_ON_DEMAND, type OnDemandMemory } from './on-demand/on-demand-part.ts';
import { type Launches, NO_LAUNCHES } from './orphans/launches.ts';
import type { Roll } from './roll-call.ts';

/**
 * What one pass tells the next; plain data. Losing it (a restart, a new leader) only makes us patient again, and slower
 * to foresee.
 */
export interface Memory {
  /** null before the first pass. */
  readonly cloudTime: CloudTime | null;
  /** Since when an instance could leave without breaking any promise; epoch milliseconds, null when none could. */
  readonly surplusSince: number | null;
  /** Since when each disconnected container instance has been seen so; epoch milliseconds. */
  readonly disconnectedSince: Readonly<Record<InstanceId, number>>;
  /** Who is to stay, and who of them is out of sight. */
  readonly roll: Roll;
  readonly actFailures: ActFailures;
  /** What we asked of the fleet, and what others did. */
  readonly targetWatch: TargetWatch;
  readonly foreignDrains: ForeignDrains;
  /** By service name. */
  readonly missingSince: Readonly<Record<string, readonly MissingSince[]>>;
  readonly largest: LargestSeen;
  readonly arrivals: Arrivals;
  /** When what a retirement had given away was wanted back, epoch milliseconds, oldest first. */
  readonly undoneAt: readonly number[];
  /** When somebody was last chosen to leave, and that has not been undone. */
  readonly retiredAt: number | null;
  /** When somebody was chosen to leave, oldest first, as far back as the longest budget looks. */
  readonly retirements: readonly PastRetirement[];
  /** Since when retirements are remembered: what was before is not known. null before the first pass. */
  readonly retirementsSince: number | null;
  /** Whose drain took too long and was given up, and when: not to be tried again soon. */
  readonly givenUp: Readonly<Record<InstanceId, number>>;
  /** What instances of each type registered, also of types of which nobody is left. */
  readonly sizes: LearnedSizes;
  readonly lossAsks: LossAsks;
  readonly onDemand: OnDemandMemory;
  readonly storms: Storms;
  readonly launches: Launches;
  /** Members of the fleet that were seen launching and have not joined the cluster. */
  readonly awaited: readonly InstanceId[];
  /** Pools whose loss the full check, which takes longer than a pass may, found not to be survived. */
  readonly poolsAtRisk: readonly string[];
  /** Instances whose tasks the next decision needs to know. */
  readonly lookAt: readonly ContainerInstanceArn[];
  /** Instances that may be chosen if none of their tasks is protected. */
  readonly protectionOf: readonly ContainerInstanceArn[];
}

export interface PastRetirement {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly zone: string | null;
  readonly reason: RetirementReason;
}

export const NO_MEMORY: Memory = {
  cloudTime: null,
  surplusSince: null,
  disconnectedSince: {},
  roll: {},
  actFailures: NO_FAILURES,
  targetWatch: NO_WATCH,
  foreignDrains: {},
  missingSince: {},
  largest: {},
  arrivals: NO_ARRIVALS,
  undoneAt: [],
  retiredAt: null,
  retirements: [],
  retirementsSince: null,
  givenUp: {},
  sizes: {},
  lossAsks: {},
  onDemand: NO_ON_DEMAND,
  storms: NO_STORMS,
  launches: NO_LAUNCHES,
  awaited: [],
  poolsAtRisk: [],
  lookAt: [],
  protectionOf: [],
};
