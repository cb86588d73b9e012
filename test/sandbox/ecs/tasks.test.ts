import {
  DescribeTasksCommand,
  GetTaskProtectionCommand,
  ListTasksCommand,
  RegisterTaskDefinitionCommand,
  RunTaskCommand,
  StartTaskCommand,
  StopTaskCommand,
  UpdateTaskProtectionCommand,
} from '@aws-sdk/client-ecs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EcsContainerInstance } from '../../../src/world/ecs/container-instance.ts';
import { anEcsSandbox, type EcsSandbox } from './an-ecs-sandbox.ts';

let cloud: EcsSandbox;
let members: EcsContainerInstance[];
beforeAll(async () => {
  cloud = await anEcsSandbox();
  members = cloud.join(2);
  for (const [family, cpu] of [['batch', 128] as const, ['wide', 2048] as const]) {
    await cloud.ecs.send(
      new RegisterTaskDefinitionCommand({
        family,
        containerDefinitions: [{ name: 'main', image: 'example/main:1', cpu, memory: 64, stopTimeout: 10 }],
      }),
    );
  }
});
afterAll(() => cloud.close());

const cluster = 'production';
const run = (more: object = {}) =>
  cloud.ecs.send(new RunTaskCommand({ cluster, taskDefinition: 'batch', launchType: 'EC2', ...more }));

async function runOne(): Promise<string> {
  const { tasks = [] } = await run();
  cloud.pass(60_000);
  return tasks[0]?.taskArn ?? '';
}

async function describeTask(arn: string) {
  const { tasks = [] } = await cloud.ecs.send(new DescribeTasksCommand({ cluster, tasks: [arn] }));
  return tasks[0];
}

const list = async (filter: object) =>
  (await cloud.ecs.send(new ListTasksCommand({ cluster, ...filter }))).taskArns ?? [];

describe('a standalone task', () => {
  it('is PENDING, RUNNING, STOPPING and STOPPED, with its instants and its end', async () => {
    const { tasks = [] } = await run({ startedBy: 'cron' });
    const arn = tasks[0]?.taskArn ?? '';
    expect(tasks[0]).toMatchObject({
      lastStatus: 'PENDING',
      desiredStatus: 'RUNNING',
      group: 'family:batch',
      startedBy: 'cron',
      cpu: '128',
      memory: '64',
      launchType: 'EC2',
    });
    cloud.pass(60_000);
    expect(await describeTask(arn)).toMatchObject({ lastStatus: 'RUNNING', startedAt: expect.any(Date) });
    await cloud.ecs.send(new StopTaskCommand({ cluster, task: arn, reason: 'enough' }));
    expect(await describeTask(arn)).toMatchObject({ lastStatus: 'STOPPING', desiredStatus: 'STOPPED' });
    cloud.pass(6_000);
    expect(await describeTask(arn)).toMatchObject({
      lastStatus: 'STOPPED',
      stopCode: 'UserInitiated',
      stoppedReason: 'enough',
      stoppedAt: expect.any(Date),
      containers: [{ name: 'main', exitCode: 0, lastStatus: 'STOPPED' }],
    });
  });

  it('that fits nowhere is a failure for each instance, and no task', async () => {
    await run({ taskDefinition: 'wide' });
    await run({ taskDefinition: 'wide' });
    const { tasks, failures } = await run({ taskDefinition: 'wide' });
    expect(tasks).toEqual([]);
    expect(failures).toHaveLength(2);
    expect(new Set(failures?.map(({ reason }) => reason))).toEqual(new Set(['RESOURCE:CPU']));
    for (const arn of await list({ family: 'wide' })) {
      await cloud.ecs.send(new StopTaskCommand({ cluster, task: arn }));
    }
    cloud.pass(30_000);
  });

  it('runs once for a request that is sent twice with one token', async () => {
    const token = { clientToken: 'the-same' };
    const first = await run(token);
    const second = await run(token);
    expect(second.tasks?.[0]?.taskArn).toBe(first.tasks?.[0]?.taskArn);
  });

  it.each([
    ['eleven at a time', { count: 11 }],
    ["a service's group", { group: 'service:web' }],
    ['an override of its size', { overrides: { cpu: '512' } }],
  ])('is refused with %s', async (_, more) => {
    await expect(run(more)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('is started on the instance StartTask names', async () => {
    const { tasks, failures } = await cloud.ecs.send(
      new StartTaskCommand({
        cluster,
        taskDefinition: 'batch',
        containerInstances: [members[1]?.arn ?? '', 'missing'],
      }),
    );
    expect(tasks?.map(({ containerInstanceArn }) => containerInstanceArn)).toEqual([members[1]?.arn]);
    expect(failures).toEqual([{ arn: 'missing', reason: 'MISSING' }]);
  });
});

describe('ListTasks', () => {
  it('lists what is meant to run, unless asked for what is not', async () => {
    const arn = await runOne();
    expect(await list({})).toContain(arn);
    await cloud.ecs.send(new StopTaskCommand({ cluster, task: arn }));
    expect(await list({})).not.toContain(arn);
    expect(await list({ desiredStatus: 'STOPPED' })).toContain(arn);
    expect(await list({ desiredStatus: 'PENDING' })).toEqual([]);
  });

  it('filters by instance, family and who started it', async () => {
    const [task] = (await run({ startedBy: 'somebody' })).tasks ?? [];
    const arn = task?.taskArn ?? '';
    expect(await list({ startedBy: 'somebody' })).toEqual([arn]);
    expect(await list({ containerInstance: task?.containerInstanceArn })).toContain(arn);
    expect(await list({ family: 'wide' })).toEqual([]);
  });

  it('refuses other filters beside startedBy, and unknown services', async () => {
    await expect(list({ startedBy: 'a', family: 'b' })).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(list({ serviceName: 'nobody' })).rejects.toMatchObject({ name: 'ServiceNotFoundException' });
  });
});

describe('task protection', () => {
  it('is set, read and ended for tasks of services', async () => {
    const { world } = cloud.sandbox;
    const definition = world.ecs.findTaskDefinition('batch');
    if (definition === undefined) throw new Error('no definition');
    const service = world.ecs.createService(cloud.cluster, { name: 'web', definition, desiredCount: 1 });
    cloud.pass(60_000);
    const tasks = [...service.tasks].map(({ arn }) => arn);
    const set = (protectionEnabled: boolean) =>
      cloud.ecs.send(new UpdateTaskProtectionCommand({ cluster, tasks, protectionEnabled, expiresInMinutes: 5 }));
    const read = () => cloud.ecs.send(new GetTaskProtectionCommand({ cluster, tasks }));
    expect((await set(true)).protectedTasks).toMatchObject([
      { protectionEnabled: true, expirationDate: new Date(world.agenda.now + 300_000) },
    ]);
    expect((await read()).protectedTasks).toMatchObject([{ protectionEnabled: true }]);
    cloud.pass(301_000);
    expect((await read()).protectedTasks).toMatchObject([{ protectionEnabled: false }]);
    expect((await set(false)).protectedTasks).toMatchObject([{ protectionEnabled: false }]);
  });

  it('is not for standalone tasks, nor for missing ones', async () => {
    const arn = await runOne();
    const { protectedTasks, failures } = await cloud.ecs.send(
      new UpdateTaskProtectionCommand({ cluster, tasks: [arn, 'missing'], protectionEnabled: true }),
    );
    expect(protectedTasks).toEqual([]);
    expect(failures?.map(({ reason }) => reason).sort()).toEqual(['MISSING', 'TASK_NOT_VALID']);
  });
});

describe('a task that is not there', () => {
  it('is a failure when described and an error when stopped', async () => {
    const { failures } = await cloud.ecs.send(new DescribeTasksCommand({ cluster, tasks: ['nothing'] }));
    expect(failures).toEqual([
      { arn: 'arn:aws:ecs:us-east-1:123456789012:task/production/nothing', reason: 'MISSING' },
    ]);
    await expect(cloud.ecs.send(new StopTaskCommand({ cluster, task: 'nothing' }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });
});
