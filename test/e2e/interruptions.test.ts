// The real controller when a pool is taken back, and when what its fleet launches never joins the cluster.
import { afterEach, describe, expect, it } from 'vitest';
import { createEcsClient, createEcsCluster } from '../../src/aws/ecs-cluster.ts';
import { ATTRIBUTE, formatNotice } from '../../src/model/attributes.ts';
import { containerInstanceArn } from '../../src/model/ids.ts';
import { systemClock } from '../../src/runtime/system-clock.ts';
import { activeContainerInstances } from '../../src/world/ecs/cluster.ts';
import { type ControllerStage, setControllerStage } from '../support/controller-stage.ts';
import { until } from '../support/until.ts';

let stage: ControllerStage;
afterEach(() => stage.close());

const NO_HEADROOM = { headroom: { largestTasks: 0, survive: 'none', arrivalQuantile: 'off' } };

describe('a pool that is taken back', () => {
  it('is asked for elsewhere in one step, all of it, and believed in again when it is over', {
    timeout: 60_000,
  }, async () => {
    stage = await setControllerStage({ targetUnits: 8 }, { noticeMs: 20_000 });
    // One task fills an instance.
    stage.addService('web', { cpuUnits: 1500, memoryMiB: 4096, desiredCount: 4 });
    await until('the tasks to run', () => runningTasks() === 4);
    const { world, driver } = stage.sandbox;
    const struck = activeContainerInstances(stage.cluster);
    const deadlineAt = driver.now + 20_000;
    const cluster = createEcsCluster({
      cluster: 'small',
      client: createEcsClient({ region: 'us-east-1' }),
      clock: systemClock,
    });
    for (const { arn, ec2 } of struck.slice(0, 3)) {
      driver.inPresent(() => world.ec2.sendNotice(ec2.id));
      await cluster.drain(containerInstanceArn(arn));
      await cluster.setAttribute(
        containerInstanceArn(arn),
        ATTRIBUTE.notice,
        formatNotice({ kind: 'interruption', deadlineAt }),
      );
    }
    const controller = await stage.start(
      'controller-a',
      await stage.configure({ ...NO_HEADROOM, interruptions: { stormLastsSeconds: 3 } }),
    );
    await until('the storm to be seen', () => controller.stderr().includes('a pool is being taken back'));
    await until('its end', () => controller.stderr().includes('a pool is no longer being taken back'), 30_000);
    await until(
      'the tasks to run elsewhere',
      () => runningTasks() === 4 && struck.slice(0, 3).every(({ tasks }) => [...tasks].length === 0),
      30_000,
    );
    const targets = world.history.of('fleet-target').map(({ targetUnits }) => targetUnits);
    // Seven units bring four instances of two, for the three that are noticed and the one that is not.
    expect(targets.slice(0, 2)).toEqual([8, 15]);
    expect(targets.slice(2).every((units) => units < 15)).toBe(true);
    expect(world.history.of('instance-launched')).toHaveLength(8);
  });
});

describe('launches that never join', () => {
  it('are ended and not repeated, said loudly, and made up for when one joins', { timeout: 90_000 }, async () => {
    stage = await setControllerStage();
    const { world, driver } = stage.sandbox;
    driver.inPresent(() => stage.fleet.letLaunchesJoin(false));
    const config = await stage.configure({ ...NO_HEADROOM, joinGraceSeconds: 2 });
    const controller = await stage.start('controller-a', config);
    stage.addService('web', { cpuUnits: 1500, memoryMiB: 4096, desiredCount: 6 });
    await until('the alarm', () => controller.stderr().includes('what is launched never joins the cluster'), 30_000);
    const address = () => /"healthz":"([\d.:]+)"/.exec(controller.stderr())?.[1];
    const health = async () => (await fetch(`http://${address()}/healthz`)).json();
    await until('the trouble in the health', async () => /never joins/.test(JSON.stringify(await health())));
    await until('the orphans to be ended', () => stage.fleet.members.length <= 3, 30_000);
    // Two that serve, and at most one more.
    expect(stage.fleet.targetUnits).toBeLessThanOrEqual(6);
    const launchedBefore = world.history.of('instance-launched').length;
    await until('another try', () => world.history.of('instance-launched').length > launchedBefore, 30_000);
    expect(stage.fleet.members.length).toBeLessThanOrEqual(3);
    driver.inPresent(() => stage.fleet.letLaunchesJoin(true));
    await until(
      'the word that they join',
      () => controller.stderr().includes('launches join the cluster again'),
      60_000,
    );
    await until('the service to run in full', () => runningTasks() === 6, 30_000);
    await until('the orphans to be gone', () => stage.fleet.members.length === 6, 30_000);
    // Nobody of the cluster was ended for an orphan.
    expect(world.history.of('task-stopped')).toEqual([]);
  });
});

function runningTasks(): number {
  return [...stage.cluster.tasks.values()].filter(({ lastStatus }) => lastStatus === 'RUNNING').length;
}
