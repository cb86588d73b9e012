// The metrics sink through the real SDK against the sandbox's CloudWatch.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCloudWatchClient, createMetricsSink } from '../../src/aws/cloudwatch-metrics.ts';
import type { Metric } from '../../src/ports/metrics.ts';
import { systemClock } from '../../src/runtime/system-clock.ts';
import { type SmallCloud, startSmallCloud } from '../support/small-cloud.ts';

let cloud: SmallCloud;
beforeAll(async () => {
  cloud = await startSmallCloud();
});
afterAll(() => cloud.close());

const calls = () => cloud.sandbox.log.records.filter(({ action }) => action === 'PutMetricData');

/** Publishes, and returns the batches that came of it. */
async function publish(cluster: string, metrics: readonly Metric[]) {
  const before = calls().length;
  const client = createCloudWatchClient({ region: 'us-east-1' });
  await createMetricsSink({ client, cluster, clock: systemClock }).publish(metrics);
  return calls()
    .slice(before)
    .map(({ status, input }) => ({ status, data: input.MetricData as readonly { Dimensions: unknown }[] }));
}

const byInstance = (count: number): Metric[] =>
  Array.from({ length: count }, (_, index) => ({
    name: 'SchedulableTasks',
    value: index,
    instanceId: `i-${String(index).padStart(17, '0')}`,
  }));

describe('the metrics sink', () => {
  it('makes a dimension of fleet, shape and instance, each beside the cluster', async () => {
    const [batch] = await publish('small', [
      { name: 'SchedulableTasks', value: 7 },
      { name: 'TargetCapacity', value: 6, fleet: 'general' },
      { name: 'SchedulableTasks', value: 3, shape: '1024cpu/2048MiB#2' },
      { name: 'SchedulableTasks', value: 1, instanceId: 'i-1' },
    ]);
    const cluster = { Name: 'ClusterName', Value: 'small' };
    expect(batch?.data.map(({ Dimensions }) => Dimensions)).toEqual([
      [cluster],
      [cluster, { Name: 'FleetName', Value: 'general' }],
      [cluster, { Name: 'Shape', Value: '1024cpu/2048MiB#2' }],
      [cluster, { Name: 'InstanceId', Value: 'i-1' }],
    ]);
  });

  it('sends a thousand figures in one call', async () => {
    const batches = await publish('small', byInstance(1_000));
    expect(batches.map(({ status, data }) => [status, data.length])).toEqual([[200, 1_000]]);
  });

  it('sends more in as many calls as CloudWatch asks for, and loses none', async () => {
    const batches = await publish('small', byInstance(2_350));
    expect(batches.map(({ status, data }) => [status, data.length])).toEqual([
      [200, 1_000],
      [200, 1_000],
      [200, 350],
    ]);
    expect(new Set(batches.flatMap(({ data }) => data.map(({ Dimensions }) => JSON.stringify(Dimensions)))).size).toBe(
      2_350,
    );
  });

  it('stays below the megabyte of a call with the longest names there are', async () => {
    const [batch] = await publish('c'.repeat(255), byInstance(1_000));
    expect(JSON.stringify(batch?.data).length).toBeLessThan(1_000_000);
  });

  it('says what it was doing when CloudWatch refuses', async () => {
    const id = cloud.sandbox.faults.add({
      service: 'cloudwatch',
      action: 'PutMetricData',
      effect: { kind: 'error', code: 'InvalidParameterValue', status: 400, message: 'no' },
    });
    await expect(publish('small', byInstance(3))).rejects.toThrow('publishing 3 of 3 metrics');
    cloud.sandbox.faults.remove(id);
  });
});
