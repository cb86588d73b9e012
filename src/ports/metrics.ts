/** The metrics we publish; the names are a contract with operators' alarms. */
export type MetricName =
  | 'SchedulableTasks'
  | 'PromisedTasks'
  | 'PendingTasks'
  | 'PlacementFailures'
  | 'TargetCapacity'
  | 'FulfilledCapacity'
  | 'UsableCapacity'
  | 'Retiring'
  | 'InterruptionNotices';

export interface Metric {
  readonly name: MetricName;
  readonly value: number;
  /** Added to the cluster's name as a dimension where the figure belongs to one fleet. */
  readonly fleet?: string;
}

export interface MetricsSink {
  /** Publishes one batch. Throws `Failure`; losing a batch is harmless, the next one carries the present values. */
  publish(metrics: readonly Metric[], signal?: AbortSignal): Promise<void>;
}
