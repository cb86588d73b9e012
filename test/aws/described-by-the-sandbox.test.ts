// What the readers make of the sandbox's own descriptions, through the real SDK: the wire and all.
import { RegisterTaskDefinitionCommand } from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEc2Client, createInstances } from '../../src/aws/ec2-instances.ts';
import { createEcsClient, createEcsCluster } from '../../src/aws/ecs-cluster.ts';
import { taskDefinitionArn } from '../../src/model/ids.ts';
import { systemClock } from '../../src/runtime/system-clock.ts';
import { type SmallCloud, startSmallCloud } from '../support/small-cloud.ts';

let cloud: SmallCloud;
beforeAll(async () => {
  cloud = await startSmallCloud();
});
afterAll(() => cloud.close());

const settings = { region: 'us-east-1' };

describe('a task definition that was registered', () => {
  it('is read with its size, GPUs, interface, platform, capabilities and constraints', async () => {
    const client = createEcsClient(settings);
    const { taskDefinition } = await client.send(
      new RegisterTaskDefinitionCommand({
        family: 'train',
        networkMode: 'awsvpc',
        cpu: '1 vCPU',
        memory: '2 GB',
        runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' },
        placementConstraints: [{ type: 'memberOf', expression: 'attribute:ecs.instance-type =~ g4dn.*' }],
        containerDefinitions: [
          { name: 'train', image: 'example/train:1', resourceRequirements: [{ type: 'GPU', value: '2' }] },
        ],
      }),
    );
    const cluster = createEcsCluster({ cluster: 'small', client, clock: systemClock });
    const read = await cluster.taskDefinition(taskDefinitionArn(taskDefinition?.taskDefinitionArn ?? ''));
    expect(read).toMatchObject({
      arn: taskDefinition?.taskDefinitionArn,
      family: 'train',
      shape: {
        cpuUnits: 1024,
        memoryMiB: 2048,
        gpus: 2,
        eniSlots: 1,
        hostPorts: [],
        architecture: 'x86_64',
        operatingSystem: 'linux',
        expressions: ['attribute:ecs.instance-type =~ g4dn.*'],
      },
    });
    expect(read.shape.requiredAttributes).toContainEqual({ name: 'ecs.capability.task-eni', value: null });
  });

  it('that nobody registered is unreadable', async () => {
    const cluster = createEcsCluster({ cluster: 'small', client: createEcsClient(settings), clock: systemClock });
    const arn = taskDefinitionArn('arn:aws:ecs:us-east-1:123456789012:task-definition/nobody:1');
    await expect(cluster.taskDefinition(arn)).rejects.toMatchObject({ code: 'unreadable' });
  });
});

describe('an instance type with GPUs', () => {
  it('is read with as many as it has', async () => {
    const types = await createInstances({ client: createEc2Client(settings) }).types(['g4dn.xlarge']);
    expect(types).toMatchObject([{ name: 'g4dn.xlarge', gpus: 1, architecture: 'x86_64', eniSlots: 2 }]);
  });
});
