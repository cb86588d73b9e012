import type { RetirementReason } from '../model/attributes.ts';

/** The operator's intent, as the planner reads it. Durations in milliseconds, capacity in fleet units. */
export interface Policy {
  readonly mode: Mode;
  readonly safety: {
    /** Nothing shrinks while more than this share of the instances went out of sight at once; 0 to 1. */
    readonly unknownShare: number;
  };
  readonly headroom: {
    /** Room is promised for this many of each largest task. */
    readonly largestTasks: number;
    /** What may be lost at once with every task still finding a place. */
    readonly survive: 'none' | 'pool' | 'zone';
    /** Shapes that count as largest whatever runs. */
    readonly pins: readonly Pin[];
    /** Room is ordered for arrivals during the lead time up to this quantile of those seen; null for none. */
    readonly arrivalQuantile: number | null;
    /** A largest shape that nobody has used for this long is no longer one. */
    readonly forgetLargestMs: number;
    readonly floors: readonly Floor[];
  };
  readonly fleet: {
    readonly name: string;
    readonly minUnits: number;
    readonly maxUnits: number;
  };
  readonly onDemand: OnDemandPolicy;
  readonly retirement: RetirementPolicy;
  readonly interruptions: InterruptionPolicy;
  readonly orphans: OrphanPolicy;
  readonly scaleIn: {
    /** A surplus must have lasted this long before an instance is chosen to leave. */
    readonly idleMs: number;
  };
  /** A task is wanted when it has been missing for this long: counts of a service flicker while tasks come and go. */
  readonly pendingDebounceMs: number;
  /** A launched instance that has not joined ECS after this long is an orphan and no longer counts as on its way. */
  readonly joinGraceMs: number;
  /** The ECS agent reconnects several times an hour in normal life; for this long it is expected back. */
  readonly disconnectGraceMs: number;
  /** Whether the report tells for each instance what fits there: thousands of lines that few ask for. */
  readonly isReportedByInstance: boolean;
}

/** When the fleet pays for On-Demand capacity. */
export interface OnDemandPolicy {
  /** Units that are On-Demand whatever Spot there is. */
  readonly baseUnits: number;
  /** On-Demand in place of Spot that does not come. */
  readonly fallback: {
    /** What was asked for must be missing for this long, and never less than a launch usually takes. */
    readonly afterMs: number;
    /** At most so many units beside the base; 0 for never. */
    readonly maximumUnits: number;
    /** USD; null for no bound. */
    readonly maximumPricePerHour: number | null;
    /** What a unit is reckoned to cost, USD an hour; never null where the price is bounded. */
    readonly pricePerUnitHour: number | null;
  };
  /** So long after the last fallback it is tried to replace it by Spot; twice as long after each try that failed. */
  readonly returnAfterMs: number;
}

/** How much of its plans a controller carries out. */
export const MODES = [
  /** Nothing: it plans and reports. */
  'observe',
  /** Nothing, and it says of each action that it would do it. */
  'recommend',
  /** Only what makes room. */
  'scale-out-only',
  'full',
] as const;

export type Mode = (typeof MODES)[number];

/** Room for so many tasks of a size that need not exist yet. */
export interface Pin {
  readonly cpuUnits: number;
  readonly memoryMiB: number;
  readonly gpus: number;
  readonly tasks: number;
}

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

/** Hours of the week. */
export interface Window {
  readonly days: readonly Weekday[];
  /** `07:30`, wall clock of `timeZone`; a window whose end is not after its start ends the next day. */
  readonly from: string;
  readonly until: string;
  /** IANA name. */
  readonly timeZone: string;
}

/** In these hours, room for more of the largest tasks than otherwise; ready when they begin, not launching then. */
export interface Floor extends Window {
  readonly largestTasks: number;
}

/** How instances leave where nothing forces them to. */
export interface RetirementPolicy {
  /** Nobody younger leaves: it would not have paid for its own launch. */
  readonly minimumAgeMs: number;
  /** All of them hold at once. */
  readonly budgets: readonly Budget[];
  /** Hours in which nobody is chosen; who has been, goes on. */
  readonly quiet: readonly Window[];
  /** Least time between two consolidations. */
  readonly consolidateEveryMs: number;
  readonly drain: Readonly<Record<RetirementReason, DrainLimit>>;
  /** What becomes of an instance that is behind its fleet; `report`: it is named, and stays. */
  readonly drift: 'report' | 'replace';
  /** `wait`: one that runs standalone tasks may be chosen, and waits for them to end. */
  readonly standaloneTasks: 'refuse' | 'wait';
}

/** At most so many instances on their way out: at once, or begun within a time. */
export interface Budget {
  /** A number of instances, or a share of them (0 to 1), rounded up. */
  readonly most: { readonly count: number } | { readonly share: number };
  /** Of each zone rather than of all. */
  readonly isPerZone: boolean;
  /** null: at once, whoever leaves for whatever reason. */
  readonly withinMs: number | null;
}

export interface DrainLimit {
  readonly limitMs: number;
  /** When it is over: end it with what still runs there, or give up and let it serve again. */
  readonly end: 'terminate' | 'give-up';
}

/** What is made of AWS's warnings. */
export interface InterruptionPolicy {
  /** A rebalance recommendation is believed for this long. */
  readonly atRiskMs: number;
  readonly storm: StormPolicy;
}

/** Spot capacity comes and goes by the pool: after so many notices within a time, all of it counts as lost. */
export interface StormPolicy {
  readonly notices: number;
  readonly withinMs: number;
  /** From the last notice until what is left of the pool is believed in again. */
  readonly lastsMs: number;
}

/** Instances of the fleet that are none of the cluster. */
export interface OrphanPolicy {
  /** `terminate` them, or `keep` and report them. */
  readonly response: 'terminate' | 'keep';
  /** Joined, and now not connected for this long and with nothing on it: lost for good. */
  readonly disconnectedMs: number;
  /** After so many that never joined, and none that did, nothing more is launched but one now and then. */
  readonly failuresBeforeStop: number;
}
