import { describe, expect, it } from 'vitest';
import { deleteAttribute, putAttribute } from '../../../src/world/ecs/attributes.ts';
import { remainingOn, takenPortsOn } from '../../../src/world/ecs/container-instance.ts';
import { AnEcs } from './an-ecs.ts';

describe('registration', () => {
  it('happens some time after boot, with what the ECS agent finds on such a type', () => {
    const world = new AnEcs();
    const ec2 = world.boot({ instanceType: 'm5.large', zone: 'us-east-1b' });
    world.run(999);
    expect(world.ecs.containerInstanceOf(ec2.id)).toBeUndefined();
    world.run(1);
    const instance = world.member(ec2.id);
    expect(instance).toMatchObject({
      status: 'ACTIVE',
      agentConnected: true,
      registered: { cpuUnits: 2048, memoryMiB: 7690 },
    });
    expect(takenPortsOn(instance)).toEqual(['tcp:22', 'tcp:2375', 'tcp:2376', 'tcp:51678', 'tcp:51679']);
    expect(Object.fromEntries(instance.attributes)).toMatchObject({
      'ecs.availability-zone': 'us-east-1b',
      'ecs.instance-type': 'm5.large',
      'ecs.os-type': 'linux',
      'ecs.cpu-architecture': 'x86_64',
    });
  });

  it.each([
    { why: 'names no cluster', clusterName: null },
    { why: 'names a cluster that does not exist', clusterName: 'elsewhere' },
  ])('never happens when the user data $why', ({ clusterName }) => {
    const world = new AnEcs();
    const ec2 = world.boot({ clusterName });
    world.run(60_000);
    expect(world.ecs.containerInstanceOf(ec2.id)).toBeUndefined();
  });

  it('never happens when the power goes first', () => {
    const world = new AnEcs();
    const ec2 = world.boot();
    ec2.isUp = false;
    world.ecs.onPowerOff(ec2);
    world.run(60_000);
    expect(world.ecs.containerInstanceOf(ec2.id)).toBeUndefined();
  });
});

describe('termination', () => {
  it('deregisters a container instance whose ECS agent was connected', () => {
    const world = new AnEcs();
    const instance = world.join();
    world.terminate(instance);
    expect(instance).toMatchObject({ status: 'ACTIVE', agentConnected: false });
    world.run(1_000);
    expect(instance.status).toBe('INACTIVE');
  });

  it('leaves an ACTIVE, disconnected record, tasks and all, when the ECS agent was not connected', () => {
    const world = new AnEcs();
    const instance = world.join();
    const service = world.serve('web', world.define('web'), { desiredCount: 1 });
    world.settle();
    world.ecs.setAgentConnected(instance, false);
    world.terminate(instance);
    world.run(3_600_000);
    expect(instance).toMatchObject({ status: 'ACTIVE', agentConnected: false });
    expect(world.running(service, instance)).toHaveLength(1);
  });

  it('forgets what is over after an hour, not before', () => {
    const world = new AnEcs();
    const instance = world.join();
    world.serve('web', world.define('web'), { desiredCount: 2 });
    world.settle();
    world.terminate(instance);
    world.run(3_500_000);
    expect([world.cluster.tasks.size, world.cluster.containerInstances.size]).toEqual([2, 1]);
    world.run(200_000);
    expect([world.cluster.tasks.size, world.cluster.containerInstances.size]).toEqual([0, 0]);
  });
});

describe('the ECS agent', () => {
  it('cannot connect from an instance that is down', () => {
    const world = new AnEcs();
    const instance = world.join();
    world.powerOff(instance);
    world.ecs.setAgentConnected(instance, true);
    expect(instance.agentConnected).toBe(false);
  });

  it('gets no task while it is disconnected', () => {
    const world = new AnEcs();
    const instance = world.join();
    world.ecs.setAgentConnected(instance, false);
    const service = world.serve('web', world.define('web'), { desiredCount: 1 });
    world.run(5_000);
    expect(service.tasks.size).toBe(0);
    world.ecs.setAgentConnected(instance, true);
    world.run(5_000);
    expect(world.running(service)).toHaveLength(1);
  });
});

describe('the version of a container instance', () => {
  it('rises with every change of status, connection, tasks and attributes', () => {
    const world = new AnEcs();
    const instance = world.join();
    const versions = [instance.version];
    const note = () => versions.push(instance.version);
    world.ecs.setStatus(instance, 'DRAINING');
    note();
    world.ecs.setStatus(instance, 'ACTIVE');
    note();
    world.ecs.setAgentConnected(instance, false);
    note();
    world.ecs.setAgentConnected(instance, true);
    note();
    putAttribute(instance, { name: 'stack', value: 'blue' });
    note();
    world.ecs.runTask(world.cluster, { definition: world.define('batch') });
    note();
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
  });
});

describe('custom attributes', () => {
  it('are limited to ten, and overwriting one is no new one', () => {
    const world = new AnEcs();
    const instance = world.join();
    for (let index = 0; index < 10; index += 1) putAttribute(instance, { name: `a${index}`, value: 'x' });
    putAttribute(instance, { name: 'a0', value: 'y' });
    expect(instance.attributes.get('a0')).toBe('y');
    expect(() => putAttribute(instance, { name: 'a10', value: 'x' })).toThrow(
      expect.objectContaining({ code: 'AttributeLimitExceededException' }),
    );
  });

  it.each([
    { name: 'with space', value: 'x' },
    { name: '', value: 'x' },
    { name: 'fine', value: ' x' },
    { name: 'fine', value: 'a#b' },
    { name: 'ecs.instance-type', value: 'other' },
  ])('refuse $name = "$value"', (attribute) => {
    const world = new AnEcs();
    const instance = world.join();
    expect(() => putAttribute(instance, attribute)).toThrow(
      expect.objectContaining({ code: 'InvalidParameterException' }),
    );
  });

  it('are deleted by name, and built-in ones are not', () => {
    const world = new AnEcs();
    const instance = world.join();
    putAttribute(instance, { name: 'notice', value: 'interruption@2026-11-21T08:22:00Z' });
    deleteAttribute(instance, { name: 'notice', value: null });
    deleteAttribute(instance, { name: 'ecs.instance-type', value: null });
    expect([instance.attributes.has('notice'), instance.attributes.has('ecs.instance-type')]).toEqual([false, true]);
  });
});

describe('remaining resources', () => {
  it('are what tasks meant to run leave', () => {
    const world = new AnEcs();
    const instance = world.join();
    world.ecs.runTask(world.cluster, { definition: world.define('batch', { cpu: 500, memory: 690 }) });
    expect(remainingOn(instance)).toEqual({ cpuUnits: 1548, memoryMiB: 7000 });
  });
});

describe('another boot', () => {
  it('finds the same container instance, DRAINING and attributes as ECS kept them, and what ran ended', () => {
    const world = new AnEcs();
    const instance = world.join();
    world.ecs.runTask(world.cluster, { definition: world.define('batch') });
    world.run(5_000);
    const [task] = instance.tasks;
    world.ecs.setStatus(instance, 'DRAINING');
    putAttribute(instance, { name: 'spotkeeper.notice', value: 'x' });
    world.powerOff(instance);
    expect([task?.lastStatus, instance.agentConnected]).toEqual(['RUNNING', false]);
    world.bootAgain(instance);
    world.run(1_000);
    expect(world.ecs.containerInstanceOf(instance.ec2.id)).toBe(instance);
    expect(instance).toMatchObject({ status: 'DRAINING', agentConnected: true });
    expect(instance.attributes.get('spotkeeper.notice')).toBe('x');
    expect(task).toMatchObject({ lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited' });
  });

  it('gives a service its task anew on the same instance', () => {
    const world = new AnEcs();
    const instance = world.join();
    const service = world.serve('web', world.define('web'), { desiredCount: 1 });
    world.settle();
    world.powerOff(instance);
    world.bootAgain(instance);
    world.settle();
    expect(world.running(service, instance)).toHaveLength(1);
  });

  it('deregisters nobody when the instance was stopped before it was terminated', () => {
    const world = new AnEcs();
    const instance = world.join();
    instance.ec2.state = 'stopping';
    world.terminate(instance);
    world.run(60_000);
    expect(instance).toMatchObject({ status: 'ACTIVE', agentConnected: false });
  });
});
