import {
  CreateServiceCommand,
  DescribeClustersCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ListServicesCommand,
  paginateListServices,
  RegisterTaskDefinitionCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anEcsSandbox, type EcsSandbox } from './an-ecs-sandbox.ts';

let cloud: EcsSandbox;
beforeAll(async () => {
  cloud = await anEcsSandbox();
  cloud.join(2);
  await register('web');
  await register('huge', { memory: 9000 });
});
afterAll(() => cloud.close());

const cluster = 'production';

const register = (family: string, container: object = {}) =>
  cloud.ecs.send(
    new RegisterTaskDefinitionCommand({
      family,
      containerDefinitions: [{ name: 'main', image: 'example/main:1', cpu: 256, memory: 512, ...container }],
    }),
  );

const create = (serviceName: string, more: object = {}) =>
  cloud.ecs.send(
    new CreateServiceCommand({
      cluster,
      serviceName,
      taskDefinition: 'web',
      desiredCount: 2,
      launchType: 'EC2',
      ...more,
    }),
  );

async function describeService(name: string) {
  const { services = [] } = await cloud.ecs.send(new DescribeServicesCommand({ cluster, services: [name] }));
  return services[0];
}

describe('task definitions', () => {
  it('are revised at each registration and found by family, revision and ARN', async () => {
    const { taskDefinition } = await register('revised', { stopTimeout: 20 });
    await register('revised');
    const find = (reference: string) =>
      cloud.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: reference }));
    expect((await find('revised')).taskDefinition?.revision).toBe(2);
    expect((await find('revised:1')).taskDefinition?.containerDefinitions?.[0]?.stopTimeout).toBe(20);
    expect((await find(taskDefinition?.taskDefinitionArn ?? '')).taskDefinition?.revision).toBe(1);
    await expect(find('revised:3')).rejects.toMatchObject({ name: 'ClientException' });
  });

  it.each([
    ['1 vCPU', '2 GB', '1024', '2048'],
    ['.5 vCPU', '1GB', '512', '1024'],
    ['256', '512', '256', '512'],
  ])('take %s and %s for %s units and %s MiB', async (cpu, memory, units, mebibytes) => {
    const { taskDefinition } = await cloud.ecs.send(
      new RegisterTaskDefinitionCommand({
        family: 'sized',
        cpu,
        memory,
        containerDefinitions: [{ name: 'main', image: 'example/main:1' }],
      }),
    );
    expect([taskDefinition?.cpu, taskDefinition?.memory]).toEqual([units, mebibytes]);
  });

  it('need a memory size somewhere', async () => {
    const command = new RegisterTaskDefinitionCommand({
      family: 'sizeless',
      containerDefinitions: [{ name: 'main', image: 'example/main:1' }],
    });
    await expect(cloud.ecs.send(command)).rejects.toMatchObject({ name: 'ClientException' });
  });

  it('keep the GPUs they ask for, and what they require is told', async () => {
    const { taskDefinition } = await cloud.ecs.send(
      new RegisterTaskDefinitionCommand({
        family: 'trainer',
        networkMode: 'awsvpc',
        taskRoleArn: 'arn:aws:iam::123456789012:role/task',
        executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
        runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' },
        containerDefinitions: [
          {
            name: 'main',
            image: 'example/main:1',
            memory: 256,
            logConfiguration: { logDriver: 'awslogs' },
            resourceRequirements: [{ type: 'GPU', value: '2' }],
          },
        ],
      }),
    );
    expect(taskDefinition?.containerDefinitions?.[0]?.resourceRequirements).toEqual([{ type: 'GPU', value: '2' }]);
    expect(taskDefinition?.compatibilities).toEqual(['EC2']);
    expect(taskDefinition?.runtimePlatform).toEqual({ cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' });
    expect(taskDefinition?.requiresAttributes).toEqual([
      { name: 'com.amazonaws.ecs.capability.docker-remote-api.1.19' },
      { name: 'com.amazonaws.ecs.capability.logging-driver.awslogs' },
      { name: 'com.amazonaws.ecs.capability.task-iam-role' },
      { name: 'ecs.capability.execution-role-awslogs' },
      { name: 'ecs.capability.task-eni' },
    ]);
  });

  it.each(['0', '1.5', 'all', '-1'])('that ask for %s GPUs are refused', async (value) => {
    await expect(register('gpu', { resourceRequirements: [{ type: 'GPU', value }] })).rejects.toMatchObject({
      name: 'ClientException',
    });
  });
});

describe('a service', () => {
  it('is created, fills up and is steady', async () => {
    const { service } = await create('steady');
    expect(service).toMatchObject({
      serviceArn: 'arn:aws:ecs:us-east-1:123456789012:service/production/steady',
      status: 'ACTIVE',
      desiredCount: 2,
      runningCount: 0,
      launchType: 'EC2',
      schedulingStrategy: 'REPLICA',
      deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 200 },
    });
    cloud.pass(60_000);
    const later = await describeService('steady');
    expect(later).toMatchObject({ runningCount: 2, pendingCount: 0 });
    expect(later?.events?.[0]).toMatchObject({ message: '(service steady) has reached a steady state.' });
    expect(later?.deployments).toMatchObject([{ status: 'PRIMARY', rolloutState: 'COMPLETED', runningCount: 2 }]);
    expect(later?.createdAt).toBeInstanceOf(Date);
  });

  it('says why it cannot place', async () => {
    await create('stuck', { taskDefinition: 'huge' });
    cloud.pass(5_000);
    const stuck = await describeService('stuck');
    expect(stuck).toMatchObject({ desiredCount: 2, runningCount: 0, pendingCount: 0 });
    expect(stuck?.events?.[0]?.message).toMatch(
      /^\(service stuck\) was unable to place a task because .* has insufficient memory available\./,
    );
  });

  it('follows a new desired count and a new definition', async () => {
    await create('moving', { desiredCount: 1 });
    cloud.pass(60_000);
    const update = (change: object) =>
      cloud.ecs.send(new UpdateServiceCommand({ cluster, service: 'moving', ...change }));
    expect((await update({ desiredCount: 3 })).service?.desiredCount).toBe(3);
    cloud.pass(60_000);
    expect((await describeService('moving'))?.runningCount).toBe(3);
    await register('web');
    const { service } = await update({ taskDefinition: 'web' });
    expect(service?.deployments?.map(({ status }) => status)).toEqual(['PRIMARY', 'ACTIVE']);
    cloud.pass(300_000);
    const moved = await describeService('moving');
    expect(moved?.deployments).toHaveLength(1);
    expect(moved?.taskDefinition).toMatch(/web:2$/);
  });

  it('shows its constraints and strategies again', async () => {
    const { service } = await create('placed', {
      desiredCount: 0,
      placementConstraints: [
        { type: 'distinctInstance' },
        { type: 'memberOf', expression: 'attribute:ecs.os-type == linux' },
      ],
      placementStrategy: [{ type: 'binpack', field: 'memory' }],
    });
    expect(service?.placementConstraints).toEqual([
      { type: 'distinctInstance' },
      { type: 'memberOf', expression: 'attribute:ecs.os-type == linux' },
    ]);
    expect(service?.placementStrategy).toEqual([{ type: 'binpack', field: 'memory' }]);
  });

  it.each([
    ['a malformed expression', { placementConstraints: [{ type: 'memberOf', expression: 'task:group is x' }] }],
    ['a desired count below zero', { desiredCount: -1 }],
    ['a capacity provider', { launchType: undefined, capacityProviderStrategy: [{ capacityProvider: 'asg' }] }],
    ['percentages out of range', { deploymentConfiguration: { maximumPercent: 50 } }],
    ['a wrong name', { serviceName: 'no spaces' }],
  ])('is refused with %s', async (_, more) => {
    await expect(create('refused', more)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('is refused a definition that does not exist', async () => {
    await expect(create('refused', { taskDefinition: 'nothing' })).rejects.toMatchObject({ name: 'ClientException' });
  });

  it('that does not exist cannot be updated, and is a failure when described', async () => {
    await expect(
      cloud.ecs.send(new UpdateServiceCommand({ cluster, service: 'nobody', desiredCount: 1 })),
    ).rejects.toMatchObject({ name: 'ServiceNotFoundException' });
    const { failures } = await cloud.ecs.send(new DescribeServicesCommand({ cluster, services: ['nobody'] }));
    expect(failures).toEqual([
      { arn: 'arn:aws:ecs:us-east-1:123456789012:service/production/nobody', reason: 'MISSING' },
    ]);
  });
});

describe('ListServices', () => {
  it('has pages of ten by default', async () => {
    const already = cloud.cluster.services.size;
    for (let index = already; index < 12; index += 1) await create(`more-${index}`, { desiredCount: 0 });
    const first = await cloud.ecs.send(new ListServicesCommand({ cluster }));
    expect(first.serviceArns).toHaveLength(10);
    const all: string[] = [];
    for await (const page of paginateListServices({ client: cloud.ecs }, { cluster })) {
      all.push(...(page.serviceArns ?? []));
    }
    expect(new Set(all).size).toBe(cloud.cluster.services.size);
  });

  it('filters by scheduling strategy', async () => {
    await create('everywhere', { schedulingStrategy: 'DAEMON', desiredCount: undefined });
    const { serviceArns } = await cloud.ecs.send(new ListServicesCommand({ cluster, schedulingStrategy: 'DAEMON' }));
    expect(serviceArns).toEqual(['arn:aws:ecs:us-east-1:123456789012:service/production/everywhere']);
  });
});

describe('DescribeServices', () => {
  it('takes ten at most', async () => {
    const services = Array.from({ length: 11 }, (_, index) => `s${index}`);
    await expect(cloud.ecs.send(new DescribeServicesCommand({ cluster, services }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });
});

describe('DescribeClusters', () => {
  it('counts, and names what is missing', async () => {
    const { clusters, failures } = await cloud.ecs.send(
      new DescribeClustersCommand({ clusters: ['production', 'other'] }),
    );
    expect(clusters).toMatchObject([
      { clusterName: 'production', status: 'ACTIVE', registeredContainerInstancesCount: 2 },
    ]);
    expect(failures).toEqual([{ arn: 'arn:aws:ecs:us-east-1:123456789012:cluster/other', reason: 'MISSING' }]);
  });
});
