import { describe, expect, it } from 'vitest';
import type { EcsContainerInstance } from '../../../src/world/ecs/container-instance.ts';
import type { EcsTask } from '../../../src/world/ecs/task.ts';
import { AnEcs } from './an-ecs.ts';

/** A task that runs behind target groups with these delays. */
function served(delaysSeconds: readonly number[]): { world: AnEcs; task: EcsTask; instance: EcsContainerInstance } {
  const world = new AnEcs();
  const instance = world.join();
  const loadBalancers = delaysSeconds.map((seconds, index) => ({
    targetGroupArn: world.targetGroups.put({ name: `group-${index}`, deregistrationDelayMs: seconds * 1_000 }).arn,
    containerName: 'main',
    containerPort: 80,
  }));
  const definition = world.define('web', { stopTimeout: 10 });
  const service = world.serve('web', definition, { desiredCount: 1, loadBalancers });
  world.settle();
  const [task] = world.running(service);
  if (task === undefined) throw new Error('the service has no task');
  return { world, task, instance };
}

describe('a task behind target groups', () => {
  it('is told to end only after the longest deregistration delay', () => {
    const { world, task } = served([20, 30]);
    const stoppedAt = world.now;
    world.ecs.stopTask(task, 'test');
    expect(task).toMatchObject({ lastStatus: 'DEACTIVATING', desiredStatus: 'STOPPED', sigtermAt: null });
    world.run(29_999);
    expect(task.sigtermAt).toBeNull();
    world.run(1);
    expect(task).toMatchObject({ lastStatus: 'STOPPING', sigtermAt: stoppedAt + 30_000 });
    world.run(10_000);
    expect(task.lastStatus).toBe('STOPPED');
  });

  it('is told at once where the delay is zero', () => {
    const { world, task } = served([0]);
    world.ecs.stopTask(task, 'test');
    expect(task).toMatchObject({ lastStatus: 'STOPPING', sigtermAt: world.now });
  });

  it('hears of its end when the ECS agent is back and the delay is over, whichever is later', () => {
    const { world, task, instance } = served([20]);
    world.ecs.stopTask(task, 'test');
    world.ecs.setAgentConnected(instance, false);
    world.run(5_000);
    world.ecs.setAgentConnected(instance, true);
    expect(task.sigtermAt).toBeNull();
    world.ecs.setAgentConnected(instance, false);
    world.run(60_000);
    expect(task.sigtermAt).toBeNull();
    world.ecs.setAgentConnected(instance, true);
    expect(task.sigtermAt).toBe(world.now);
  });

  it('is killed without a word when the power goes before the delay is over', () => {
    const { world, task, instance } = served([20]);
    world.ecs.stopTask(task, 'test');
    world.run(10_000);
    world.powerOff(instance);
    const end = world.history.of('task-stopped').find(({ taskArn }) => taskArn === task.arn);
    expect(end).toMatchObject({ end: 'killed-without-sigterm' });
    world.run(60_000);
    expect(world.history.of('task-sigterm')).toEqual([]);
  });
});

describe('a service', () => {
  it.each([
    ['a target group that does not exist', { targetGroupArn: 'arn:none', containerName: 'main' }],
    ['a container that its tasks do not have', { targetGroupArn: null, containerName: 'other' }],
  ])('cannot name %s', (_what, { targetGroupArn, containerName }) => {
    const world = new AnEcs();
    const arn = targetGroupArn ?? world.targetGroups.put({ name: 'group' }).arn;
    const loadBalancers = [{ targetGroupArn: arn, containerName, containerPort: 80 }];
    expect(() => world.serve('web', world.define('web'), { loadBalancers })).toThrow(
      expect.objectContaining({ code: 'InvalidParameterException' }),
    );
  });
});

describe('what AWS does not say', () => {
  it.each([
    ['refused', 'INACTIVE'],
    ['accepted', undefined],
  ] as const)('StartTask on a draining instance is %s as the world is set', (startTaskOnDraining, reason) => {
    const world = new AnEcs({ startTaskOnDraining });
    const instance = world.join();
    world.ecs.setStatus(instance, 'DRAINING');
    const order = { definition: world.define('daemon'), containerInstances: [instance.arn] };
    const { tasks, failures } = world.ecs.startTask(world.cluster, order);
    expect([tasks.length, failures[0]?.reason]).toEqual([reason === undefined ? 1 : 0, reason]);
  });

  it.each([
    [false, 'STOPPED'],
    [true, 'RUNNING'],
  ])('a protected task stays on a draining instance (%s) as the world is set', (drainingHonoursProtection, desired) => {
    const world = new AnEcs({ drainingHonoursProtection });
    const instance = world.join();
    const bounds = { minimumHealthyPercent: 0, maximumPercent: 100 };
    const service = world.serve('web', world.define('web'), { desiredCount: 1, bounds });
    world.settle();
    const [task] = world.running(service);
    if (task === undefined) throw new Error('the service has no task');
    world.ecs.protectTask(task, world.now + 60_000);
    world.ecs.setStatus(instance, 'DRAINING');
    world.run(5_000);
    expect(task.desiredStatus).toBe(desired);
    world.run(60_000);
    expect(task.desiredStatus).toBe('STOPPED');
  });
});
