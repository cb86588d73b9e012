// PutMetricData with the limits CloudWatch documents, so that a batch that AWS would refuse is refused here.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
import type { ApiAction } from '../api.ts';
import type { MetricStore, Point } from './metric-store.ts';
import { dimensionsOf, type Fields, fieldsOf, instantOf, invalid, listOf, numberOf, textOf } from './read-input.ts';

const MAX_DATA = 1000;
const MAX_DIMENSIONS = 30;
const MAX_VALUES = 150;
const OLDEST_MS = 14 * 24 * 3_600_000;
const NEWEST_MS = 2 * 3_600_000;

export function putMetricData(store: MetricStore): ApiAction {
  return ({ world, input }) => {
    const namespace = textOf(input.Namespace, 'Namespace');
    if (namespace.startsWith('AWS/')) throw invalid('The value for parameter Namespace must not start with AWS/.');
    const data = listOf(input.MetricData, 'MetricData');
    if (data.length > MAX_DATA) throw invalid(`The collection MetricData must not have more than ${MAX_DATA} entries.`);
    // All are read before any is kept: a refused batch leaves nothing behind.
    const points = data.map((entry, at) =>
      readDatum(fieldsOf(entry, 'MetricData'), `MetricData.member.${at + 1}`, world.agenda.now),
    );
    for (const { metricName, dimensions, point } of points) store.add({ namespace, metricName, dimensions }, point);
    return {};
  };
}

function readDatum(datum: Fields, name: string, now: number) {
  const metricName = textOf(datum.MetricName, `${name}.MetricName`);
  const dimensions = dimensionsOf(datum.Dimensions, `${name}.Dimensions`);
  if (dimensions.length > MAX_DIMENSIONS) throw invalid(`${name} has more than ${MAX_DIMENSIONS} dimensions.`);
  const resolution = numberOf(datum.StorageResolution, `${name}.StorageResolution`) ?? 60;
  if (resolution !== 1 && resolution !== 60) throw invalid(`${name}.StorageResolution must be 1 or 60.`);
  const at = instantOf(datum.Timestamp, `${name}.Timestamp`) ?? now;
  if (at < now - OLDEST_MS || at > now + NEWEST_MS) {
    throw invalid(`${name}.Timestamp must be between two weeks ago and two hours ahead.`);
  }
  return { metricName, dimensions, point: { at, ...readValues(datum, name) } };
}

function readValues(datum: Fields, name: string): Omit<Point, 'at'> {
  if (datum.StatisticValues !== undefined) {
    const set = fieldsOf(datum.StatisticValues, `${name}.StatisticValues`);
    const field = (key: string) => {
      const value = numberOf(set[key], `${name}.StatisticValues.${key}`);
      if (value === null) throw invalid(`${name}.StatisticValues.${key} is required.`);
      return value;
    };
    return {
      sampleCount: field('SampleCount'),
      sum: field('Sum'),
      minimum: field('Minimum'),
      maximum: field('Maximum'),
    };
  }
  const single = numberOf(datum.Value, `${name}.Value`);
  if (single !== null) return { sampleCount: 1, sum: single, minimum: single, maximum: single };
  return readDistribution(datum, name);
}

function readDistribution(datum: Fields, name: string): Omit<Point, 'at'> {
  const values = listOf(datum.Values, `${name}.Values`).map((value) => numberOf(value, `${name}.Values`) ?? 0);
  const counts = listOf(datum.Counts, `${name}.Counts`).map((count) => numberOf(count, `${name}.Counts`) ?? 0);
  if (values.length === 0) throw invalid(`${name} must have Value, Values or StatisticValues.`);
  if (values.length > MAX_VALUES) throw invalid(`${name}.Values has more than ${MAX_VALUES} entries.`);
  if (counts.length > 0 && counts.length !== values.length) throw invalid(`${name}.Counts must match ${name}.Values.`);
  return {
    sampleCount: values.reduce((sum, _value, at) => sum + (counts[at] ?? 1), 0),
    sum: values.reduce((sum, value, at) => sum + value * (counts[at] ?? 1), 0),
    minimum: Math.min(...values),
    maximum: Math.max(...values),
  };
}
