// The MetricsSink port over CloudWatch: one batched call, dimensions only by cluster and fleet, because every distinct
// set of dimensions is paid for as a metric.
import { CloudWatchClient, type MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { Clock } from '../ports/clock.ts';
import type { Metric, MetricsSink } from '../ports/metrics.ts';
import { calling } from './aws-error.ts';
import { type ClientSettings, clientOptions, sendOptions } from './clients.ts';

const NAMESPACE = 'Spotkeeper';

export function createCloudWatchClient(settings: ClientSettings): CloudWatchClient {
  return new CloudWatchClient(clientOptions(settings));
}

export function createMetricsSink(options: { client: CloudWatchClient; cluster: string; clock: Clock }): MetricsSink {
  const { client, cluster, clock } = options;
  return {
    async publish(metrics, signal) {
      const at = new Date(clock.now());
      const MetricData = metrics.map((metric) => toDatum(metric, cluster, at));
      await calling(`publishing ${metrics.length} metrics`, () =>
        client.send(new PutMetricDataCommand({ Namespace: NAMESPACE, MetricData }), sendOptions(signal)),
      );
    },
  };
}

function toDatum(metric: Metric, cluster: string, at: Date): MetricDatum {
  return {
    MetricName: metric.name,
    Value: metric.value,
    Unit: 'Count',
    Timestamp: at,
    Dimensions: [
      { Name: 'ClusterName', Value: cluster },
      ...(metric.fleet === undefined ? [] : [{ Name: 'FleetName', Value: metric.fleet }]),
    ],
  };
}
