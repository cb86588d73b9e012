import { describe, expect, it } from 'vitest';
import { freeEniSlotsOn, freeGpusOn } from '../../../src/world/ecs/container-instance.ts';
import { FAILURE_REASON, shortfallsOn } from '../../../src/world/ecs/shortfall.ts';
import type { EcsTaskDefinition } from '../../../src/world/ecs/task-definition.ts';
import { AnEcs } from './an-ecs.ts';

const aDemand = (definition: EcsTaskDefinition) => ({ definition, group: 'family:any', constraints: [] });

describe('GPUs', () => {
  it('are registered by their ids and given to one task each', () => {
    const world = new AnEcs();
    const instance = world.join({ instanceType: 'g4dn.12xlarge' });
    const service = world.serve('train', world.define('train', { gpus: 2 }), { desiredCount: 2 });
    world.run(5_000);
    expect(instance.gpuIds).toHaveLength(4);
    expect(new Set(instance.gpuIds).size).toBe(4);
    expect(
      world
        .running(service)
        .flatMap((task) => task.gpuIds)
        .sort(),
    ).toEqual([...instance.gpuIds].sort());
    expect(freeGpusOn(instance)).toEqual([]);
  });

  it('run out before cpu and memory do, which is said', () => {
    const world = new AnEcs();
    const instance = world.join({ instanceType: 'g4dn.xlarge' });
    const service = world.serve('train', world.define('train', { gpus: 1 }), { desiredCount: 2 });
    world.run(5_000);
    expect(world.running(service)).toHaveLength(1);
    expect(shortfallsOn(instance, aDemand(world.define('train', { gpus: 1 })))).toEqual(['RESOURCE:GPU']);
    expect(service.events.newestFirst.map(({ message }) => message).join()).toContain('RESOURCE:GPU');
  });

  it('cannot be had on an instance without any', () => {
    const world = new AnEcs();
    world.join();
    const { tasks, failures } = world.ecs.runTask(world.cluster, { definition: world.define('train', { gpus: 1 }) });
    expect(tasks).toEqual([]);
    expect(failures).toMatchObject([{ reason: 'RESOURCE:GPU' }]);
  });

  it('are free for placement when a task is told to stop, but its successor waits until they really are', () => {
    const world = new AnEcs();
    const instance = world.join({ instanceType: 'g4dn.xlarge' });
    const definition = world.define('train', { gpus: 1, stopTimeout: 30 });
    const [first] = world.ecs.runTask(world.cluster, { definition }).tasks;
    world.run(5_000);
    if (first === undefined) throw new Error('nothing was placed');
    world.ecs.stopTask(first, 'a test');
    const [second] = world.ecs.runTask(world.cluster, { definition }).tasks;
    world.run(5_000);
    expect(second?.gpuIds).toEqual(instance.gpuIds);
    expect(second?.lastStatus).toBe('PENDING');
    world.run(30_000);
    expect(second?.lastStatus).toBe('RUNNING');
  });
});

describe('network interfaces', () => {
  const anAwsvpc = (world: AnEcs) => world.define('vpc', { cpu: 10, memory: 10 }, { networkMode: 'awsvpc' });

  it('are one fewer for tasks than the instance has', () => {
    const world = new AnEcs();
    const instance = world.join({ instanceType: 'c5.large' });
    const service = world.serve('web', anAwsvpc(world), { desiredCount: 3 });
    world.run(5_000);
    expect(world.running(service)).toHaveLength(2);
    expect(freeEniSlotsOn(instance)).toBe(0);
    expect(shortfallsOn(instance, aDemand(anAwsvpc(world))).map((each) => FAILURE_REASON[each])).toEqual([
      'RESOURCE:ENI',
    ]);
  });

  it('do not matter to tasks on the bridge', () => {
    const world = new AnEcs();
    world.join({ instanceType: 'c5.large' });
    const service = world.serve('web', world.define('web', { cpu: 10, memory: 10 }), { desiredCount: 20 });
    world.run(5_000);
    expect(world.running(service)).toHaveLength(20);
  });

  it('are more with trunking, for instances that register while it is on', () => {
    const world = new AnEcs();
    const before = world.join({ instanceType: 'c5.large' });
    world.ecs.account.awsvpcTrunking = true;
    const after = world.join({ instanceType: 'c5.large' });
    const without = world.join({ instanceType: 't3.large' });
    expect([before, after, without].map(freeEniSlotsOn)).toEqual([2, 10, 2]);
    expect([before, after, without].map(({ attributes }) => attributes.has('ecs.awsvpc-trunk-id'))).toEqual([
      false,
      true,
      false,
    ]);
  });
});

describe('UDP host ports', () => {
  it('are held apart from TCP ones of the same number', () => {
    const world = new AnEcs();
    const instance = world.join();
    const onPort = (family: string, protocol: 'tcp' | 'udp') =>
      world.define(family, { cpu: 10, memory: 10, portMappings: [{ containerPort: 53, hostPort: 53, protocol }] });
    world.serve('dns', onPort('dns', 'udp'), { desiredCount: 1 });
    world.run(5_000);
    expect(shortfallsOn(instance, aDemand(onPort('again', 'udp')))).toEqual(['RESOURCE:PORTS']);
    expect(shortfallsOn(instance, aDemand(onPort('other', 'tcp')))).toEqual([]);
  });
});

describe('what a definition requires of its instance', () => {
  it.each([
    ['the other architecture', {}, { cpuArchitecture: 'arm64' as const }],
    ['Windows', {}, { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' }],
    ['a log driver it does not have', { logDriver: 'logentries' }, {}],
  ])('keeps tasks away that need %s', (_, container, spec) => {
    const world = new AnEcs();
    const instance = world.join();
    expect(shortfallsOn(instance, aDemand(world.define('odd', container, spec)))).toEqual(['ATTRIBUTE']);
  });

  it('is met by an ECS-optimised image for logs, roles and interfaces', () => {
    const world = new AnEcs();
    const instance = world.join();
    const definition = world.define(
      'usual',
      { logDriver: 'awslogs', memoryReservation: 100, isPrivileged: true },
      {
        networkMode: 'awsvpc',
        taskRoleArn: 'arn:aws:iam::123456789012:role/task',
        executionRoleArn: 'arn:aws:iam::123456789012:role/execution',
        operatingSystemFamily: 'LINUX',
      },
    );
    expect(definition.requiresAttributes).toHaveLength(7);
    expect(shortfallsOn(instance, aDemand(definition))).toEqual([]);
  });
});
