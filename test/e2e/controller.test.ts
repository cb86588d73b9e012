// The real controller as a process: what it says and how it ends on bad input, and what it never does on bad days.
import { afterEach, describe, expect, it } from 'vitest';
import { createEcsClient, createEcsCluster } from '../../src/aws/ecs-cluster.ts';
import { ATTRIBUTE, formatNotice } from '../../src/model/attributes.ts';
import { containerInstanceArn } from '../../src/model/ids.ts';
import { systemClock } from '../../src/runtime/system-clock.ts';
import { activeContainerInstances } from '../../src/world/ecs/cluster.ts';
import { type ControllerStage, setControllerStage } from '../support/controller-stage.ts';
import { readExposition } from '../support/exposition.ts';
import { until } from '../support/until.ts';

let stage: ControllerStage;
afterEach(() => stage.close());

const DEAD_KEY = { AWS_ACCESS_KEY_ID: 'AKIAUNKNOWN', AWS_SECRET_ACCESS_KEY: 'x' };
const passes = () => stage.requests('ListServices').length;

describe('a mistake in the set-up ends the controller with exit code 2 and a clear word', () => {
  it.each([
    ['wrong credentials', {}, {}, {}, DEAD_KEY, /looking up cluster small: .*security token/i],
    ['an unknown cluster', {}, { cluster: 'nowhere' }, {}, {}, /cluster nowhere does not exist/],
    [
      'an unknown fleet',
      {},
      {},
      { id: 'sfr-00000000-0000-0000-0000-000000000000' },
      {},
      /sfr-00000000-0000-0000-0000-000000000000/,
    ],
    [
      'a fleet of type request',
      { type: 'request' as const },
      {},
      {},
      {},
      /of type request, and only a request of type maintain can be resized/,
    ],
    [
      'a fleet that would choose victims',
      { excessCapacityTerminationPolicy: 'default' as const },
      {},
      {},
      {},
      /aws ec2 modify-spot-fleet-request --spot-fleet-request-id sfr-\S+ --target-capacity 4 --excess-capacity-termination-policy noTermination/,
    ],
    [
      'a missing lease table',
      {},
      { lease: { store: 'dynamodb', table: 'nowhere' } },
      {},
      {},
      /aws dynamodb create-table --table-name nowhere/,
    ],
    ['a key nobody knows', {}, { headrom: 1 }, {}, {}, /headrom.*headroom/],
  ])('%s', async (_, fleet, config, fleetFile, environment, word) => {
    stage = await setControllerStage(fleet);
    const controller = await stage.start('controller-a', await stage.configure(config, fleetFile), environment);
    expect((await controller.over).code).toBe(2);
    expect(controller.stderr()).toMatch(word);
    expect(stage.requests('ModifySpotFleetRequest')).toEqual([]);
  });
});

describe('a controller on bad days', () => {
  it('waits at start for an AWS that throttles, saying so once, and starts when it answers', async () => {
    stage = await setControllerStage();
    const id = stage.sandbox.faults.add({ service: '*', action: '*', effect: { kind: 'throttle' } });
    const controller = await stage.start('controller-a', await stage.configure());
    await until('a throttled call', () => controller.stderr().includes('cannot start yet'));
    stage.sandbox.faults.remove(id);
    await until('passes', () => passes() >= 2);
    expect(controller.stderr().match(/cannot start yet/g)).toHaveLength(1);
  });

  it.each([
    'ListServices',
    'DescribeContainerInstances',
    'DescribeSpotFleetRequests',
    'ListTasks',
    'DescribeInstances',
  ])('shrinks nothing while %s fails, says why once, and goes on when it works', async (action) => {
    stage = await setControllerStage({ targetUnits: 8 });
    const config = await stage.configure({ scaleIn: { idleSeconds: 0 } });
    // The first look, at start, is not the one that is to fail.
    const fault = {
      service: '*',
      action,
      effect: { kind: 'error', code: 'InternalError', status: 500, message: 'no' },
    } as const;
    let id = '';
    stage.sandbox.log.subscribe(({ action: seen }) => {
      if (id === '' && seen === 'PutItem') id = stage.sandbox.faults.add(fault);
    });
    const controller = await stage.start('controller-a', config);
    const failed = () =>
      stage.sandbox.log.records.filter((entry) => entry.action === action && entry.status === 500).length;
    await until('three passes with the fault', () => failed() >= 9);
    expect(stage.requests('ModifySpotFleetRequest')).toEqual([]);
    expect(stage.requests('TerminateInstances')).toEqual([]);
    expect(controller.stderr().match(/partial view/g)).toHaveLength(1);
    stage.sandbox.faults.remove(id);
    await until('a retirement', () => stage.requests('TerminateInstances').length > 0);
    expect(controller.child.exitCode).toBeNull();
  });

  it('survives throttling and server errors on every call, one in three', async () => {
    stage = await setControllerStage();
    stage.sandbox.faults.add({ service: '*', action: '*', probability: 0.2, effect: { kind: 'throttle' } });
    stage.sandbox.faults.add({
      service: '*',
      action: '*',
      probability: 0.15,
      effect: { kind: 'error', code: 'InternalError', status: 500, message: 'no' },
    });
    stage.addService('web', { cpuUnits: 1024, memoryMiB: 2048, desiredCount: 6 });
    const controller = await stage.start('controller-a', await stage.configure());
    await until(
      'the service to run in full',
      () => stage.cluster.services.get('web')?.desiredCount === 6 && runningTasks() === 6,
      60_000,
    );
    expect(controller.child.exitCode).toBeNull();
  }, 90_000);

  it('makes a cluster without instances work: the first task brings the first instance', async () => {
    stage = await setControllerStage({ targetUnits: 0 });
    expect(activeContainerInstances(stage.cluster)).toEqual([]);
    const config = await stage.configure({ headroom: { largestTasks: 0 } }, { targetCapacity: { min: 0, max: 10 } });
    await stage.start('controller-a', config);
    await until('a pass', () => passes() >= 1);
    expect(stage.fleet.targetUnits).toBe(0);
    stage.addService('web', { cpuUnits: 512, memoryMiB: 1024, desiredCount: 1 });
    await until('the task to run', () => runningTasks() === 1);
  });

  it('scales nothing for a task that fits no type', async () => {
    stage = await setControllerStage();
    stage.addService('monster', { cpuUnits: 100_000, memoryMiB: 1024, desiredCount: 3 });
    const controller = await stage.start(
      'controller-a',
      await stage.configure({}, { targetCapacity: { min: 4, max: 20 } }),
    );
    await until('it to be named', () => controller.stderr().includes('100000cpu/1024MiB'));
    expect(stage.requests('ModifySpotFleetRequest')).toEqual([]);
  });
});

describe('a noticed instance', () => {
  it.each([
    ['counts', true],
    ['does not count', false],
  ])(
    'is replaced once, and by one, where AWS %s it as fulfilled until it ends',
    { timeout: 60_000 },
    async (_, noticedCountsAsFulfilled) => {
      stage = await setControllerStage({}, { noticeMs: 13_000, noticedCountsAsFulfilled });
      // One task fills an instance: there is no room for a second anywhere.
      stage.addService('web', { cpuUnits: 1500, memoryMiB: 4096, desiredCount: 2 });
      await stage.start('controller-a', await stage.configure({ headroom: { largestTasks: 0 } }));
      await until('passes', () => runningTasks() === 2 && passes() >= 2);
      const { world, driver } = stage.sandbox;
      const [victim] = activeContainerInstances(stage.cluster);
      if (victim === undefined) throw new Error('no instance');
      const deadlineAt = driver.now + 13_000;
      driver.inPresent(() => world.ec2.sendNotice(victim.ec2.id));
      const cluster = createEcsCluster({
        cluster: 'small',
        client: createEcsClient({ region: 'us-east-1' }),
        clock: systemClock,
      });
      await cluster.drain(containerInstanceArn(victim.arn));
      await cluster.setAttribute(
        containerInstanceArn(victim.arn),
        ATTRIBUTE.notice,
        formatNotice({ kind: 'interruption', deadlineAt }),
      );
      await until('it to be gone', () => victim.status === 'INACTIVE', 30_000);
      const goneAt = driver.now;
      const before = passes();
      await until('passes after it is gone', () => passes() >= before + 4);
      const launched = world.history.of('instance-launched');
      expect(launched).toHaveLength(3);
      expect(launched[2]?.at).toBeLessThan(deadlineAt);
      expect(world.history.of('fleet-target').filter(({ at }) => at > goneAt)).toEqual([]);
      expect(stage.fleet).toMatchObject({ targetUnits: 4, fulfilledUnits: 4 });
      expect(world.history.of('task-stopped').map(({ end }) => end)).toEqual(['exited']);
    },
  );
});

describe('the figures of a controller', () => {
  it('are in CloudWatch under their names, by cluster, fleet and largest task', async () => {
    stage = await setControllerStage();
    stage.addService('web', { cpuUnits: 1024, memoryMiB: 2048, desiredCount: 1 });
    await stage.start('controller-a', await stage.configure());
    type Datum = { MetricName: string; Dimensions: { Name: string; Value: string }[] };
    const dataOf = (request: { input: { MetricData?: unknown } } | undefined) =>
      (request?.input.MetricData ?? []) as Datum[];
    const isWhole = (request: { input: { MetricData?: unknown } }) =>
      dataOf(request).some(({ MetricName }) => MetricName === 'AfterLossTasks');
    // A loss costs nothing until a task runs.
    await until('metrics with a loss', () => stage.requests('PutMetricData').some(isWhole));
    const published = stage.requests('PutMetricData').find(isWhole);
    const data = dataOf(published);
    const names = [...new Set(data.map(({ MetricName }) => MetricName))].sort();
    expect(published?.input.Namespace).toBe('Spotkeeper');
    expect(data.flatMap(({ Dimensions }) => Dimensions)).toContainEqual({ Name: 'Shape', Value: '1024cpu/2048MiB' });
    expect(names).toEqual([
      'AfterLossTasks',
      'FailedLaunches',
      'FulfilledCapacity',
      'InterruptionNotices',
      'PendingTasks',
      'PlacementFailures',
      'PoolsInStorm',
      'PromisedTasks',
      'Retiring',
      'SchedulableTasks',
      'TargetCapacity',
      'UsableCapacity',
    ]);
  });
});

describe('the status port', () => {
  it('answers what the process is and does, its last report, and the same for Prometheus', async () => {
    stage = await setControllerStage();
    stage.addService('web', { cpuUnits: 1024, memoryMiB: 2048, desiredCount: 1 });
    const controller = await stage.start('controller-a', await stage.configure());
    await until('a pass', () => passes() >= 2);
    const address = /"healthz":"([\d.:]+)"/.exec(controller.stderr())?.[1];
    const health = await fetch(`http://${address}/healthz`);
    expect(health.status).toBe(200);
    expect(await health.json()).toMatchObject({ isHealthy: true, role: 'leader', trouble: null });
    const status = await fetch(`http://${address}/status.json`);
    expect(await status.json()).toMatchObject({ role: 'leader', report: { cluster: 'small' } });
    const { series } = readExposition(await (await fetch(`http://${address}/metrics`)).text());
    expect(series).toContainEqual({ name: 'spotkeeper_leader', labels: { cluster: 'small' }, value: 1 });
    expect(series.map(({ name }) => name)).toContain('spotkeeper_schedulable_tasks');
    expect((await fetch(`http://${address}/else`)).status).toBe(404);
  });
});

function runningTasks(): number {
  return [...stage.cluster.tasks.values()].filter(({ lastStatus }) => lastStatus === 'RUNNING').length;
}
