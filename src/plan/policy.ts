/** The operator's intent, as the planner reads it. Durations in milliseconds, capacity in fleet units. */
export interface Policy {
  readonly headroom: {
    /** Room is promised for this many of each largest task. */
    readonly largestTasks: number;
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
  /** A launched instance that has not joined ECS after this long is an orphan and no longer counts as on its way. */
  readonly joinGraceMs: number;
  /** The ECS agent reconnects several times an hour in normal life; for this long it is expected back. */
  readonly disconnectGraceMs: number;
}
