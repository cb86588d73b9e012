import { describe, expect, it } from 'vitest';
import { memberOf } from '../../../src/world/ecs/placement-constraint.ts';
import type { EcsService } from '../../../src/world/ecs/service.ts';
import { AnEcs } from './an-ecs.ts';

const zonesOf = (service: EcsService): string[] =>
  [...service.tasks].map((task) => task.containerInstance.ec2.zone).sort();

/** How many tasks each instance has, most first. */
function perInstance(service: EcsService): number[] {
  const counts = new Map<string, number>();
  for (const task of service.tasks) {
    counts.set(task.containerInstance.id, (counts.get(task.containerInstance.id) ?? 0) + 1);
  }
  return [...counts.values()].sort((a, b) => b - a);
}

describe('placing service tasks', () => {
  it('spreads over zones, then over instances, when the service has no strategy', () => {
    const world = new AnEcs();
    world.join({ zone: 'us-east-1a' });
    world.join({ zone: 'us-east-1a' });
    world.join({ zone: 'us-east-1b' });
    const service = world.serve('web', world.define('web'), { desiredCount: 4 });
    world.run(500);
    expect(zonesOf(service)).toEqual(['us-east-1a', 'us-east-1a', 'us-east-1b', 'us-east-1b']);
    expect(perInstance(service)).toEqual([2, 1, 1]);
  });

  it('fills one instance after the other when it bin-packs on memory', () => {
    const world = new AnEcs();
    world.join();
    world.join();
    const service = world.serve('web', world.define('web'), {
      desiredCount: 4,
      placementStrategy: [{ type: 'binpack', field: 'memory' }],
    });
    world.run(500);
    expect(perInstance(service)).toEqual([4]);
  });

  it('keeps tasks of a distinctInstance service apart, and asks for what is missing in vain', () => {
    const world = new AnEcs();
    world.join();
    world.join();
    const service = world.serve('web', world.define('web'), {
      desiredCount: 3,
      placementConstraints: [{ type: 'distinctInstance' }],
    });
    world.run(5_000);
    expect(perInstance(service)).toEqual([1, 1]);
    expect(service.wants).toHaveLength(1);
  });

  it('lets a task that is still stopping not block its successor on a distinct instance', () => {
    const world = new AnEcs();
    world.join();
    const service = world.serve('web', world.define('web', { stopTimeout: 120 }), {
      desiredCount: 1,
      placementConstraints: [{ type: 'distinctInstance' }],
    });
    world.settle();
    const [first] = world.running(service);
    if (first !== undefined) world.ecs.stopTask(first, 'a test');
    world.run(10_000);
    expect(first?.lastStatus).toBe('STOPPING');
    expect(world.running(service)).toHaveLength(1);
  });

  it('gives a fixed host port to one task per instance', () => {
    const world = new AnEcs();
    world.join();
    const portMappings = [{ containerPort: 80, hostPort: 8080, protocol: 'tcp' as const }];
    const service = world.serve('web', world.define('web', { portMappings }), { desiredCount: 2 });
    world.run(5_000);
    expect(service.tasks.size).toBe(1);
    expect(service.events.newestFirst.map(({ message }) => message).join()).toContain(
      'is already using a port required by your task.',
    );
    world.join();
    world.run(500);
    expect(service.tasks.size).toBe(2);
  });

  it('never places on a port the ECS agent reserves', () => {
    const world = new AnEcs();
    world.join();
    const portMappings = [{ containerPort: 22, hostPort: 22, protocol: 'tcp' as const }];
    const service = world.serve('ssh', world.define('ssh', { portMappings }), { desiredCount: 1 });
    world.run(5_000);
    expect(service.tasks.size).toBe(0);
  });

  it('obeys memberOf, of the service and of the definition', () => {
    const world = new AnEcs();
    world.join({ zone: 'us-east-1a' });
    const inB = world.join({ zone: 'us-east-1b' });
    const definition = world.define(
      'web',
      {},
      { placementConstraints: [memberOf('attribute:ecs.availability-zone == us-east-1b')] },
    );
    const service = world.serve('web', definition, {
      desiredCount: 1,
      placementConstraints: [memberOf('attribute:ecs.os-type == linux')],
    });
    world.run(500);
    expect([...service.tasks].map((task) => task.containerInstance)).toEqual([inB]);
  });
});

describe('a task that fits nowhere', () => {
  it('is no task: the deficit is all there is, and an event with AWS words', () => {
    const world = new AnEcs();
    const instance = world.join();
    const service = world.serve('huge', world.define('huge', { cpu: 1024, memory: 9000 }), { desiredCount: 1 });
    world.run(500);
    expect(world.cluster.tasks.size).toBe(0);
    expect(service.events.newestFirst[0]?.message).toBe(
      `(service huge) was unable to place a task because no container instance met all of its requirements. The closest matching (container-instance ${instance.id}) has insufficient memory available. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.`,
    );
  });

  it('is said once while the trouble lasts, and again after six hours', () => {
    const world = new AnEcs();
    world.join();
    world.serve('huge', world.define('huge', { cpu: 4096 }), { desiredCount: 1 });
    world.run(5 * 3_600_000);
    expect(world.history.of('placement-failed')).toHaveLength(1);
    world.run(2 * 3_600_000);
    expect(world.history.of('placement-failed')).toHaveLength(2);
  });

  it('is said again when the trouble was solved in between', () => {
    const world = new AnEcs();
    world.join();
    const service = world.serve('web', world.define('web', { cpu: 2048 }), { desiredCount: 2 });
    world.run(5_000);
    world.ecs.updateService(service, { desiredCount: 1 });
    world.run(5_000);
    world.ecs.updateService(service, { desiredCount: 2 });
    world.run(5_000);
    expect(world.history.of('placement-failed').map(({ reason }) => reason)).toEqual(['RESOURCE:CPU', 'RESOURCE:CPU']);
  });

  it('is blamed on the cluster when it has no ACTIVE container instance', () => {
    const world = new AnEcs();
    const service = world.serve('web', world.define('web'), { desiredCount: 1 });
    world.run(500);
    expect(service.events.newestFirst[0]?.message).toContain(
      'Reason: No Container Instances were found in your cluster.',
    );
  });

  it('is blamed on the ECS agent when that is not connected', () => {
    const world = new AnEcs();
    world.ecs.setAgentConnected(world.join(), false);
    const service = world.serve('web', world.define('web'), { desiredCount: 1 });
    world.run(500);
    expect(service.events.newestFirst[0]?.message).toContain("doesn't have the agent connected.");
  });

  it('is blamed on an attribute when the definition wants another architecture', () => {
    const world = new AnEcs();
    world.join();
    const service = world.serve('web', world.define('web', {}, { cpuArchitecture: 'arm64' }), { desiredCount: 1 });
    world.run(500);
    expect(service.events.newestFirst[0]?.message).toContain('is missing an attribute required by your task.');
  });
});
