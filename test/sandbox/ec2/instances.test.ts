import {
  DescribeInstancesCommand,
  type DescribeInstancesCommandInput,
  type Instance,
  paginateDescribeInstances,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fleet } from '../../../src/world/ec2/fleet.ts';
import { aFleet, anEc2Sandbox, type Ec2Sandbox } from './an-ec2-sandbox.ts';

const UNKNOWN = 'i-00000000000000000';

let cloud: Ec2Sandbox;
let fleet: Fleet;
beforeAll(async () => {
  cloud = await anEc2Sandbox();
  fleet = aFleet(cloud, { targetUnits: 12 });
  aFleet(cloud, { targetUnits: 2 });
});
afterAll(() => cloud.close());

async function describeBy(input: DescribeInstancesCommandInput): Promise<Instance[]> {
  const answer = await cloud.client.send(new DescribeInstancesCommand(input));
  return (answer.Reservations ?? []).flatMap(({ Instances }) => Instances ?? []);
}

const idsOf = (instances: readonly Instance[]) => instances.map(({ InstanceId }) => InstanceId).sort();
const memberIds = () => fleet.members.map(({ id }) => id).sort();
const terminate = (...ids: string[]) => cloud.client.send(new TerminateInstancesCommand({ InstanceIds: ids }));

/** A Spot instance of a fleet that replaces nothing. */
function aSpareInstance() {
  const [instance] = aFleet(cloud, { type: 'request', targetUnits: 1 }).members;
  if (instance === undefined) throw new Error('the fleet launched nothing');
  return instance;
}

describe('DescribeInstances', () => {
  it('shows a Spot instance as AWS does', async () => {
    const [member] = fleet.members;
    expect(await describeBy({ InstanceIds: [member?.id ?? ''] })).toMatchObject([
      {
        InstanceId: member?.id,
        InstanceType: member?.instanceType,
        InstanceLifecycle: 'spot',
        SpotInstanceRequestId: member?.spotInstanceRequestId,
        State: { Code: 16, Name: 'running' },
        LaunchTime: new Date(member?.launchedAt ?? 0),
        Placement: { AvailabilityZone: member?.zone },
        PrivateIpAddress: member?.privateIp,
        SubnetId: member?.subnetId,
        Architecture: 'x86_64',
        Tags: [
          { Key: 'aws:ec2spot:fleet-request-id', Value: fleet.id },
          { Key: 'aws:ec2launchtemplate:id', Value: expect.stringMatching(/^lt-0[0-9a-f]{16}$/) },
          { Key: 'aws:ec2launchtemplate:version', Value: '1' },
        ],
      },
    ]);
  });

  it('names the owner of each reservation', async () => {
    const answer = await cloud.client.send(new DescribeInstancesCommand({ InstanceIds: [fleet.members[0]?.id ?? ''] }));
    expect(answer.Reservations).toMatchObject([
      { OwnerId: '123456789012', ReservationId: expect.stringMatching(/^r-0[0-9a-f]{16}$/) },
    ]);
  });

  it('finds the instances of one fleet by its tag', async () => {
    const found = await describeBy({ Filters: [{ Name: 'tag:aws:ec2spot:fleet-request-id', Values: [fleet.id] }] });
    expect(idsOf(found)).toEqual(memberIds());
  });

  it('finds by id filter and says nothing of ids it does not know', async () => {
    const [known = ''] = memberIds();
    expect(idsOf(await describeBy({ Filters: [{ Name: 'instance-id', Values: [known, UNKNOWN] }] }))).toEqual([known]);
  });

  it('wants every filter to match, by any of its values, with wildcards', async () => {
    const all = await describeBy({});
    const found = await describeBy({
      Filters: [
        { Name: 'instance-state-name', Values: ['pending', 'running'] },
        { Name: 'instance-type', Values: ['m6i.x*'] },
      ],
    });
    const expected = all.filter(
      ({ State, InstanceType }) => InstanceType === 'm6i.xlarge' && /pending|running/.test(State?.Name ?? ''),
    );
    expect(idsOf(found)).toEqual(idsOf(expected));
    expect(found.length).toBeGreaterThan(0);
  });

  it('takes a dot in a filter value for a dot', async () => {
    expect(await describeBy({ Filters: [{ Name: 'instance-type', Values: ['m6ixlarge', 'm6i?large?'] }] })).toEqual([]);
  });

  it('gives every instance once, a page at a time', async () => {
    const ids: (string | undefined)[] = [];
    for await (const page of paginateDescribeInstances({ client: cloud.client, pageSize: 5 }, {})) {
      expect(page.Reservations?.length).toBeLessThanOrEqual(5);
      ids.push(...(page.Reservations ?? []).flatMap(({ Instances }) => idsOf(Instances ?? [])));
    }
    expect(ids).toEqual([...cloud.sandbox.world.ec2.instances.keys()]);
  });

  it.each<[DescribeInstancesCommandInput, string]>([
    [{ InstanceIds: [UNKNOWN] }, 'InvalidInstanceID.NotFound'],
    [{ InstanceIds: ['i-nonsense'] }, 'InvalidInstanceID.Malformed'],
    [{ MaxResults: 4 }, 'InvalidParameterValue'],
    [{ MaxResults: 1001 }, 'InvalidParameterValue'],
    [{ NextToken: 'nonsense' }, 'InvalidNextToken'],
    [{ Filters: [{ Name: 'colour', Values: ['red'] }] }, 'InvalidParameterValue'],
    [{ Filters: [{ Name: 'instance-id', Values: Array.from({ length: 201 }, () => UNKNOWN) }] }, 'FilterLimitExceeded'],
    [{ DryRun: true }, 'DryRunOperation'],
  ])('answers %j with %s', async (input, code) => {
    await expect(describeBy(input)).rejects.toMatchObject({ name: code });
  });

  it('refuses ids together with a page size', async () => {
    await expect(describeBy({ InstanceIds: [fleet.members[0]?.id ?? ''], MaxResults: 5 })).rejects.toMatchObject({
      name: 'InvalidParameterCombination',
      $metadata: { httpStatusCode: 400 },
    });
  });
});

describe('TerminateInstances', () => {
  it('answers with the state before and now, and the instance says who ended it', async () => {
    const { id } = aSpareInstance();
    expect((await terminate(id)).TerminatingInstances).toEqual([
      {
        InstanceId: id,
        PreviousState: { Code: 16, Name: 'running' },
        CurrentState: { Code: 32, Name: 'shutting-down' },
      },
    ]);
    cloud.pass(60_000);
    expect(await describeBy({ InstanceIds: [id] })).toMatchObject([
      { State: { Code: 48, Name: 'terminated' }, StateReason: { Code: 'Client.UserInitiatedShutdown' } },
    ]);
  });

  it('succeeds again on what is terminated', async () => {
    const { id } = aSpareInstance();
    await terminate(id);
    cloud.pass(60_000);
    expect((await terminate(id)).TerminatingInstances).toMatchObject([
      { PreviousState: { Name: 'terminated' }, CurrentState: { Name: 'terminated' } },
    ]);
  });

  it.each([
    [UNKNOWN, 'InvalidInstanceID.NotFound'],
    ['i-nonsense', 'InvalidInstanceID.Malformed'],
  ])('ends nothing when one id is %s, and answers %s', async (bad, code) => {
    const { id } = aSpareInstance();
    await expect(terminate(id, bad)).rejects.toMatchObject({ name: code, $metadata: { httpStatusCode: 400 } });
    expect(await describeBy({ InstanceIds: [id] })).toMatchObject([{ State: { Name: 'running' } }]);
  });

  it('wants an id', async () => {
    await expect(terminate()).rejects.toMatchObject({ name: 'MissingParameter' });
  });
});

describe('an interrupted instance', () => {
  it('says that Spot ended it, and has lost its address', async () => {
    const { id } = aSpareInstance();
    cloud.sandbox.world.ec2.sendNotice(id);
    cloud.pass(300_000);
    const [instance] = await describeBy({ InstanceIds: [id] });
    expect(instance).toMatchObject({
      State: { Name: 'terminated' },
      StateReason: { Code: 'Server.SpotInstanceTermination' },
    });
    expect(instance?.PrivateIpAddress).toBeUndefined();
  });
});
