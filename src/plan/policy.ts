/** The operator's intent, as the planner reads it. Durations in milliseconds, capacity in fleet units. */
export interface Policy {
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

/** Room for so many tasks of a size that need not exist yet. */
export interface Pin {
  readonly cpuUnits: number;
  readonly memoryMiB: number;
  readonly gpus: number;
  readonly tasks: number;
}

export type Weekday = 'mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun';

/** In these hours, room for more of the largest tasks than otherwise; ready when they begin, not launching then. */
export interface Floor {
  readonly days: readonly Weekday[];
  /** `07:30`, wall clock of `timeZone`; a window whose end is not after its start ends the next day. */
  readonly from: string;
  readonly until: string;
  /** IANA name. */
  readonly timeZone: string;
  readonly largestTasks: number;
}
