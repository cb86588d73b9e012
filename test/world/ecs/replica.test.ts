import { describe, expect, it } from 'vitest';
import { countsOf, primaryOf } from '../../../src/world/ecs/service.ts';
import { AnEcs } from './an-ecs.ts';

describe('a REPLICA service', () => {
  it('runs its desired count and says that it is steady once', () => {
    const world = new AnEcs();
    world.join();
    const service = world.serve('web', world.define('web'), { desiredCount: 3 });
    world.run(1_000);
    expect(countsOf(service)).toEqual({ runningCount: 0, pendingCount: 3 });
    world.run(60_000);
    expect(countsOf(service)).toEqual({ runningCount: 3, pendingCount: 0 });
    const steady = service.events.newestFirst.filter(({ message }) => message.includes('has reached a steady state.'));
    expect(steady).toHaveLength(1);
    expect(primaryOf(service).rolloutState).toBe('COMPLETED');
  });

  it('places what was missing as soon as there is room, wanted since the count rose', () => {
    const world = new AnEcs();
    world.join();
    const service = world.serve('web', world.define('web', { cpu: 1024 }), { desiredCount: 2 });
    world.settle();
    const roseAt = world.now;
    world.ecs.updateService(service, { desiredCount: 4 });
    world.run(30_000);
    expect(countsOf(service)).toEqual({ runningCount: 2, pendingCount: 0 });
    world.join();
    world.run(10_000);
    const late = world.history.of('task-running').slice(2);
    expect(late.map(({ wantedAt }) => wantedAt)).toEqual([roseAt, roseAt]);
  });

  it('wants nothing any more when the count falls back before there was room', () => {
    const world = new AnEcs();
    const service = world.serve('web', world.define('web'), { desiredCount: 3 });
    world.run(1_000);
    world.ecs.updateService(service, { desiredCount: 1 });
    expect(service.wants).toHaveLength(1);
    world.ecs.updateService(service, { desiredCount: 0 });
    expect(service.wants).toEqual([]);
  });

  it('replaces a task that was stopped, wanted since it was told to stop', () => {
    const world = new AnEcs();
    world.join();
    const service = world.serve('web', world.define('web'), { desiredCount: 1 });
    world.settle();
    const [first] = world.running(service);
    const stoppedAt = world.now;
    if (first !== undefined) world.ecs.stopTask(first, 'a test');
    world.run(5_000);
    expect(world.history.of('task-running').at(-1)).toMatchObject({ wantedAt: stoppedAt });
    expect(world.running(service)).toHaveLength(1);
  });

  it('dates a want from the drain when a task has to move', () => {
    const world = new AnEcs();
    const old = world.join();
    world.serve('web', world.define('web'), { desiredCount: 1 });
    world.settle();
    const drainedAt = world.now;
    world.ecs.setStatus(old, 'DRAINING');
    world.run(30_000);
    world.join();
    world.run(5_000);
    expect(world.history.of('task-running').at(-1)).toMatchObject({ wantedAt: drainedAt });
  });

  it('stops where it stands thickest when the count falls', () => {
    const world = new AnEcs();
    const a = world.join();
    const b = world.join();
    const service = world.serve('web', world.define('web'), {
      desiredCount: 3,
      placementStrategy: [{ type: 'binpack', field: 'cpu' }],
    });
    world.settle();
    world.ecs.updateService(service, {
      desiredCount: 4,
      placementStrategy: [{ type: 'spread', field: 'instanceId' }],
    });
    world.settle();
    expect([world.running(service, a).length, world.running(service, b).length].sort()).toEqual([1, 3]);
    world.ecs.updateService(service, { desiredCount: 2 });
    world.run(60_000);
    expect([world.running(service, a).length, world.running(service, b).length]).toEqual([1, 1]);
  });

  it('keeps a hundred events and no more', () => {
    const world = new AnEcs();
    world.join();
    const service = world.serve('web', world.define('web'), { desiredCount: 1 });
    for (let round = 0; round < 60; round += 1) {
      world.ecs.updateService(service, { desiredCount: round % 2 });
      world.run(60_000);
    }
    expect(service.events.newestFirst).toHaveLength(100);
    const [newest, older] = service.events.newestFirst;
    expect(newest?.createdAt).toBeGreaterThanOrEqual(older?.createdAt ?? Number.POSITIVE_INFINITY);
  });
});

describe('a new deployment', () => {
  it('starts new tasks before it stops old ones at 100/200', () => {
    const world = new AnEcs();
    world.join();
    const service = world.serve('web', world.define('web'), { desiredCount: 2 });
    world.settle();
    world.ecs.updateService(service, { definition: world.define('web', { cpu: 128 }) });
    world.run(20_000);
    expect(service.deployments.map(({ status }) => status)).toEqual(['PRIMARY', 'ACTIVE']);
    expect(service.deployments.map(({ id }) => countsOf(service, id).runningCount)).toEqual([2, 2]);
    world.settle();
    expect(service.deployments).toHaveLength(1);
    expect(world.running(service).map((task) => task.definition.revision)).toEqual([2, 2]);
  });

  it('waits for room it does not have', () => {
    const world = new AnEcs();
    world.join();
    const service = world.serve('web', world.define('web', { cpu: 2048 }), { desiredCount: 1 });
    world.settle();
    world.ecs.updateService(service, { forceNewDeployment: true });
    world.run(120_000);
    expect(service.deployments).toHaveLength(2);
    expect(world.history.of('placement-failed').map(({ reason }) => reason)).toEqual(['RESOURCE:CPU']);
    world.join();
    world.settle();
    world.settle();
    expect(service.deployments).toHaveLength(1);
  });

  it('stops old tasks first when the percentages say so', () => {
    const world = new AnEcs();
    world.join();
    const service = world.serve('web', world.define('web', { cpu: 1024, stopTimeout: 2 }), {
      desiredCount: 2,
      bounds: { minimumHealthyPercent: 0, maximumPercent: 100 },
    });
    world.settle();
    world.ecs.updateService(service, { forceNewDeployment: true });
    world.settle();
    expect(service.deployments).toHaveLength(1);
    expect(world.running(service)).toHaveLength(2);
  });
});

describe('scale-in protection', () => {
  it('keeps a task when the count falls, and lets it go when it expires', () => {
    const world = new AnEcs();
    world.join();
    const service = world.serve('web', world.define('web'), { desiredCount: 2 });
    world.settle();
    for (const task of world.running(service)) world.ecs.protectTask(task, world.now + 600_000);
    world.ecs.updateService(service, { desiredCount: 0 });
    world.run(300_000);
    expect(world.running(service)).toHaveLength(2);
    world.run(330_000);
    expect(world.running(service)).toHaveLength(0);
  });

  it('holds back a deployment', () => {
    const world = new AnEcs();
    world.join();
    const service = world.serve('web', world.define('web'), { desiredCount: 1 });
    world.settle();
    const [task] = world.running(service);
    if (task !== undefined) world.ecs.protectTask(task, world.now + 600_000);
    world.ecs.updateService(service, { forceNewDeployment: true });
    world.run(300_000);
    expect(world.running(service)).toHaveLength(2);
    world.run(400_000);
    expect(world.running(service)).toHaveLength(1);
  });

  it('does not hold back draining or StopTask', () => {
    const world = new AnEcs();
    const old = world.join();
    const service = world.serve('web', world.define('web'), { desiredCount: 2, bounds: { minimumHealthyPercent: 0 } });
    world.settle();
    const [first, second] = world.running(service);
    for (const task of [first, second]) if (task !== undefined) world.ecs.protectTask(task, world.now + 6_000_000);
    if (first !== undefined) world.ecs.stopTask(first, 'a test');
    world.ecs.setStatus(old, 'DRAINING');
    world.run(60_000);
    expect([first?.lastStatus, second?.lastStatus]).toEqual(['STOPPED', 'STOPPED']);
  });
});
