/** The metrics we publish; the names are a contract with operators' alarms. */
export type MetricName =
  | 'SchedulableTasks'
  | 'AfterLossTasks'
  | 'PromisedTasks'
  | 'PendingTasks'
  | 'PlacementFailures'
  | 'TargetCapacity'
  | 'FulfilledCapacity'
  | 'UsableCapacity'
  | 'Retiring'
  | 'PoolsInStorm'
  | 'FailedLaunches'
  | 'InterruptionNotices';

/** One figure. What it is about besides the cluster is a dimension, and each distinct set of dimensions is paid for. */
export interface Metric {
  readonly name: MetricName;
  readonly value: number;
  /** The fleet's name. */
  readonly fleet?: string;
  /** The task shape, as the report calls it. */
  readonly shape?: string;
  readonly instanceId?: string;
}

export interface MetricsSink {
  /** Publishes them all. Throws `Failure`; losing some is harmless, the next time carries the present values. */
  publish(metrics: readonly Metric[], signal?: AbortSignal): Promise<void>;
}
