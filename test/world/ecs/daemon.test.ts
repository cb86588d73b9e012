import { describe, expect, it } from 'vitest';
import { putAttribute } from '../../../src/world/ecs/attributes.ts';
import { memberOf } from '../../../src/world/ecs/placement-constraint.ts';
import { AnEcs } from './an-ecs.ts';

function withDaemon() {
  const world = new AnEcs({ taskStartMs: [1_000, 20_000] });
  const daemon = world.serve('logs', world.define('logs', { cpu: 256 }), { schedulingStrategy: 'DAEMON' });
  return { world, daemon };
}

describe('a DAEMON service', () => {
  it('runs one task on every ACTIVE container instance, and its desired count follows', () => {
    const { world, daemon } = withDaemon();
    world.join();
    world.join();
    world.settle();
    expect(world.running(daemon)).toHaveLength(2);
    expect(daemon.desiredCount).toBe(2);
    world.join();
    world.settle();
    expect(daemon.desiredCount).toBe(3);
    expect(world.running(daemon)).toHaveLength(3);
  });

  it('is on a new instance before replicas that were waiting, and runs before them', () => {
    const { world, daemon } = withDaemon();
    const web = world.serve('web', world.define('web', { cpu: 256 }), { desiredCount: 8 });
    world.run(5_000);
    const instance = world.join();
    world.settle();
    expect(world.running(daemon, instance)).toHaveLength(1);
    // Eight would fit on two vCPUs without the daemon; it comes first, so one replica stays out.
    expect(world.running(web, instance)).toHaveLength(7);
    expect(world.history.of('task-placed')[0]?.group).toBe('service:logs');
    expect(world.history.of('task-running')[0]?.group).toBe('service:logs');
  });

  it('restarts a task that ends', () => {
    const { world, daemon } = withDaemon();
    world.join();
    world.settle();
    const [task] = world.running(daemon);
    if (task !== undefined) world.ecs.stopTask(task, 'a test');
    world.settle();
    expect(world.running(daemon)).toHaveLength(1);
    expect(world.running(daemon)[0]).not.toBe(task);
  });

  it('obeys constraints, and leaves an instance that no longer satisfies them', () => {
    const world = new AnEcs();
    const marked = world.join();
    const other = world.join();
    putAttribute(marked, { name: 'stack', value: 'blue' });
    const daemon = world.serve('logs', world.define('logs'), {
      schedulingStrategy: 'DAEMON',
      placementConstraints: [memberOf('attribute:stack == blue')],
    });
    world.settle();
    expect([world.running(daemon, marked).length, world.running(daemon, other).length]).toEqual([1, 0]);
    putAttribute(marked, { name: 'stack', value: 'green' });
    world.ecs.reconsider(world.cluster);
    world.run(5_000);
    expect(world.running(daemon)).toHaveLength(0);
    expect(daemon.desiredCount).toBe(0);
  });

  it('stops the old task before it starts the new one in a deployment', () => {
    const { world, daemon } = withDaemon();
    world.join();
    world.settle();
    world.ecs.updateService(daemon, { definition: world.define('logs', { cpu: 300 }) });
    world.settle();
    expect(world.running(daemon).map((task) => task.definition.revision)).toEqual([2]);
    expect(daemon.deployments).toHaveLength(1);
  });

  it('is refused strategies, a desired count and more than 100 percent', () => {
    const { world, daemon } = withDaemon();
    const definition = world.define('more');
    const refusal = expect.objectContaining({ code: 'InvalidParameterException' });
    const spec = { schedulingStrategy: 'DAEMON' as const };
    expect(() => world.serve('a', definition, { ...spec, placementStrategy: [{ type: 'random' }] })).toThrow(refusal);
    expect(() => world.serve('b', definition, { ...spec, bounds: { maximumPercent: 200 } })).toThrow(refusal);
    expect(() => world.ecs.updateService(daemon, { desiredCount: 2 })).toThrow(refusal);
  });
});
