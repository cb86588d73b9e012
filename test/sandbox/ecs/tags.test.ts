import {
  DescribeClustersCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEcsSandbox, type EcsSandbox } from './an-ecs-sandbox.ts';

let cloud: EcsSandbox;
beforeAll(async () => {
  cloud = await anEcsSandbox();
});
afterAll(() => cloud.close());

const put = (tags: { key?: string; value?: string }[], resourceArn = cloud.cluster.arn) =>
  cloud.ecs.send(new TagResourceCommand({ resourceArn, tags }));
const list = async () =>
  (await cloud.ecs.send(new ListTagsForResourceCommand({ resourceArn: cloud.cluster.arn }))).tags ?? [];

describe('tags of a cluster', () => {
  it('are put, overwritten, listed and removed', async () => {
    await put([
      { key: 'spotkeeper.intent.nightly', value: 'batch:3 count=4 until=2026-11-22T06:00:00Z' },
      { key: 'team', value: 'data' },
    ]);
    await put([{ key: 'team', value: 'platform' }]);
    expect(await list()).toEqual([
      { key: 'spotkeeper.intent.nightly', value: 'batch:3 count=4 until=2026-11-22T06:00:00Z' },
      { key: 'team', value: 'platform' },
    ]);
    const resourceArn = cloud.cluster.arn;
    await cloud.ecs.send(new UntagResourceCommand({ resourceArn, tagKeys: ['team', 'absent'] }));
    expect((await list()).map(({ key }) => key)).toEqual(['spotkeeper.intent.nightly']);
  });

  it('are shown by DescribeClusters only when it is asked for them', async () => {
    await put([{ key: 'shown', value: '' }]);
    const clusters = [cloud.cluster.name];
    const without = await cloud.ecs.send(new DescribeClustersCommand({ clusters }));
    const withTags = await cloud.ecs.send(new DescribeClustersCommand({ clusters, include: ['TAGS'] }));
    expect(without.clusters?.[0]?.tags).toEqual([]);
    expect(withTags.clusters?.[0]?.tags).toContainEqual({ key: 'shown', value: '' });
  });

  it.each([
    ['no tags at all', []],
    ['an empty key', [{ key: '', value: 'x' }]],
    ['a key kept for AWS', [{ key: 'aws:x', value: 'x' }]],
    ['a value too long', [{ key: 'x', value: 'x'.repeat(257) }]],
    ['characters no tag may have', [{ key: 'x', value: '{}' }]],
    ['more tags than 50', Array.from({ length: 51 }, (_, index) => ({ key: `k${index}`, value: '' }))],
  ])('are refused with %s, and nothing is changed', async (_, tags) => {
    const before = await list();
    await expect(put(tags)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    expect(await list()).toEqual(before);
  });

  it('need a cluster that is there', async () => {
    await expect(put([{ key: 'x', value: '' }], `${cloud.cluster.arn}-2`)).rejects.toMatchObject({
      name: 'ClusterNotFoundException',
    });
    await expect(put([{ key: 'x', value: '' }], 'production')).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });
});
