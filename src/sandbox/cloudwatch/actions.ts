// CloudWatch, as far as publishing figures and reading them back needs it.
import type { ApiAction } from '../api.ts';
import type { ActionTable } from '../doors/front-door.ts';
import { getMetricData } from './get-metric-data.ts';
import type { MetricStore, SeriesId } from './metric-store.ts';
import { putMetricData } from './put-metric-data.ts';

export function cloudWatchActions(store: MetricStore): ActionTable {
  return {
    PutMetricData: putMetricData(store),
    GetMetricData: getMetricData(store),
    ListMetrics: listMetrics(store),
  };
}

/** The filters are namespace and name; one page holds all, since only what was published here is listed. */
function listMetrics(store: MetricStore): ApiAction {
  return ({ input }) => ({
    Metrics: store
      .list()
      .filter((id) => input.Namespace === undefined || id.namespace === input.Namespace)
      .filter((id) => input.MetricName === undefined || id.metricName === input.MetricName)
      .map(listed),
  });
}

function listed(id: SeriesId) {
  return {
    Namespace: id.namespace,
    MetricName: id.metricName,
    Dimensions: id.dimensions.map(({ name, value }) => ({ Name: name, Value: value })),
  };
}
