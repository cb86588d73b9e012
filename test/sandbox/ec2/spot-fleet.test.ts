import {
  DescribeSpotFleetInstancesCommand,
  DescribeSpotFleetRequestHistoryCommand,
  DescribeSpotFleetRequestsCommand,
  ModifySpotFleetRequestCommand,
  paginateDescribeSpotFleetRequests,
} from '@aws-sdk/client-ec2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aFleet, anEc2Sandbox, type Ec2Sandbox } from './an-ec2-sandbox.ts';

const UNKNOWN = 'sfr-00000000-0000-0000-0000-000000000000';

let cloud: Ec2Sandbox;
beforeAll(async () => {
  cloud = await anEc2Sandbox();
});
afterAll(() => cloud.close());

async function describeOne(id: string) {
  const answer = await cloud.client.send(new DescribeSpotFleetRequestsCommand({ SpotFleetRequestIds: [id] }));
  return answer.SpotFleetRequestConfigs?.[0];
}

const modify = (input: ConstructorParameters<typeof ModifySpotFleetRequestCommand>[0]) =>
  cloud.client.send(new ModifySpotFleetRequestCommand(input));

describe('DescribeSpotFleetRequests', () => {
  it('shows state, target, fulfilled capacity and the weight of every pool', async () => {
    const fleet = aFleet(cloud);
    expect(await describeOne(fleet.id)).toMatchObject({
      SpotFleetRequestId: fleet.id,
      SpotFleetRequestState: 'active',
      ActivityStatus: 'fulfilled',
      CreateTime: new Date(fleet.createdAt),
      SpotFleetRequestConfig: {
        Type: 'maintain',
        TargetCapacity: 4,
        OnDemandTargetCapacity: 0,
        FulfilledCapacity: fleet.fulfilledUnits,
        AllocationStrategy: 'diversified',
        ExcessCapacityTerminationPolicy: 'noTermination',
        LaunchTemplateConfigs: [
          {
            LaunchTemplateSpecification: { Version: '1' },
            Overrides: [
              { InstanceType: 'm6i.large', AvailabilityZone: 'us-east-1a', WeightedCapacity: 1 },
              { InstanceType: 'm6i.xlarge', AvailabilityZone: 'us-east-1a', WeightedCapacity: 2 },
              { InstanceType: 'm6i.large', AvailabilityZone: 'us-east-1b', WeightedCapacity: 1 },
              { InstanceType: 'm6i.xlarge', AvailabilityZone: 'us-east-1b', WeightedCapacity: 2 },
            ],
          },
        ],
      },
    });
  });

  it('gives every fleet once, a page at a time', async () => {
    const made = [aFleet(cloud).id, aFleet(cloud).id, aFleet(cloud).id];
    const ids: (string | undefined)[] = [];
    for await (const page of paginateDescribeSpotFleetRequests({ client: cloud.client, pageSize: 2 }, {})) {
      expect(page.SpotFleetRequestConfigs?.length).toBeLessThanOrEqual(2);
      ids.push(...(page.SpotFleetRequestConfigs ?? []).map((config) => config.SpotFleetRequestId));
    }
    expect(ids).toEqual([...cloud.sandbox.world.ec2.fleets.keys()]);
    expect(ids).toEqual(expect.arrayContaining(made));
  });

  it('shows a price only where the request named one', async () => {
    const free = await describeOne(aFleet(cloud).id);
    const capped = await describeOne(aFleet(cloud, { maxPricePerUnitHour: 0.05 }).id);
    expect(free?.SpotFleetRequestConfig?.SpotPrice).toBeUndefined();
    expect(capped?.SpotFleetRequestConfig?.SpotPrice).toBe('0.05');
  });

  it.each([
    [UNKNOWN, 'InvalidSpotFleetRequestId.NotFound'],
    ['sfr-nonsense', 'InvalidSpotFleetRequestId.Malformed'],
    ['i-00000000000000000', 'InvalidSpotFleetRequestId.Malformed'],
  ])('answers the id %s with %s', async (id, code) => {
    await expect(describeOne(id)).rejects.toMatchObject({ name: code, $metadata: { httpStatusCode: 400 } });
  });

  it.each([
    [{ NextToken: 'nonsense' }, 'InvalidNextToken'],
    [{ MaxResults: 1001 }, 'InvalidParameterValue'],
    [{ DryRun: true }, 'DryRunOperation'],
  ])('answers %j with %s', async (input, code) => {
    await expect(cloud.client.send(new DescribeSpotFleetRequestsCommand(input))).rejects.toMatchObject({ name: code });
  });
});

describe('ModifySpotFleetRequest', () => {
  it('answers true; the old target shows while modifying, then the new one', async () => {
    const fleet = aFleet(cloud);
    expect(await modify({ SpotFleetRequestId: fleet.id, TargetCapacity: 10 })).toMatchObject({ Return: true });
    expect(await describeOne(fleet.id)).toMatchObject({
      SpotFleetRequestState: 'modifying',
      SpotFleetRequestConfig: { TargetCapacity: 4 },
    });
    cloud.pass(10_000);
    expect(await describeOne(fleet.id)).toMatchObject({
      SpotFleetRequestState: 'active',
      ActivityStatus: 'fulfilled',
      SpotFleetRequestConfig: { TargetCapacity: 10 },
    });
  });

  it('keeps the policy it is given, and takes a target of zero', async () => {
    const fleet = aFleet(cloud, { excessCapacityTerminationPolicy: 'default' });
    const before = fleet.fulfilledUnits;
    await modify({
      SpotFleetRequestId: fleet.id,
      TargetCapacity: 0,
      OnDemandTargetCapacity: 0,
      ExcessCapacityTerminationPolicy: 'noTermination',
    });
    cloud.pass(300_000);
    expect((await describeOne(fleet.id))?.SpotFleetRequestConfig).toMatchObject({
      TargetCapacity: 0,
      FulfilledCapacity: before,
      ExcessCapacityTerminationPolicy: 'noTermination',
    });
  });

  it('is refused while an earlier change is worked in', async () => {
    const fleet = aFleet(cloud);
    await modify({ SpotFleetRequestId: fleet.id, TargetCapacity: 5 });
    await expect(modify({ SpotFleetRequestId: fleet.id, TargetCapacity: 6 })).rejects.toMatchObject({
      name: 'FleetNotInModifiableState',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('is refused for a fleet of type request', async () => {
    const fleet = aFleet(cloud, { type: 'request' });
    await expect(modify({ SpotFleetRequestId: fleet.id, TargetCapacity: 6 })).rejects.toMatchObject({
      name: 'FleetNotInModifiableState',
    });
  });

  it.each([
    [{ TargetCapacity: -1 }, 'InvalidParameterValue'],
    [{ TargetCapacity: 10_001 }, 'InvalidParameterValue'],
    [{ ExcessCapacityTerminationPolicy: 'NoTermination' as 'noTermination' }, 'InvalidParameterValue'],
    [{ TargetCapacity: 4, OnDemandTargetCapacity: 5 }, 'InvalidSpotFleetRequestConfig'],
    [{ LaunchTemplateConfigs: [{ Overrides: [] }, { Overrides: [{ Priority: 1 }] }] }, 'UnsupportedOperation'],
  ])('answers %j with %s and changes nothing', async (change, code) => {
    const fleet = aFleet(cloud);
    await expect(modify({ SpotFleetRequestId: fleet.id, ...change })).rejects.toMatchObject({ name: code });
    expect(fleet.state).toBe('active');
  });

  it('does not know another fleet', async () => {
    await expect(modify({ SpotFleetRequestId: UNKNOWN, TargetCapacity: 1 })).rejects.toMatchObject({
      name: 'InvalidSpotFleetRequestId.NotFound',
    });
  });
});

describe('DescribeSpotFleetInstances', () => {
  it('gives every live member once, a page at a time, and no weights', async () => {
    const fleet = aFleet(cloud, { targetUnits: 9 });
    const ids: (string | undefined)[] = [];
    let token: string | undefined;
    do {
      const page = await cloud.client.send(
        new DescribeSpotFleetInstancesCommand({
          SpotFleetRequestId: fleet.id,
          MaxResults: 2,
          ...(token && { NextToken: token }),
        }),
      );
      ids.push(...(page.ActiveInstances ?? []).map(({ InstanceId }) => InstanceId));
      token = page.NextToken;
    } while (token);
    expect(ids).toEqual(fleet.members.map(({ id }) => id));
  });

  it('shows type, Spot request and health of a member', async () => {
    const fleet = aFleet(cloud, { targetUnits: 1 });
    const answer = await cloud.client.send(new DescribeSpotFleetInstancesCommand({ SpotFleetRequestId: fleet.id }));
    expect(answer).toMatchObject({
      SpotFleetRequestId: fleet.id,
      ActiveInstances: [
        {
          InstanceType: fleet.members[0]?.instanceType,
          SpotInstanceRequestId: expect.stringMatching(/^sir-[0-9a-z]{8}$/),
          InstanceHealth: 'healthy',
        },
      ],
    });
  });

  it('leaves out a member that is shutting down', async () => {
    const fleet = aFleet(cloud, { targetUnits: 2, type: 'request' });
    const [gone] = fleet.members;
    cloud.sandbox.world.ec2.terminate([gone?.id ?? '']);
    const answer = await cloud.client.send(new DescribeSpotFleetInstancesCommand({ SpotFleetRequestId: fleet.id }));
    expect(answer.ActiveInstances?.map(({ InstanceId }) => InstanceId)).not.toContain(gone?.id);
  });

  it('takes at most 1000 a page', async () => {
    const input = { SpotFleetRequestId: aFleet(cloud).id, MaxResults: 1001 };
    await expect(cloud.client.send(new DescribeSpotFleetInstancesCommand(input))).rejects.toMatchObject({
      name: 'InvalidParameterValue',
    });
  });
});

describe('DescribeSpotFleetRequestHistory', () => {
  it('tells what happened since a time, in order', async () => {
    const fleet = aFleet(cloud, { targetUnits: 1 });
    await modify({ SpotFleetRequestId: fleet.id, TargetCapacity: 1 });
    cloud.pass(10_000);
    const answer = await cloud.client.send(
      new DescribeSpotFleetRequestHistoryCommand({
        SpotFleetRequestId: fleet.id,
        StartTime: new Date(fleet.createdAt),
      }),
    );
    expect(answer.HistoryRecords?.map(({ EventInformation }) => EventInformation?.EventSubType)).toEqual([
      'submitted',
      'active',
      'launched',
      'modify_in_progress',
      'modify_succeeded',
    ]);
    expect(answer.HistoryRecords?.[2]).toMatchObject({
      EventType: 'instanceChange',
      EventInformation: { InstanceId: fleet.members[0]?.id },
      Timestamp: expect.any(Date),
    });
    expect(answer.LastEvaluatedTime).toEqual(new Date(cloud.sandbox.world.agenda.now));
  });

  it('gives one kind of event where asked, and no end time before the last page', async () => {
    const fleet = aFleet(cloud);
    const input = { SpotFleetRequestId: fleet.id, StartTime: new Date(fleet.createdAt), MaxResults: 1 };
    const answer = await cloud.client.send(
      new DescribeSpotFleetRequestHistoryCommand({ ...input, EventType: 'instanceChange' }),
    );
    expect(answer.HistoryRecords?.map(({ EventType }) => EventType)).toEqual(['instanceChange']);
    expect(answer.NextToken).toBeTruthy();
    expect(answer.LastEvaluatedTime).toBeUndefined();
  });

  it('leaves out what is older than the start', async () => {
    const fleet = aFleet(cloud);
    const StartTime = new Date(cloud.sandbox.world.agenda.now + 1_000);
    const input = { SpotFleetRequestId: fleet.id, StartTime };
    const answer = await cloud.client.send(new DescribeSpotFleetRequestHistoryCommand(input));
    expect(answer.HistoryRecords ?? []).toEqual([]);
  });
});
