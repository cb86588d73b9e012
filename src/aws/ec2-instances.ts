// The Instances port over EC2.
import {
  type Instance as AwsInstance,
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  EC2Client,
  TerminateInstancesCommand,
} from '@aws-sdk/client-ec2';
import { instanceId } from '../model/ids.ts';
import type { Instance, InstanceState, InstanceType } from '../model/instance.ts';
import type { Launch } from '../model/launch.ts';
import type { Instances } from '../ports/instances.ts';
import { calling } from './aws-error.ts';
import { type ClientSettings, clientOptions, ownClient, sendOptions } from './clients.ts';
import { readInstanceType } from './ec2-types.ts';
import { allPages, inBatches } from './paging.ts';

// A filter takes at most 200 values; DescribeInstanceTypes pages at most 100.
const FILTER_VALUES_MAX = 200;
const TYPES_MAX = 100;

/** An EC2 client as all our processes use it. */
export function createEc2Client(settings: ClientSettings): EC2Client {
  return ownClient(new EC2Client(clientOptions(settings)), settings);
}

export function createInstances(options: { client: EC2Client; writer?: EC2Client }): Instances {
  const { client, writer = client } = options;
  const knownTypes = new Map<string, InstanceType>();
  return {
    describe: (ids, signal) =>
      calling(`describing ${ids.length} instances`, async () => {
        const found: AwsInstance[] = [];
        // By filter, not by id: one id that EC2 does not know (yet) would fail the whole call.
        for (const batch of inBatches(ids, FILTER_VALUES_MAX))
          found.push(...(await describeBatch(client, batch, signal)));
        return found.map(readInstance);
      }),

    types: (names, signal) =>
      calling(`describing instance types ${names.join(', ')}`, async () => {
        const unknown = names.filter((name) => !knownTypes.has(name));
        for (const batch of inBatches(unknown, TYPES_MAX)) {
          for (const type of await describeTypes(client, batch, signal)) knownTypes.set(type.name, type);
        }
        return names.flatMap((name) => knownTypes.get(name) ?? []);
      }),

    terminate: (ids, signal) =>
      calling(`terminating ${ids.join(', ')}`, async () => {
        await writer.send(new TerminateInstancesCommand({ InstanceIds: [...ids] }), sendOptions(signal));
      }),
  };
}

function describeBatch(client: EC2Client, ids: readonly string[], signal?: AbortSignal): Promise<AwsInstance[]> {
  return allPages(async (token) => {
    const input = { Filters: [{ Name: 'instance-id', Values: [...ids] }], ...(token && { NextToken: token }) };
    const answer = await client.send(new DescribeInstancesCommand(input), sendOptions(signal));
    const items = (answer.Reservations ?? []).flatMap((reservation) => reservation.Instances ?? []);
    return { items, nextToken: answer.NextToken };
  });
}

function describeTypes(client: EC2Client, names: readonly string[], signal?: AbortSignal): Promise<InstanceType[]> {
  return allPages(async (token) => {
    const input = { Filters: [{ Name: 'instance-type', Values: [...names] }], ...(token && { NextToken: token }) };
    const answer = await client.send(new DescribeInstanceTypesCommand(input), sendOptions(signal));
    return {
      items: (answer.InstanceTypes ?? []).flatMap((type) => readInstanceType(type) ?? []),
      nextToken: answer.NextToken,
    };
  });
}

function readInstance(from: AwsInstance): Instance {
  return {
    id: instanceId(from.InstanceId ?? ''),
    instanceType: from.InstanceType ?? '',
    zone: from.Placement?.AvailabilityZone ?? '',
    // EC2 documents exactly these states.
    state: (from.State?.Name ?? 'pending') as InstanceState,
    // Missing for On-Demand instances.
    isSpot: from.InstanceLifecycle === 'spot',
    launchedAt: from.LaunchTime?.getTime() ?? 0,
    launch: readLaunch(from),
  };
}

/**
 * EC2 tags what it launches from a template with the template's id and version. That it does so for a Spot Fleet, too, is
 * not documented, so where the tags are missing only the image tells.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/launch-instances-from-launch-template.html
 */
function readLaunch({ ImageId, Tags = [] }: AwsInstance): Launch {
  const tag = (key: string) => Tags.find(({ Key }) => Key === `aws:ec2launchtemplate:${key}`)?.Value;
  const [id, version] = [tag('id'), Number(tag('version'))];
  return {
    imageId: ImageId ?? null,
    template: id !== undefined && Number.isInteger(version) ? { id, version } : null,
  };
}
