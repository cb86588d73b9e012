// What the commands on single instances read of a configuration: the cluster and the region, whatever else is in it.
import { describe, expect, it } from 'vitest';
import { readClusterConfig } from '../../src/config/cluster.ts';
import { filesWith, messageOf } from './files.ts';

const read = (over: { flags?: Record<string, string>; env?: Record<string, string>; file?: string } = {}) =>
  readClusterConfig({ flags: over.flags ?? {}, env: over.env ?? {}, file: over.file ?? null });

describe('the cluster to work on', () => {
  it('is enough by itself, by name or by ARN', () => {
    expect(read({ flags: { cluster: 'production' } })).toEqual({ cluster: 'production', region: null, mode: null });
    const arn = 'arn:aws:ecs:eu-west-1:111122223333:cluster/production';
    expect(read({ env: { SPOTKEEPER_CLUSTER: arn, AWS_REGION: 'eu-west-1' } })).toEqual({
      cluster: 'production',
      region: 'eu-west-1',
      mode: null,
    });
  });

  it("is taken from a controller's file, whatever else is wrong there", () => {
    const at = filesWith({
      'controller.yaml': 'cluster: production\nheadroom: { largestTasks: many }\nfleets: [none.yaml]\n',
    });
    expect(read({ file: at('controller.yaml') }).cluster).toBe('production');
    expect(read({ file: at('controller.yaml'), flags: { cluster: 'other' } }).cluster).toBe('other');
  });

  it('comes with the mode where a file says it', () => {
    const at = filesWith({ 'a.yaml': 'cluster: a\nmode: observe\n', 'b.yaml': 'cluster: a\nmode: of day\n' });
    expect(read({ file: at('a.yaml') }).mode).toBe('observe');
    expect(read({ file: at('b.yaml') }).mode).toBeNull();
  });

  it.each([
    ['there is none', {}, 'cluster: expected the name or ARN of a cluster (or set SPOTKEEPER_CLUSTER), found nothing'],
    ['it is no name', { flags: { cluster: 'a b' } }, '--cluster: cluster: expected the name or ARN of a cluster'],
    ['the region is none', { flags: { cluster: 'a', region: '?' } }, '--region: region: expected a region'],
    ['the file cannot be read', { flags: { cluster: 'a' }, file: '/nonexistent.yaml' }, '/nonexistent.yaml'],
  ])('is refused when %s', (_name, over, expected) => {
    expect(messageOf(() => read(over))).toContain(expected);
  });
});
