import {
  GetMetricDataCommand,
  ListMetricsCommand,
  type MetricDatum,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeCbor } from '../../src/sandbox/doors/cbor-decode.ts';
import { encodeCbor } from '../../src/sandbox/doors/cbor-encode.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { aQuickSandbox, type Clients, clientsOf } from './clients.ts';

let sandbox: Sandbox;
let clients: Clients;

beforeAll(async () => {
  sandbox = await aQuickSandbox();
  clients = clientsOf(sandbox, 'controller-a');
});

afterAll(() => sandbox.close());

const DIMENSIONS = [{ Name: 'ClusterName', Value: 'tests' }];

function put(namespace: string, ...data: Partial<MetricDatum>[]) {
  const MetricData = data.map((datum) => ({ MetricName: 'TargetCapacity', Dimensions: DIMENSIONS, ...datum }));
  return clients.cloudwatch.send(new PutMetricDataCommand({ Namespace: namespace, MetricData }));
}

async function read(namespace: string, stat: string, dimensions = DIMENSIONS): Promise<number[]> {
  const now = sandbox.driver.now;
  const { MetricDataResults } = await clients.cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(now - 3_600_000),
      EndTime: new Date(now + 60_000),
      MetricDataQueries: [
        {
          Id: 'q',
          MetricStat: {
            Metric: { Namespace: namespace, MetricName: 'TargetCapacity', Dimensions: dimensions },
            Period: 3_600,
            Stat: stat,
          },
        },
      ],
    }),
  );
  return (MetricDataResults?.[0]?.Values ?? []).slice(0, 1);
}

describe('a published metric', () => {
  it('is read back by its statistics', async () => {
    const at = new Date(sandbox.driver.now);
    await put('Plain', { Value: 2, Timestamp: at }, { Value: 4, Timestamp: at });
    expect(await read('Plain', 'Average')).toEqual([3]);
    expect(await read('Plain', 'Maximum')).toEqual([4]);
    expect(await read('Plain', 'SampleCount')).toEqual([2]);
  });

  it('is another metric with other dimensions', async () => {
    await put('Dimensions', { Value: 1 });
    expect(await read('Dimensions', 'Sum', [{ Name: 'ClusterName', Value: 'other' }])).toEqual([]);
  });

  it('may come as values with counts, or as a statistic set', async () => {
    await put('Values', { Values: [1, 2], Counts: [3, 1] });
    expect(await read('Values', 'Sum')).toEqual([5]);
    await put('Sets', { StatisticValues: { SampleCount: 2, Sum: 6, Minimum: 1, Maximum: 5 } });
    expect(await read('Sets', 'Minimum')).toEqual([1]);
  });

  it('may come compressed', async () => {
    await put('Large', ...Array.from({ length: 300 }, () => ({ Value: 1 })));
    expect(await read('Large', 'Sum')).toEqual([300]);
  });

  it('is listed', async () => {
    await put('Listed', { Value: 1 });
    const { Metrics } = await clients.cloudwatch.send(new ListMetricsCommand({ Namespace: 'Listed' }));
    expect(Metrics).toEqual([{ Namespace: 'Listed', MetricName: 'TargetCapacity', Dimensions: DIMENSIONS }]);
  });
});

describe('a batch that CloudWatch would refuse', () => {
  it.each<[string, string, Partial<MetricDatum>[]]>([
    ['names a namespace of AWS', 'AWS/ECS', [{ Value: 1 }]],
    ['holds a point without a value', 'Refused', [{}]],
    ['holds counts that do not match its values', 'Refused', [{ Values: [1, 2], Counts: [1] }]],
    ['holds a point of long ago', 'Refused', [{ Value: 1, Timestamp: new Date(0) }]],
    ['has an odd resolution', 'Refused', [{ Value: 1, StorageResolution: 5 }]],
    [
      'has too many dimensions',
      'Refused',
      [{ Value: 1, Dimensions: Array.from({ length: 31 }, (_, n) => ({ Name: `d${n}`, Value: 'x' })) }],
    ],
    ['is too large', 'Refused', Array.from({ length: 1_001 }, () => ({ Value: 1 }))],
  ])('is refused when it %s', async (_what, namespace, data) => {
    await expect(put(namespace, ...data)).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
  });

  it('leaves nothing behind, though its first points are good', async () => {
    await expect(put('Half', { Value: 1 }, {})).rejects.toThrow();
    expect(await read('Half', 'Sum')).toEqual([]);
  });
});

describe('CloudWatch over its other protocols', () => {
  const authorization = () => {
    const { AWS_ACCESS_KEY_ID: key } = sandbox.environmentFor('cli');
    return `AWS4-HMAC-SHA256 Credential=${key}/20261121/us-east-1/monitoring/aws4_request, SignedHeaders=host, Signature=0`;
  };

  it('takes the query form of older clients', async () => {
    const body =
      'Action=PutMetricData&Version=2010-08-01&Namespace=Query&MetricData.member.1.MetricName=TargetCapacity' +
      '&MetricData.member.1.Value=7&MetricData.member.1.Dimensions.member.1.Name=ClusterName' +
      '&MetricData.member.1.Dimensions.member.1.Value=tests';
    const headers = {
      authorization: authorization(),
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    };
    const answer = await fetch(sandbox.endpoints.aws, { method: 'POST', headers, body });
    expect(await answer.text()).toContain('<PutMetricDataResponse');
    expect(await read('Query', 'Sum')).toEqual([7]);
  });

  it('takes the CBOR of newer ones, and answers in it', async () => {
    const url = `${sandbox.endpoints.aws}/service/GraniteServiceVersion20100801/operation/PutMetricData`;
    const headers = {
      authorization: authorization(),
      'content-type': 'application/cbor',
      'smithy-protocol': 'rpc-v2-cbor',
    };
    const good = encodeCbor({
      Namespace: 'Cbor',
      MetricData: [{ MetricName: 'TargetCapacity', Value: 9, Dimensions: DIMENSIONS }],
    });
    const answer = await fetch(url, { method: 'POST', headers, body: new Uint8Array(good) });
    expect([answer.status, answer.headers.get('smithy-protocol')]).toEqual([200, 'rpc-v2-cbor']);
    expect(await read('Cbor', 'Sum')).toEqual([9]);
    const bad = await fetch(url, { method: 'POST', headers, body: new Uint8Array(encodeCbor({ MetricData: [] })) });
    expect(decodeCbor(Buffer.from(await bad.arrayBuffer()))).toMatchObject({ __type: 'MissingParameter' });
  });
});
