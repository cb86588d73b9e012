import { describe, expect, it } from 'vitest';
import type { EcsContainerInstance } from '../../../src/world/ecs/container-instance.ts';
import type { EcsService } from '../../../src/world/ecs/service.ts';
import { AnEcs } from './an-ecs.ts';

/** Four tasks on one instance that then drains, and a second instance with room for them. */
function drainingWith(minimumHealthyPercent: number, maximumPercent: number, desiredCount = 4) {
  const world = new AnEcs();
  const old = world.join();
  const service = world.serve('web', world.define('web'), {
    desiredCount,
    bounds: { minimumHealthyPercent, maximumPercent },
  });
  world.settle();
  const fresh = world.join();
  world.ecs.setStatus(old, 'DRAINING');
  return { world, old, fresh, service };
}

const wantedOn = (service: EcsService, instance: EcsContainerInstance): number =>
  [...service.tasks].filter((task) => task.desiredStatus === 'RUNNING' && task.containerInstance === instance).length;

describe('draining a container instance', () => {
  it('starts every replacement at 100/200 and stops nothing before they are healthy', () => {
    const { world, old, fresh, service } = drainingWith(100, 200);
    world.run(3_000);
    expect(world.running(service, fresh)).toHaveLength(4);
    world.run(39_000);
    expect(wantedOn(service, old)).toBe(4);
    world.run(2_000);
    expect(wantedOn(service, old)).toBe(0);
  });

  it('stops half at once at 50/100 and starts replacements only then', () => {
    const { world, old, fresh, service } = drainingWith(50, 100);
    world.run(60);
    expect(wantedOn(service, old)).toBe(2);
    world.run(1_000);
    expect(wantedOn(service, fresh)).toBe(2);
    world.run(30_000);
    expect(wantedOn(service, old)).toBe(2);
    world.settle();
    expect(wantedOn(service, old)).toBe(0);
    expect(wantedOn(service, fresh)).toBe(4);
  });

  it('stops everything at once at 0/100', () => {
    const { world, old, fresh, service } = drainingWith(0, 100);
    world.run(60);
    expect(wantedOn(service, old)).toBe(0);
    world.run(1_000);
    expect(wantedOn(service, fresh)).toBe(4);
  });

  it.each([
    { minimumHealthyPercent: 100, maximumPercent: 100, desiredCount: 4 },
    { minimumHealthyPercent: 100, maximumPercent: 150, desiredCount: 1 },
  ])('never progresses at $minimumHealthyPercent/$maximumPercent with $desiredCount desired, and says so', (spec) => {
    const { world, old, fresh, service } = drainingWith(
      spec.minimumHealthyPercent,
      spec.maximumPercent,
      spec.desiredCount,
    );
    world.run(600_000);
    expect(world.running(service, old)).toHaveLength(spec.desiredCount);
    expect(wantedOn(service, fresh)).toBe(0);
    expect(service.events.newestFirst[0]?.message).toContain('because of the service deployment configuration');
  });

  it('stops a pending service task at once', () => {
    const world = new AnEcs();
    const old = world.join();
    const service = world.serve('web', world.define('web'), { desiredCount: 1 });
    world.run(500);
    const [task] = service.tasks;
    expect(task?.lastStatus).toBe('PENDING');
    world.ecs.setStatus(old, 'DRAINING');
    world.run(60);
    expect(task?.lastStatus).toBe('STOPPED');
  });

  it('leaves a standalone task alone', () => {
    const world = new AnEcs();
    const old = world.join();
    const { tasks } = world.ecs.runTask(world.cluster, { definition: world.define('batch') });
    world.settle();
    world.ecs.setStatus(old, 'DRAINING');
    world.run(600_000);
    expect(tasks.map((task) => task.lastStatus)).toEqual(['RUNNING']);
  });

  it('keeps a daemon task until the replicas of the instance have ended, then stops it', () => {
    const world = new AnEcs();
    const old = world.join();
    const daemon = world.serve('logs', world.define('logs'), { schedulingStrategy: 'DAEMON' });
    const service = world.serve('web', world.define('web', { stopTimeout: 60 }), { desiredCount: 1 });
    world.settle();
    world.join();
    world.settle();
    world.ecs.setStatus(old, 'DRAINING');
    world.runUntil(() => wantedOn(service, old) === 0);
    expect(wantedOn(daemon, old)).toBe(1);
    world.run(35_000);
    expect(wantedOn(daemon, old)).toBe(1);
    world.run(2_000);
    expect(wantedOn(daemon, old)).toBe(0);
  });

  it('places nothing on the draining instance', () => {
    const world = new AnEcs();
    const old = world.join();
    world.ecs.setStatus(old, 'DRAINING');
    const service = world.serve('web', world.define('web'), { desiredCount: 1 });
    world.run(5_000);
    expect(service.tasks.size).toBe(0);
    expect(service.wants).toHaveLength(1);
  });

  it('needs room elsewhere at 100/200: without it nothing moves', () => {
    const world = new AnEcs();
    const old = world.join();
    const service = world.serve('web', world.define('web'), { desiredCount: 2 });
    world.settle();
    world.ecs.setStatus(old, 'DRAINING');
    world.run(300_000);
    expect(world.running(service, old)).toHaveLength(2);
    expect(world.history.of('placement-failed').map(({ reason }) => reason)).toEqual(['NO_CONTAINER_INSTANCES']);
  });

  it('is undone by setting the instance ACTIVE again', () => {
    const { world, old, fresh, service } = drainingWith(100, 200);
    world.ecs.setStatus(old, 'ACTIVE');
    world.run(100_000);
    expect(world.running(service, old)).toHaveLength(4);
    expect(wantedOn(service, fresh)).toBe(0);
    expect(service.wants).toEqual([]);
  });
});
