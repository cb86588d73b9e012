// The observer over the real SDK and the sandbox: whole snapshots, gaps that name what failed, and what it asks for.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEc2Client, createInstances } from '../../src/aws/ec2-instances.ts';
import { createEcsClient, createEcsCluster } from '../../src/aws/ecs-cluster.ts';
import { createSpotFleet } from '../../src/aws/spot-fleet.ts';
import { Observer, type Sources } from '../../src/controller/observe.ts';
import { observeOnce } from '../../src/controller/observe-once.ts';
import { ATTRIBUTE } from '../../src/model/attributes.ts';
import { fleetId } from '../../src/model/ids.ts';
import { systemClock } from '../../src/runtime/system-clock.ts';
import { type SmallCloud, startSmallCloud } from '../support/small-cloud.ts';
import { until } from '../support/until.ts';

let cloud: SmallCloud;
let sources: Sources;
beforeEach(async () => {
  cloud = await startSmallCloud();
  const settings = { region: 'us-east-1' };
  const ec2 = createEc2Client(settings);
  sources = {
    clusterName: 'small',
    cluster: createEcsCluster({ cluster: 'small', client: createEcsClient(settings), clock: systemClock }),
    fleet: createSpotFleet({ id: fleetId(cloud.fleetId), client: ec2 }),
    instances: createInstances({ client: ec2 }),
    clock: systemClock,
  };
  cloud.addService('web', { cpuUnits: 512, memoryMiB: 1024, desiredCount: 3 });
  await until('the tasks to run', () => cloud.sandbox.driver.inPresent(runningTasks) === 3);
});
afterEach(() => cloud.close());

const NOTHING = { lookAt: [] };
const runningTasks = () =>
  [...cloud.cluster.tasks.values()].filter(({ lastStatus }) => lastStatus === 'RUNNING').length;
const requests = (from = 0) => cloud.sandbox.log.records.slice(from).map(({ action }) => action);
const fail = (action: string) =>
  cloud.sandbox.faults.add({
    service: '*',
    action,
    effect: { kind: 'error', code: 'ServerException', status: 500, message: 'no' },
  });

describe('an observation', () => {
  it('sees everything a decision needs, and has no gap', async () => {
    const snapshot = await new Observer(sources).observe(NOTHING);
    expect(snapshot).toMatchObject({ cluster: 'small', gaps: [], intents: [], setAside: [] });
    expect(snapshot.fleet?.members).toHaveLength(2);
    expect(snapshot.instances.map(({ state }) => state)).toEqual(['running', 'running']);
    expect(snapshot.instanceTypes.map(({ name }) => name)).toEqual(['m5.large']);
    expect(snapshot.containerInstances).toHaveLength(2);
    expect(snapshot.services.map(({ name }) => name)).toEqual(['web']);
    expect(snapshot.definitions.map(({ family }) => family)).toEqual(['web']);
    expect(snapshot.tasks.flatMap(({ tasks }) => tasks.map(({ group }) => group))).toEqual(
      Array(3).fill('service:web'),
    );
  });

  it('asks for definitions and types once, and then for little', async () => {
    const observer = new Observer(sources);
    await observer.observe(NOTHING);
    const before = requests().length;
    await observer.observe(NOTHING);
    expect(requests(before).sort()).toEqual([
      'DescribeClusters',
      'DescribeContainerInstances',
      'DescribeInstances',
      'DescribeServices',
      'DescribeSpotFleetInstances',
      'DescribeSpotFleetRequests',
      'ListContainerInstances',
      'ListServices',
      'ListTasks',
    ]);
  });

  it('keeps what did not change as the same objects', async () => {
    const observer = new Observer(sources);
    const before = await observer.observe(NOTHING);
    const after = await observer.observe(NOTHING);
    for (const part of [
      'containerInstances',
      'services',
      'definitions',
      'instances',
      'instanceTypes',
      'tasks',
    ] as const) {
      expect(after[part].length).toBeGreaterThan(0);
      for (const [index, each] of after[part].entries()) expect(each).toBe(before[part][index]);
    }
  });

  it('reads the definition of a standalone task, which no service names', async () => {
    const batch = cloud.addService('batch', { cpuUnits: 64, memoryMiB: 64, desiredCount: 0 });
    cloud.sandbox.driver.inPresent(() => cloud.sandbox.world.ecs.runTask(cloud.cluster, { definition: batch }));
    const { definitions } = await new Observer(sources).observe(NOTHING);
    expect(definitions.map(({ family }) => family).sort()).toEqual(['batch', 'web']);
  });

  it('lists what is still stopping on an instance that we retire', async () => {
    const observer = new Observer(sources);
    const { tasks } = await observer.observe(NOTHING);
    const busy = tasks.find((standing) => standing.tasks.length > 0);
    if (busy === undefined) throw new Error('no tasks');
    await sources.cluster.setAttribute(busy.containerInstanceArn, ATTRIBUTE.retiring, 'excess');
    for (const task of busy.tasks) await sources.cluster.stopTask(task.arn, 'a test');
    const after = await observer.observe(NOTHING);
    const there = after.tasks.find(({ containerInstanceArn: arn }) => arn === busy.containerInstanceArn);
    expect(there?.tasks.map(({ desiredStatus }) => desiredStatus)).toContain('STOPPED');
    await until('them to end', async () => {
      const { tasks: now } = await observer.observe(NOTHING);
      const left = now.find(({ containerInstanceArn: arn }) => arn === busy.containerInstanceArn)?.tasks ?? [];
      return left.every(({ desiredStatus }) => desiredStatus !== 'STOPPED');
    });
  });
});

describe('a part that fails', () => {
  it.each([
    ['fleet', 'DescribeSpotFleetRequests'],
    ['container-instances', 'DescribeContainerInstances'],
    ['services', 'ListServices'],
    ['tasks', 'ListTasks'],
    ['definitions', 'DescribeTaskDefinition'],
    ['instances', 'DescribeInstances'],
    ['instance-types', 'DescribeInstanceTypes'],
    ['intents', 'DescribeClusters'],
  ])('%s: is a gap that says what failed', async (part, action) => {
    fail(action);
    const { gaps } = await new Observer(sources).observe(NOTHING);
    expect(gaps.map((gap) => gap.part)).toContain(part);
    expect(gaps.find((gap) => gap.part === part)?.why).toMatch(/: ServerException: no$/);
  });

  it('keeps what was known before', async () => {
    const observer = new Observer(sources);
    await observer.observe(NOTHING);
    const fault = fail('DescribeContainerInstances');
    const during = await observer.observe(NOTHING);
    expect(during.containerInstances).toHaveLength(2);
    expect(during.gaps.map(({ part }) => part)).toEqual(['container-instances']);
    cloud.sandbox.faults.remove(fault);
    expect((await observer.observe(NOTHING)).gaps).toEqual([]);
  });
});

describe('a definition that ECS cannot describe', () => {
  const refuse = () =>
    cloud.sandbox.faults.add({
      service: 'ecs',
      action: 'DescribeTaskDefinition',
      effect: { kind: 'error', code: 'ClientException', status: 400, message: 'Unable to describe task definition.' },
    });

  it('is set aside with its service, and is no gap while the service has all its tasks', async () => {
    refuse();
    const { gaps, setAside, definitions } = await new Observer(sources).observe(NOTHING);
    expect(gaps).toEqual([]);
    expect(definitions).toEqual([]);
    expect(setAside.map(({ kind, reason }) => `${kind}: ${reason}`)).toEqual([
      'definition: definition-unreadable',
      'service: definition-unreadable',
    ]);
  });

  it('is a gap while the service lacks tasks', async () => {
    refuse();
    cloud.addService('wide', { cpuUnits: 2048, memoryMiB: 1024, desiredCount: 9 });
    const { gaps } = await new Observer(sources).observe(NOTHING);
    expect(gaps).toEqual([
      { part: 'definitions', why: 'service wide lacks tasks or deploys, and what they need cannot be read' },
    ]);
  });
});

describe('one look', () => {
  it('is one observation where everything is read at once', async () => {
    const snapshot = await observeOnce(sources);
    expect(snapshot.gaps).toEqual([]);
    expect(requests().filter((action) => action === 'ListContainerInstances')).toHaveLength(1);
  });

  it('ends with a gap when a part fails, and does not try for ever', async () => {
    fail('ListServices');
    expect((await observeOnce(sources)).gaps.map(({ part }) => part)).toEqual(['services']);
  });
});
