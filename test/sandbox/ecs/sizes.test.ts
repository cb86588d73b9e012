import { DescribeInstanceTypesCommand } from '@aws-sdk/client-ec2';
import {
  type ContainerInstance,
  DescribeContainerInstancesCommand,
  DescribeTasksCommand,
  ListAccountSettingsCommand,
  ListContainerInstancesCommand,
  PutAccountSettingCommand,
  RegisterTaskDefinitionCommand,
  type Resource,
  RunTaskCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSandbox } from '../../../src/sandbox/sandbox.ts';
import { REAL_PACE } from '../../../src/world/settings.ts';
import { clientsOf } from '../clients.ts';
import { anEcsSandbox, type EcsSandbox } from './an-ecs-sandbox.ts';

let cloud: EcsSandbox;
beforeAll(async () => {
  cloud = await anEcsSandbox();
  await cloud.ecs.send(
    new RegisterTaskDefinitionCommand({
      family: 'train',
      networkMode: 'awsvpc',
      containerDefinitions: [
        { name: 'idle', image: 'example/idle:1', memory: 16 },
        {
          name: 'main',
          image: 'example/main:1',
          memory: 256,
          resourceRequirements: [{ type: 'GPU', value: '1' }],
        },
      ],
    }),
  );
});
afterAll(() => cloud.close());

const cluster = 'production';

async function launch(instanceType: string) {
  const { world, driver } = cloud.sandbox;
  const id = driver.inPresent(() =>
    world.ec2.launchOnDemand({ instanceType, zone: 'us-east-1a', clusterName: cluster }),
  );
  cloud.pass(120_000);
  return describeOnly(world.ecs.containerInstanceOf(id)?.arn ?? '');
}

async function describeOnly(arn: string) {
  const answer = await cloud.ecs.send(new DescribeContainerInstancesCommand({ cluster, containerInstances: [arn] }));
  const [shown] = answer.containerInstances ?? [];
  if (shown === undefined) throw new Error('no container instance is shown');
  return shown;
}

const gpusIn = (resources: readonly Resource[] = []) => resources.find(({ name }) => name === 'GPU')?.stringSetValue;

describe('GPUs over the API', () => {
  it('are registered, given to the container that asks, and then gone from what remains', async () => {
    const before = await launch('g4dn.12xlarge');
    expect(gpusIn(before.registeredResources)).toHaveLength(4);
    expect(gpusIn(before.remainingResources)).toEqual(gpusIn(before.registeredResources));
    const { tasks = [] } = await cloud.ecs.send(new RunTaskCommand({ cluster, taskDefinition: 'train' }));
    const shown = await cloud.ecs.send(new DescribeTasksCommand({ cluster, tasks: [tasks[0]?.taskArn ?? ''] }));
    const [idle, main] = shown.tasks?.[0]?.containers ?? [];
    expect(idle?.gpuIds ?? []).toEqual([]);
    const after = await describeOnly(before.containerInstanceArn ?? '');
    expect(main?.gpuIds).toHaveLength(1);
    expect([...(gpusIn(after.remainingResources) ?? []), ...(main?.gpuIds ?? [])].sort()).toEqual(
      [...(gpusIn(before.registeredResources) ?? [])].sort(),
    );
    expect(shown.tasks?.[0]?.attachments).toMatchObject([{ type: 'ElasticNetworkInterface' }]);
    expect(Number(after.version)).toBeGreaterThan(Number(before.version));
  });

  it('are no resource at all of an instance that has none', async () => {
    expect(gpusIn((await launch('m5.large')).registeredResources)).toBeUndefined();
  });

  it('lists those in use among the remaining ones, when the world plays AWS that way', async () => {
    const sandbox = await startSandbox({ settings: { ...REAL_PACE, remainingGpusListed: 'used' } });
    const { ecs, ec2 } = clientsOf(sandbox, 'operator');
    const { world } = sandbox;
    world.ecs.createCluster(cluster);
    sandbox.driver.inPresent(() => {
      world.ec2.launchOnDemand({ instanceType: 'g5.xlarge', zone: 'us-east-1a', clusterName: cluster });
      world.agenda.advanceTo(world.agenda.now + 120_000);
    });
    const { containerInstanceArns = [] } = await ecs.send(new ListContainerInstancesCommand({ cluster }));
    const answer = await ecs.send(
      new DescribeContainerInstancesCommand({ cluster, containerInstances: containerInstanceArns }),
    );
    expect(gpusIn(answer.containerInstances?.[0]?.registeredResources)).toHaveLength(1);
    expect(gpusIn(answer.containerInstances?.[0]?.remainingResources)).toEqual([]);
    ecs.destroy();
    ec2.destroy();
    await sandbox.close();
  });

  it('are told of instance types, with interfaces and architecture', async () => {
    const { ec2 } = clientsOf(cloud.sandbox, 'operator');
    const answer = await ec2.send(new DescribeInstanceTypesCommand({ InstanceTypes: ['g5.12xlarge', 'm7g.large'] }));
    expect(answer.InstanceTypes).toMatchObject([
      {
        GpuInfo: { Gpus: [{ Name: 'A10G', Count: 4, MemoryInfo: { SizeInMiB: 22_888 } }] },
        NetworkInfo: { MaximumNetworkInterfaces: 15 },
        ProcessorInfo: { SupportedArchitectures: ['x86_64'] },
      },
      { NetworkInfo: { MaximumNetworkInterfaces: 3 }, ProcessorInfo: { SupportedArchitectures: ['arm64'] } },
    ]);
    expect(answer.InstanceTypes?.[1]?.GpuInfo).toBeUndefined();
    ec2.destroy();
  });
});

describe('the account setting awsvpcTrunking', () => {
  it('gives a trunk to instances that register afterwards', async () => {
    const trunkOf = (shown: ContainerInstance) =>
      shown.attributes?.find(({ name }) => name === 'ecs.awsvpc-trunk-id')?.value;
    expect(trunkOf(await launch('c5.large'))).toBeUndefined();
    const name = 'awsvpcTrunking';
    expect((await cloud.ecs.send(new ListAccountSettingsCommand({ name }))).settings).toEqual([]);
    await cloud.ecs.send(new PutAccountSettingCommand({ name, value: 'enabled' }));
    expect((await cloud.ecs.send(new ListAccountSettingsCommand({ name }))).settings).toMatchObject([
      { name, value: 'enabled' },
    ]);
    expect(trunkOf(await launch('c5.large'))).toMatch(/^eni-0[0-9a-f]{16}$/);
  });

  it('is the only one, and on or off', async () => {
    const put = (name: 'awsvpcTrunking' | 'fargateFIPSMode', value: string) =>
      cloud.ecs.send(new PutAccountSettingCommand({ name, value }));
    await expect(put('fargateFIPSMode', 'enabled')).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(put('awsvpcTrunking', 'maybe')).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});

describe('the filter of ListContainerInstances', () => {
  it('speaks the whole query language', async () => {
    const list = async (filter: string) =>
      (await cloud.ecs.send(new ListContainerInstancesCommand({ cluster, filter }))).containerInstanceArns ?? [];
    const all = await list('agentConnected == true');
    const gpu = await list('attribute:ecs.instance-type =~ g4dn.*');
    expect(gpu.length).toBeGreaterThan(0);
    expect(await list('not(attribute:ecs.instance-type =~ g4dn.*)')).toHaveLength(all.length - gpu.length);
    expect(await list('runningTasksCount >= 1 and registeredAt > 2026-11-21')).toEqual(gpu);
    await expect(list('runningTasksCount exists')).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});
