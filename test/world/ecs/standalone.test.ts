import { describe, expect, it } from 'vitest';
import { AnEcs } from './an-ecs.ts';

describe('RunTask', () => {
  it('places what fits and names each instance that refused the rest', () => {
    const world = new AnEcs();
    const instance = world.join();
    const definition = world.define('batch', { cpu: 1024 });
    const { tasks, failures } = world.ecs.runTask(world.cluster, { definition, count: 3 });
    expect(tasks).toHaveLength(2);
    expect(failures).toEqual([{ arn: instance.arn, reason: 'RESOURCE:CPU' }]);
  });

  it('makes no task where nothing fits', () => {
    const world = new AnEcs();
    world.join();
    const { tasks } = world.ecs.runTask(world.cluster, { definition: world.define('huge', { memory: 9000 }) });
    expect(tasks).toEqual([]);
    expect(world.cluster.tasks.size).toBe(0);
  });

  it('is refused in a cluster without container instances', () => {
    const world = new AnEcs();
    expect(() => world.ecs.runTask(world.cluster, { definition: world.define('batch') })).toThrow(
      expect.objectContaining({ code: 'InvalidParameterException' }),
    );
  });

  it('spreads within its own task group only', () => {
    const world = new AnEcs();
    world.join();
    world.join();
    const definition = world.define('batch');
    const placementStrategy = [{ type: 'spread', field: 'instanceId' }] as const;
    for (const group of ['one', 'two']) {
      const { tasks } = world.ecs.runTask(world.cluster, { definition, count: 2, group, placementStrategy });
      expect(new Set(tasks.map((task) => task.containerInstance)).size).toBe(2);
    }
  });

  it('does nothing again when the same token comes again', () => {
    const world = new AnEcs();
    world.join();
    const order = { definition: world.define('batch'), clientToken: 'a-token' };
    const first = world.ecs.runTask(world.cluster, order);
    expect(world.ecs.runTask(world.cluster, order)).toEqual(first);
    expect(world.cluster.tasks.size).toBe(1);
  });
});

describe('StartTask', () => {
  it('places on the named instance, and says for each other what is wrong', () => {
    const world = new AnEcs();
    const fine = world.join();
    const draining = world.join();
    const disconnected = world.join();
    world.ecs.setStatus(draining, 'DRAINING');
    world.ecs.setAgentConnected(disconnected, false);
    const { tasks, failures } = world.ecs.startTask(world.cluster, {
      definition: world.define('batch', { cpu: 2048 }),
      containerInstances: [fine.id, fine.arn, draining.arn, disconnected.arn, 'missing'],
    });
    expect(tasks.map((task) => task.containerInstance)).toEqual([fine]);
    expect(failures).toEqual([
      { arn: fine.arn, reason: 'RESOURCE:CPU' },
      { arn: draining.arn, reason: 'INACTIVE' },
      { arn: disconnected.arn, reason: 'AGENT' },
      { arn: 'missing', reason: 'MISSING' },
    ]);
  });
});
