// The MetricsSink port over CloudWatch: as few calls as its limits allow, each compressed by the SDK. It knows nothing of
// what a figure means, only which of its parts are dimensions.
import { CloudWatchClient, type Dimension, type MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { METRICS_NAMESPACE } from '../model/iam/document.ts';
import type { Clock } from '../ports/clock.ts';
import type { Metric, MetricsSink } from '../ports/metrics.ts';
import { calling } from './aws-error.ts';
import { type ClientSettings, clientOptions, ownClient, sendOptions } from './clients.ts';

// CloudWatch takes 1,000 metrics and 1 MB a call. A figure of ours with the longest names AWS allows stays below 700
// bytes, so a thousand of them fit, even without the compression that the SDK begins at 10 KiB.
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
const MOST_PER_CALL = 1_000;

export function createCloudWatchClient(settings: ClientSettings): CloudWatchClient {
  return ownClient(new CloudWatchClient(clientOptions(settings)), settings);
}

export function createMetricsSink(options: { client: CloudWatchClient; cluster: string; clock: Clock }): MetricsSink {
  const { client, cluster, clock } = options;
  return {
    async publish(metrics, signal) {
      const at = new Date(clock.now());
      // One after the other: the first hold the sums, and whoever is short of time loses single instances first.
      for (let from = 0; from < metrics.length; from += MOST_PER_CALL) {
        const MetricData = metrics.slice(from, from + MOST_PER_CALL).map((metric) => toDatum(metric, cluster, at));
        await calling(`publishing ${MetricData.length} of ${metrics.length} metrics`, () =>
          client.send(new PutMetricDataCommand({ Namespace: METRICS_NAMESPACE, MetricData }), sendOptions(signal)),
        );
      }
    },
  };
}

function toDatum(metric: Metric, cluster: string, at: Date): MetricDatum {
  return {
    MetricName: metric.name,
    Value: metric.value,
    Unit: 'Count',
    Timestamp: at,
    Dimensions: dimensionsOf(metric, cluster),
  };
}

/** The set of dimensions by which CloudWatch tells one metric from another, and by which it is paid for. */
export function dimensionsOf({ fleet, shape, instanceId }: Metric, cluster: string): Dimension[] {
  return [
    { Name: 'ClusterName', Value: cluster },
    ...(fleet === undefined ? [] : [{ Name: 'FleetName', Value: fleet }]),
    ...(shape === undefined ? [] : [{ Name: 'Shape', Value: shape }]),
    ...(instanceId === undefined ? [] : [{ Name: 'InstanceId', Value: instanceId }]),
  ];
}
