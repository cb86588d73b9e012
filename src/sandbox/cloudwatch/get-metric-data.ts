// GetMetricData for plain statistics of single metrics. Metric math, percentiles and paging are not played and are
// refused in words.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
import { type ApiAction, ApiError } from '../api.ts';
import type { MetricStore, Point } from './metric-store.ts';
import { dimensionsOf, type Fields, fieldsOf, instantOf, listOf, numberOf, textOf } from './read-input.ts';

const MAX_QUERIES = 500;

interface Window {
  readonly from: number;
  readonly until: number;
  readonly isAscending: boolean;
}

export function getMetricData(store: MetricStore): ApiAction {
  return ({ input }) => {
    const from = instantOf(input.StartTime, 'StartTime');
    const until = instantOf(input.EndTime, 'EndTime');
    if (from === null || until === null) throw refused('StartTime and EndTime are required.');
    if (from >= until) throw refused('The parameter EndTime must be greater than StartTime.');
    const queries = listOf(input.MetricDataQueries, 'MetricDataQueries');
    if (queries.length === 0 || queries.length > MAX_QUERIES) {
      throw refused(`MetricDataQueries must have between 1 and ${MAX_QUERIES} entries.`);
    }
    const window = { from, until, isAscending: input.ScanBy === 'TimestampAscending' };
    return {
      MetricDataResults: queries.map((query) => answer(store, fieldsOf(query, 'MetricDataQueries'), window)),
      Messages: [],
    };
  };
}

function answer(store: MetricStore, query: Fields, window: Window) {
  const id = textOf(query.Id, 'MetricDataQueries.Id');
  if (query.MetricStat === undefined) throw refused('The sandbox answers MetricStat queries only, no expressions.');
  const stat = fieldsOf(query.MetricStat, 'MetricStat');
  const metric = fieldsOf(stat.Metric, 'MetricStat.Metric');
  const metricName = textOf(metric.MetricName, 'MetricStat.Metric.MetricName');
  const periodMs = (numberOf(stat.Period, 'MetricStat.Period') ?? 60) * 1000;
  if (periodMs < 1000) throw refused('MetricStat.Period must be at least 1.');
  const points = store.points({
    namespace: textOf(metric.Namespace, 'MetricStat.Metric.Namespace'),
    metricName,
    dimensions: dimensionsOf(metric.Dimensions, 'MetricStat.Metric.Dimensions'),
  });
  const buckets = bucketed(points, periodMs, window);
  const statistic = statisticOf(textOf(stat.Stat, 'MetricStat.Stat'));
  return {
    Id: id,
    Label: typeof query.Label === 'string' ? query.Label : metricName,
    Timestamps: buckets.map(([at]) => new Date(at)),
    Values: buckets.map(([, bucket]) => statistic(bucket)),
    StatusCode: 'Complete',
  };
}

/** Points gathered by period, each named by its start, in the order asked for. */
function bucketed(points: readonly Point[], periodMs: number, window: Window): [number, Point[]][] {
  const buckets = new Map<number, Point[]>();
  for (const point of points) {
    if (point.at < window.from || point.at >= window.until) continue;
    const start = Math.floor(point.at / periodMs) * periodMs;
    buckets.set(start, [...(buckets.get(start) ?? []), point]);
  }
  const sign = window.isAscending ? 1 : -1;
  return [...buckets].sort(([a], [b]) => sign * (a - b));
}

const STATISTICS: Readonly<Record<string, (points: readonly Point[]) => number>> = {
  SampleCount: (points) => total(points, 'sampleCount'),
  Sum: (points) => total(points, 'sum'),
  Average: (points) => total(points, 'sum') / total(points, 'sampleCount'),
  Minimum: (points) => Math.min(...points.map((point) => point.minimum)),
  Maximum: (points) => Math.max(...points.map((point) => point.maximum)),
};

function statisticOf(name: string): (points: readonly Point[]) => number {
  const statistic = STATISTICS[name];
  if (statistic === undefined)
    throw refused(`The sandbox has the statistics ${Object.keys(STATISTICS).join(', ')}, not ${name}.`);
  return statistic;
}

function total(points: readonly Point[], field: 'sampleCount' | 'sum'): number {
  return points.reduce((sum, point) => sum + point[field], 0);
}

function refused(message: string): ApiError {
  return new ApiError('ValidationError', message);
}
