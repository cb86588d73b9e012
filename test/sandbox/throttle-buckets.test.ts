import { DescribeClustersCommand, ListServicesCommand } from '@aws-sdk/client-ecs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ecsActions } from '../../src/sandbox/ecs/actions.ts';
import { bucketOf, ThrottleBuckets } from '../../src/sandbox/throttle-buckets.ts';
import { anEcsSandbox, type EcsSandbox } from './ecs/an-ecs-sandbox.ts';

const START = Date.UTC(2026, 10, 21);

describe('a bucket of tokens', () => {
  it('lets its burst pass, then what it gains by the second', () => {
    const buckets = new ThrottleBuckets(true);
    const passing = (calls: number, now: number) =>
      Array.from({ length: calls }, () => buckets.take('cluster-resource-read', now)).filter(Boolean).length;
    expect(passing(150, START)).toBe(100);
    expect(passing(150, START + 1_000)).toBe(20);
    expect(passing(150, START + 1_025)).toBe(0);
    expect(passing(150, START + 3_600_000)).toBe(100);
  });

  it('lets everything pass while throttling is off, at no cost', () => {
    const buckets = new ThrottleBuckets(false);
    expect(Array.from({ length: 200 }, () => buckets.take('tags-modify', START)).every(Boolean)).toBe(true);
    expect(buckets.list(START).find(({ name }) => name === 'tags-modify')?.tokens).toBe(20);
  });

  it('never gives more than its burst and what was gained, however calls are spaced', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 2_000 }), { maxLength: 300 }), (gaps) => {
        const buckets = new ThrottleBuckets(true);
        let now = START;
        let passed = 0;
        for (const gap of gaps) {
          now += gap;
          if (buckets.take('service-modify', now)) passed += 1;
        }
        expect(passed).toBeLessThanOrEqual(50 + ((now - START) / 1_000) * 5 + 1e-6);
      }),
    );
  });

  it('passes at every instant exactly as many as AWS says, for calls at whole milliseconds', () => {
    const calls = fc.array(fc.tuple(fc.nat({ max: 60 }), fc.integer({ min: 1, max: 8 })), { maxLength: 400 });
    fc.assert(
      fc.property(calls, (bursts) => {
        const buckets = new ThrottleBuckets(true);
        let [now, left] = [START, 100_000];
        for (const [gapMs, count] of bursts) {
          now += gapMs;
          left = Math.min(100_000, left + gapMs * 40);
          for (let call = 0; call < count; call += 1) {
            const mayPass = left >= 1_000;
            expect(buckets.take('cluster-resource-modify', now)).toBe(mayPass);
            if (mayPass) left -= 1_000;
          }
        }
      }),
    );
  });

  it('lets 1,000 callers that come together and try again every tenth of a second pass as fast as it refills', () => {
    const buckets = new ThrottleBuckets(true);
    let [waiting, now] = [1_000, START];
    for (; waiting > 0; now += 100) {
      for (let caller = waiting; caller > 0; caller -= 1) {
        if (buckets.take('cluster-resource-modify', now)) waiting -= 1;
      }
    }
    // 900 beyond the burst at 40 a second, and the tries that were refused cost nothing.
    expect(now - 100 - START).toBe(22_500);
  });

  it.each(Object.keys(ecsActions))('there is one for %s', (action) => {
    expect(bucketOf('ecs', action)).not.toBeNull();
  });
});

describe('a sandbox that throttles', () => {
  let cloud: EcsSandbox;
  beforeAll(async () => {
    cloud = await anEcsSandbox();
    cloud.sandbox.buckets.isEnforced = true;
  });
  afterAll(() => cloud.close());

  it('answers ThrottlingException when the bucket is empty, and counts calls by bucket', async () => {
    const clusters = ['production'];
    for (let call = 0; call < 50; call += 1) await cloud.ecs.send(new DescribeClustersCommand({ clusters }));
    await expect(cloud.ecs.send(new DescribeClustersCommand({ clusters }))).rejects.toMatchObject({
      name: 'ThrottlingException',
      message: 'Rate exceeded',
      $metadata: { httpStatusCode: 400 },
    });
    await cloud.ecs.send(new ListServicesCommand({ cluster: 'production' }));
    expect(Object.fromEntries(cloud.sandbox.log.callsByBucket)).toEqual({
      'cluster-read': { calls: 51, throttled: 1 },
      'service-read': { calls: 1, throttled: 0 },
    });
    cloud.pass(1_000);
    await expect(cloud.ecs.send(new DescribeClustersCommand({ clusters }))).resolves.toMatchObject({ failures: [] });
  });
});
