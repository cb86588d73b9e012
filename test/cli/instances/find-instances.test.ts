// How an operator's name for an instance is understood, and what it costs in reads.
import { describe, expect, it } from 'vitest';
import { findInstances } from '../../../src/cli/instances/find-instances.ts';
import { containerInstanceArn, instanceId } from '../../../src/model/ids.ts';
import { aCountedCluster } from '../../support/counted-cluster.ts';
import { steppedClock } from '../../support/stepped-clock.ts';

const FIRST = 'i-0aaaa000000000001';
const SECOND = 'i-0aaaa000000000002';
const THIRD = 'i-0bbbb000000000003';
const key = (digit: string) => digit.repeat(32);
const arnOf = (digit: string) => containerInstanceArn(`arn:aws:ecs:eu-west-1:1:container-instance/paper/${key(digit)}`);

function paper(more = 0) {
  const counted = aCountedCluster(steppedClock());
  counted.put(FIRST, { arn: arnOf('1') });
  counted.put(SECOND, { arn: arnOf('2') });
  counted.put(THIRD, { arn: arnOf('3') });
  for (let index = 0; index < more; index += 1) counted.put(`i-0cccc0000000${String(index).padStart(5, '0')}`);
  const find = async (...names: readonly string[]) =>
    (await findInstances(counted.reads, 'paper', names)).map(({ instanceId }) => instanceId);
  return { ...counted, find };
}

describe('an instance', () => {
  it.each([
    ['its EC2 id', FIRST],
    ['the ARN of its container instance', arnOf('1')],
    ['the id of its container instance', key('1')],
    ['the beginning of its container instance id', '11111'],
  ])('is found by %s', async (_name, name) => {
    expect(await paper().find(name)).toEqual([FIRST]);
  });

  it('is found by the beginning of its EC2 id when only one begins so', async () => {
    expect(await paper().find('i-0bbb')).toEqual([THIRD]);
  });

  it('comes once however often it is named, in the order of the names', async () => {
    expect(await paper().find(THIRD, key('1'), FIRST, '33333')).toEqual([THIRD, FIRST]);
  });

  it('that registered anew is its connected record', async () => {
    const { put, find, reads } = paper();
    put('old', { instanceId: instanceId(FIRST), arn: arnOf('9'), agentConnected: false });
    expect(await find(FIRST)).toEqual([FIRST]);
    expect((await findInstances(reads, 'paper', [FIRST])).map(({ arn }) => arn)).toEqual([arnOf('1')]);
  });

  it.each([
    [
      'may be several',
      'i-0aaa',
      `i-0aaa may be any of 2 instances of cluster paper: ${FIRST} (${key('1')}), ${SECOND}`,
    ],
    [
      'is too short to be a beginning',
      'i-0a',
      `i-0a is too short: the beginning of an id has 4 characters or more (without "i-"); in cluster paper these begin so: ${FIRST} (${key('1')}), ${SECOND}`,
    ],
    [
      'is too short, though only one begins so',
      'i-0b',
      `i-0b is too short: the beginning of an id has 4 characters or more (without "i-"); in cluster paper these begin so: ${THIRD} (${key('3')})`,
    ],
    ['is short and begins none', 'x', 'no container instance of cluster paper is called x'],
    ['is a slip of the finger', 'i-0bbbb00000000000e', `did you mean ${THIRD}?`],
    [
      'is of another cluster',
      String(arnOf('1')).replace('/paper/', '/big/'),
      'is of cluster big, not of paper: say --cluster big',
    ],
  ])('is not found when the name %s', async (_name, name, expected) => {
    await expect(paper().find(name)).rejects.toMatchObject({
      code: 'instance-not-found',
      message: expect.stringContaining(expected),
    });
  });

  it('that has left the cluster is not found', async () => {
    const { put, find } = paper();
    put(FIRST, { status: 'INACTIVE' });
    await expect(find(key('1'))).rejects.toMatchObject({ code: 'instance-not-found' });
  });

  it('is found in two reads in a cluster of thousands', async () => {
    const { find, calls } = paper(3_000);
    expect(await find(FIRST)).toEqual([FIRST]);
    expect(calls).toEqual(['listContainerInstances', 'describeContainerInstances']);
  });

  it('is told with every other name that is wrong', async () => {
    await expect(paper().find('nobody', FIRST, 'i-0aaa')).rejects.toMatchObject({
      message: expect.stringMatching(/is called nobody.*\ni-0aaa may be any of 2/),
    });
  });
});
