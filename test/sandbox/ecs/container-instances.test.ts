import {
  DeleteAttributesCommand,
  DescribeContainerInstancesCommand,
  ListContainerInstancesCommand,
  PutAttributesCommand,
  paginateListContainerInstances,
  UpdateContainerInstancesStateCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EcsContainerInstance } from '../../../src/world/ecs/container-instance.ts';
import { anEcsSandbox, type EcsSandbox } from './an-ecs-sandbox.ts';

let cloud: EcsSandbox;
let members: EcsContainerInstance[];
beforeAll(async () => {
  cloud = await anEcsSandbox();
  members = cloud.join(3);
});
afterAll(() => cloud.close());

const cluster = 'production';
const member = (index: number): EcsContainerInstance => {
  const found = members[index];
  if (found === undefined) throw new Error(`no container instance ${index}`);
  return found;
};

describe('DescribeContainerInstances', () => {
  it('shows identity, state and resources as AWS encodes them', async () => {
    const { arn, ec2, registeredAt } = member(0);
    const { containerInstances = [], failures } = await cloud.ecs.send(
      new DescribeContainerInstancesCommand({ cluster, containerInstances: [arn] }),
    );
    expect(failures).toEqual([]);
    const [shown] = containerInstances;
    expect(shown).toMatchObject({
      containerInstanceArn: arn,
      ec2InstanceId: ec2.id,
      status: 'ACTIVE',
      agentConnected: true,
      runningTasksCount: 0,
      pendingTasksCount: 0,
      registeredAt: new Date(registeredAt),
    });
    expect(arn).toMatch(/^arn:aws:ecs:us-east-1:123456789012:container-instance\/production\/[0-9a-f]{32}$/);
    expect(shown?.registeredResources).toEqual([
      { name: 'CPU', type: 'INTEGER', doubleValue: 0, longValue: 0, integerValue: 2048 },
      { name: 'MEMORY', type: 'INTEGER', doubleValue: 0, longValue: 0, integerValue: 7690 },
      {
        name: 'PORTS',
        type: 'STRINGSET',
        doubleValue: 0,
        longValue: 0,
        integerValue: 0,
        stringSetValue: ['22', '2375', '2376', '51678', '51679'],
      },
      { name: 'PORTS_UDP', type: 'STRINGSET', doubleValue: 0, longValue: 0, integerValue: 0, stringSetValue: [] },
    ]);
    expect(shown?.attributes).toContainEqual({ name: 'ecs.availability-zone', value: 'us-east-1a' });
  });

  it('lists ports taken, not ports free, among the remaining resources', async () => {
    const { world } = cloud.sandbox;
    const definition = world.ecs.registerTaskDefinition({
      family: 'on-a-port',
      networkMode: 'bridge',
      cpu: 48,
      memory: 690,
      placementConstraints: [],
      cpuArchitecture: null,
      requiresCompatibilities: [],
      containers: [
        {
          name: 'main',
          image: 'example/main:1',
          cpu: 0,
          memory: null,
          memoryReservation: null,
          essential: true,
          portMappings: [{ containerPort: 80, hostPort: 8080, protocol: 'tcp' }],
          stopTimeout: null,
        },
      ],
    });
    const { arn } = member(1);
    world.ecs.startTask(cloud.cluster, { definition, containerInstances: [arn] });
    const { containerInstances: [shown] = [] } = await cloud.ecs.send(
      new DescribeContainerInstancesCommand({ cluster, containerInstances: [arn] }),
    );
    const remaining = Object.fromEntries((shown?.remainingResources ?? []).map(({ name, ...rest }) => [name, rest]));
    expect(remaining.CPU?.integerValue).toBe(2000);
    expect(remaining.MEMORY?.integerValue).toBe(7000);
    expect(remaining.PORTS?.stringSetValue).toEqual(['22', '2375', '2376', '51678', '51679', '8080']);
  });

  it('names what is missing among the failures, by ARN', async () => {
    const { failures } = await cloud.ecs.send(
      new DescribeContainerInstancesCommand({ cluster, containerInstances: ['abc'] }),
    );
    expect(failures).toEqual([
      { arn: 'arn:aws:ecs:us-east-1:123456789012:container-instance/production/abc', reason: 'MISSING' },
    ]);
  });

  it('refuses more than a hundred, and none', async () => {
    const refused = expect.objectContaining({ name: 'InvalidParameterException', $fault: 'client' });
    const tooMany = Array.from({ length: 101 }, (_, index) => `id-${index}`);
    const describeAll = (containerInstances: string[]) =>
      cloud.ecs.send(new DescribeContainerInstancesCommand({ cluster, containerInstances }));
    await expect(describeAll(tooMany)).rejects.toEqual(refused);
    await expect(describeAll([])).rejects.toEqual(refused);
  });

  it('knows no wrong cluster', async () => {
    const call = cloud.ecs.send(new DescribeContainerInstancesCommand({ cluster: 'other', containerInstances: ['a'] }));
    await expect(call).rejects.toMatchObject({
      name: 'ClusterNotFoundException',
      $metadata: { httpStatusCode: 400 },
    });
  });
});

describe('ListContainerInstances', () => {
  it('pages', async () => {
    const pages: number[] = [];
    for await (const page of paginateListContainerInstances({ client: cloud.ecs, pageSize: 2 }, { cluster })) {
      pages.push(page.containerInstanceArns?.length ?? 0);
    }
    expect(pages).toEqual([2, 1]);
  });

  it('filters by status and by an expression', async () => {
    const draining = await cloud.ecs.send(new ListContainerInstancesCommand({ cluster, status: 'DRAINING' }));
    expect(draining.containerInstanceArns).toEqual([]);
    const filter = 'attribute:ecs.availability-zone == us-east-1b';
    const inB = await cloud.ecs.send(new ListContainerInstancesCommand({ cluster, filter }));
    expect(inB.containerInstanceArns).toEqual([member(1).arn]);
  });

  it.each([{ nextToken: 'not-ours' }, { maxResults: 101 }])('refuses %j', async (input) => {
    await expect(cloud.ecs.send(new ListContainerInstancesCommand({ cluster, ...input }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });
});

describe('UpdateContainerInstancesState', () => {
  const update = (containerInstances: string[], status: 'ACTIVE' | 'DRAINING') =>
    cloud.ecs.send(new UpdateContainerInstancesStateCommand({ cluster, containerInstances, status }));

  it('drains, twice without harm, and reports what is missing', async () => {
    const { arn } = member(2);
    for (const _ of [1, 2]) {
      const { containerInstances, failures } = await update([arn, 'missing'], 'DRAINING');
      expect(containerInstances).toMatchObject([{ containerInstanceArn: arn, status: 'DRAINING' }]);
      expect(failures).toMatchObject([{ reason: 'MISSING' }]);
    }
    expect(cloud.sandbox.world.history.of('container-instance-draining')).toHaveLength(1);
    await update([arn], 'ACTIVE');
    expect(member(2).status).toBe('ACTIVE');
  });

  it('takes ten at most', async () => {
    const eleven = Array.from({ length: 11 }, (_, index) => `id-${index}`);
    await expect(update(eleven, 'DRAINING')).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});

describe('an instance that is terminated', () => {
  it('leaves the listing and stays describable as INACTIVE', async () => {
    const [extra] = cloud.join(1);
    if (extra === undefined) throw new Error('nothing joined');
    cloud.sandbox.world.ec2.terminate([extra.ec2.id]);
    cloud.pass(60_000);
    const { containerInstanceArns } = await cloud.ecs.send(new ListContainerInstancesCommand({ cluster }));
    expect(containerInstanceArns).not.toContain(extra.arn);
    const { containerInstances } = await cloud.ecs.send(
      new DescribeContainerInstancesCommand({ cluster, containerInstances: [extra.arn] }),
    );
    expect(containerInstances).toMatchObject([{ status: 'INACTIVE', agentConnected: false }]);
    const drained = await cloud.ecs.send(
      new UpdateContainerInstancesStateCommand({ cluster, containerInstances: [extra.arn], status: 'DRAINING' }),
    );
    expect(drained.failures).toEqual([{ arn: extra.arn, reason: 'INACTIVE' }]);
  });
});

describe('attributes', () => {
  it('are put, overwritten and deleted', async () => {
    const target = { targetType: 'container-instance', targetId: member(0).id } as const;
    const put = (value: string) =>
      cloud.ecs.send(new PutAttributesCommand({ cluster, attributes: [{ name: 'stack', value, ...target }] }));
    await put('blue');
    await put('interruption@2026-11-21T08:22:00Z');
    expect(member(0).attributes.get('stack')).toBe('interruption@2026-11-21T08:22:00Z');
    await cloud.ecs.send(new DeleteAttributesCommand({ cluster, attributes: [{ name: 'stack', ...target }] }));
    expect(member(0).attributes.has('stack')).toBe(false);
  });

  it('of an unknown target are refused', async () => {
    const attributes = [{ name: 'stack', value: 'blue', targetId: 'nobody' }];
    await expect(cloud.ecs.send(new PutAttributesCommand({ cluster, attributes }))).rejects.toMatchObject({
      name: 'TargetNotFoundException',
    });
  });

  it('are refused beyond ten', async () => {
    const targetId = member(0).arn;
    const ten = Array.from({ length: 10 }, (_, index) => ({ name: `a${index}`, value: 'x', targetId }));
    await cloud.ecs.send(new PutAttributesCommand({ cluster, attributes: ten }));
    const more = [{ name: 'one-more', value: 'x', targetId }];
    await expect(cloud.ecs.send(new PutAttributesCommand({ cluster, attributes: more }))).rejects.toMatchObject({
      name: 'AttributeLimitExceededException',
    });
    await cloud.ecs.send(new DeleteAttributesCommand({ cluster, attributes: ten }));
  });
});
