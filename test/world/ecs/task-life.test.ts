import { describe, expect, it } from 'vitest';
import type { EcsTask } from '../../../src/world/ecs/task.ts';
import { AnEcs } from './an-ecs.ts';

/** A running standalone task with a stop timeout of twenty seconds. */
function withTask() {
  const world = new AnEcs();
  const instance = world.join();
  const definition = world.define('batch', { stopTimeout: 20, cpu: 1024 });
  const [task] = world.ecs.runTask(world.cluster, { definition }).tasks;
  if (task === undefined) throw new Error('nothing was placed');
  world.run(2_000);
  return { world, instance, definition, task };
}

const endOf = (world: AnEcs, task: EcsTask) =>
  world.history.of('task-stopped').find(({ taskArn }) => taskArn === task.arn)?.end;

describe('a task told to stop', () => {
  it('has its SIGTERM at once and exits after its exit time', () => {
    const { world, task } = withTask();
    world.ecs.setExitTime('batch', 7_000);
    world.ecs.stopTask(task, 'a test');
    expect(world.history.of('task-sigterm')).toHaveLength(1);
    expect([task.lastStatus, task.desiredStatus]).toEqual(['STOPPING', 'STOPPED']);
    world.run(6_999);
    expect(task.lastStatus).toBe('STOPPING');
    world.run(1);
    expect(task).toMatchObject({ lastStatus: 'STOPPED', exitCode: 0, stopCode: 'UserInitiated' });
    expect(endOf(world, task)).toBe('exited');
  });

  it('exits after sixty percent of its stop timeout unless told otherwise', () => {
    const { world, task } = withTask();
    world.ecs.stopTask(task, 'a test');
    world.run(11_999);
    expect(task.lastStatus).toBe('STOPPING');
    world.run(1);
    expect(task.lastStatus).toBe('STOPPED');
  });

  it('is killed when its stop timeout is used up', () => {
    const { world, task } = withTask();
    world.ecs.setExitTime('batch', 60_000);
    world.ecs.stopTask(task, 'a test');
    world.run(20_000);
    expect(task).toMatchObject({ lastStatus: 'STOPPED', exitCode: 137 });
    expect(endOf(world, task)).toBe('stop-timeout-used-up');
  });

  it('hears nothing while the ECS agent is disconnected, and everything when it is back', () => {
    const { world, instance, task } = withTask();
    world.ecs.setAgentConnected(instance, false);
    world.ecs.stopTask(task, 'a test');
    world.run(60_000);
    expect(world.history.of('task-sigterm')).toEqual([]);
    world.ecs.setAgentConnected(instance, true);
    expect(world.history.of('task-sigterm')).toHaveLength(1);
    world.run(12_000);
    expect(task.lastStatus).toBe('STOPPED');
  });

  it('gives its room to placement at once, but its successor starts only when it has ended', () => {
    const { world, definition, task } = withTask();
    world.ecs.runTask(world.cluster, { definition });
    world.run(3_000);
    world.ecs.stopTask(task, 'a test');
    const [next] = world.ecs.runTask(world.cluster, { definition }).tasks;
    world.run(11_000);
    expect(next?.lastStatus).toBe('PENDING');
    world.run(1_000);
    expect(next?.lastStatus).toBe('RUNNING');
  });
});

describe('a task that ends by itself', () => {
  it('is over after its run time, without any signal', () => {
    const world = new AnEcs();
    world.join();
    world.ecs.setRunTime('batch', 30_000);
    const [task] = world.ecs.runTask(world.cluster, { definition: world.define('batch') }).tasks;
    world.run(32_000);
    expect(task).toMatchObject({ lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited' });
    expect(world.history.of('task-sigterm')).toEqual([]);
  });

  it('is replaced when a service wants it', () => {
    const world = new AnEcs();
    world.join();
    world.ecs.setRunTime('web', 30_000);
    const service = world.serve('web', world.define('web'), { desiredCount: 1 });
    world.run(40_000);
    expect(world.running(service)).toHaveLength(1);
    expect(world.history.of('task-running')).toHaveLength(2);
  });
});

describe('when the power goes', () => {
  it('a running task is killed without SIGTERM', () => {
    const { world, instance, task } = withTask();
    world.powerOff(instance);
    expect(endOf(world, task)).toBe('killed-without-sigterm');
  });

  it('a stopping task is cut short', () => {
    const { world, instance, task } = withTask();
    world.ecs.stopTask(task, 'a test');
    world.run(5_000);
    world.powerOff(instance);
    expect(endOf(world, task)).toBe('cut-short');
    world.run(60_000);
    expect(world.history.of('task-stopped')).toHaveLength(1);
  });

  it('a task that had exited in time has lost nothing', () => {
    const { world, instance, task } = withTask();
    world.ecs.stopTask(task, 'a test');
    world.run(12_000);
    world.powerOff(instance);
    expect(endOf(world, task)).toBe('exited');
  });

  it('a task that had not started has lost nothing, and never starts', () => {
    const { world, instance, definition } = withTask();
    const [task] = world.ecs.runTask(world.cluster, { definition }).tasks;
    world.powerOff(instance);
    world.run(60_000);
    expect(task === undefined ? null : endOf(world, task)).toBe('exited');
    expect(world.history.of('task-running')).toHaveLength(1);
  });

  it('ECS still counts the task until it learns that the instance is gone', () => {
    const world = new AnEcs();
    const instance = world.join();
    const service = world.serve('web', world.define('web'), { desiredCount: 1 });
    world.settle();
    world.join();
    const [lost] = world.running(service);
    const lostAt = world.now;
    world.powerOff(instance);
    world.run(30_000);
    expect(world.running(service)).toEqual([lost]);
    expect(service.wants).toEqual([lostAt]);
    world.ecs.onTerminated(instance.ec2);
    world.run(10_000);
    expect(lost).toMatchObject({ lastStatus: 'STOPPED', stopCode: 'TerminationNotice' });
    expect(world.history.of('task-running').at(-1)).toMatchObject({ wantedAt: lostAt });
  });
});
