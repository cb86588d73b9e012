import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEc2Client, createInstances } from '../../src/aws/ec2-instances.ts';
import { createEcsClient, createEcsCluster } from '../../src/aws/ecs-cluster.ts';
import { createSpotFleet } from '../../src/aws/spot-fleet.ts';
import { fleetId, instanceId } from '../../src/model/ids.ts';
import { Failure, type FailureCode } from '../../src/ports/failure.ts';
import { systemClock } from '../../src/runtime/system-clock.ts';
import { type SmallCloud, startSmallCloud } from '../support/small-cloud.ts';
import { until } from '../support/until.ts';

let cloud: SmallCloud;
beforeEach(async () => {
  cloud = await startSmallCloud();
});
afterEach(() => cloud.close());

const settings = { region: 'us-east-1' };
const ecs = (cluster = 'small') => createEcsCluster({ cluster, client: createEcsClient(settings), clock: systemClock });
const fleet = (id = cloud.fleetId) => createSpotFleet({ id: fleetId(id), client: createEc2Client(settings) });

async function codeOf(work: Promise<unknown>): Promise<FailureCode | 'no failure'> {
  return work.then(
    () => 'no failure' as const,
    (error: unknown) => {
      if (error instanceof Failure) return error.code;
      throw error;
    },
  );
}

describe('the ECS cluster', () => {
  it('is read in our words: instances, services, definitions and tasks', async () => {
    cloud.addService('web', { cpuUnits: 512, memoryMiB: 1024, desiredCount: 3 });
    const cluster = ecs();
    await until('the tasks to run', async () =>
      (await cluster.services()).every(({ runningCount }) => runningCount === 3),
    );
    const instances = await cluster.containerInstances();
    expect(instances).toHaveLength(2);
    expect(instances[0]).toMatchObject({
      status: 'ACTIVE',
      agentConnected: true,
      registered: { cpuUnits: 2048, memoryMiB: 7690 },
    });
    expect(instances[0]?.takenPorts).toContain('tcp:51678');
    expect(instances.reduce((sum, { remaining }) => sum + (remaining?.cpuUnits ?? 0), 0)).toBe(2 * 2048 - 3 * 512);
    const [service] = await cluster.services();
    expect(service).toMatchObject({
      name: 'web',
      schedulingStrategy: 'REPLICA',
      desiredCount: 3,
      minimumHealthyPercent: 100,
      maximumPercent: 200,
    });
    const definition = await cluster.taskDefinition(service?.taskDefinition ?? ('' as never));
    expect(definition).toMatchObject({ shape: { cpuUnits: 512, memoryMiB: 1024, hostPorts: [] }, stopTimeoutMs: 1000 });
    expect(await cluster.runningTasks()).toHaveLength(3);
  });

  it('is read to the last page', async () => {
    for (let index = 0; index < 12; index += 1)
      cloud.addService(`s${index}`, { cpuUnits: 1, memoryMiB: 8, desiredCount: 0 });
    expect(await ecs().services()).toHaveLength(12);
  });

  it('is not read at all when one page of a listing fails', async () => {
    cloud.sandbox.faults.add({
      service: 'ecs',
      action: 'DescribeContainerInstances',
      effect: { kind: 'error', code: 'ServerException', status: 500, message: 'no' },
    });
    expect(await codeOf(ecs().containerInstances())).toBe('unavailable');
  });

  it('drains and reactivates an instance, and takes a state that holds already for success', async () => {
    const cluster = ecs();
    const [first] = await cluster.containerInstances();
    if (first === undefined) throw new Error('no instance');
    await cluster.drain(first.arn);
    await cluster.drain(first.arn);
    expect((await cluster.containerInstance(first.arn))?.status).toBe('DRAINING');
    await cluster.reactivate(first.arn);
    expect((await cluster.containerInstance(first.arn))?.status).toBe('ACTIVE');
  });

  it('writes and removes attributes', async () => {
    const cluster = ecs();
    const [first] = await cluster.containerInstances();
    if (first === undefined) throw new Error('no instance');
    await cluster.setAttribute(first.arn, 'spotkeeper.retiring', 'excess');
    expect((await cluster.containerInstance(first.arn))?.attributes['spotkeeper.retiring']).toBe('excess');
    await cluster.removeAttribute(first.arn, 'spotkeeper.retiring');
    await cluster.removeAttribute(first.arn, 'spotkeeper.retiring');
    expect((await cluster.containerInstance(first.arn))?.attributes['spotkeeper.retiring']).toBeUndefined();
  });

  it('that does not exist is named as such', async () => {
    expect(await codeOf(ecs('nowhere').verify())).toBe('cluster-not-found');
    expect(await codeOf(ecs('nowhere').services())).toBe('cluster-not-found');
    expect(await codeOf(ecs().verify())).toBe('no failure');
  });
});

describe('the Spot fleet', () => {
  it('is read with its members, weights and units', async () => {
    const seen = await fleet().describe();
    expect(seen).toMatchObject({
      type: 'maintain',
      state: 'active',
      targetUnits: 4,
      fulfilledUnits: 4,
      excessCapacityTerminationPolicy: 'noTermination',
    });
    expect(seen.options).toEqual([{ instanceType: 'm5.large', weightUnits: 2 }]);
    expect(seen.members).toHaveLength(2);
  });

  it('takes an absolute target, always with noTermination', async () => {
    await fleet().setTargetCapacity(6);
    const sent = cloud.sandbox.log.records.find(({ action }) => action === 'ModifySpotFleetRequest');
    expect(sent?.input).toMatchObject({ TargetCapacity: '6', ExcessCapacityTerminationPolicy: 'noTermination' });
  });

  it('refuses a second change while it works in the first', async () => {
    await fleet().setTargetCapacity(6);
    expect(await codeOf(fleet().setTargetCapacity(8))).toBe('fleet-not-modifiable');
  });

  it('that does not exist is named as such', async () => {
    expect(await codeOf(fleet('sfr-00000000-0000-0000-0000-000000000000').describe())).toBe('fleet-not-found');
  });
});

describe('EC2 instances', () => {
  it('are described and terminated; an id that EC2 does not know is left out', async () => {
    const instances = createInstances({ client: createEc2Client(settings) });
    const [member] = (await fleet().describe()).members;
    const id = member?.instanceId ?? instanceId('');
    const seen = await instances.describe([id, instanceId('i-00000000000000000')]);
    expect(seen).toMatchObject([{ id, instanceType: 'm5.large', zone: 'us-east-1a', state: 'running', isSpot: true }]);
    await instances.terminate([id]);
    await instances.terminate([id]);
    await until('it to end', async () => (await instances.describe([id]))[0]?.state === 'terminated');
  });

  it('have types with a size; an unknown type is left out', async () => {
    const types = await createInstances({ client: createEc2Client(settings) }).types(['m5.large', 'x99.huge']);
    expect(types).toEqual([
      {
        name: 'm5.large',
        nominal: { cpuUnits: 2048, memoryMiB: 8192 },
        gpus: 0,
        architecture: 'x86_64',
        eniSlots: 2,
        eniSlotsWithTrunk: 10,
      },
    ]);
  });
});

describe('what AWS answers badly', () => {
  const fault = (effect: Parameters<SmallCloud['sandbox']['faults']['add']>[0]['effect']) =>
    cloud.sandbox.faults.add({ service: '*', action: '*', effect });

  it.each([
    ['throttled', { kind: 'throttle' }],
    ['unavailable', { kind: 'error', code: 'ServiceUnavailable', status: 503, message: 'later' }],
    ['access-denied', { kind: 'error', code: 'AccessDeniedException', status: 400, message: 'not yours' }],
    ['bad-credentials', { kind: 'error', code: 'UnrecognizedClientException', status: 400, message: 'who?' }],
    ['timed-out', { kind: 'drop', when: 'before' }],
  ] as const)('is a failure %s that says what was being done', async (code, effect) => {
    fault(effect);
    const failure = await ecs()
      .services()
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code, message: 'listing services of cluster small' });
  });

  it('is retried by the SDK before it is a failure', async () => {
    cloud.sandbox.faults.add({ service: 'ecs', action: 'ListServices', count: 2, effect: { kind: 'throttle' } });
    expect(await codeOf(ecs().services())).toBe('no failure');
  });
});

describe('a guarded client', () => {
  it('sends nothing once its guard objects, not even the retry of what it has begun', async () => {
    let mayWrite = true;
    const beforeSend = () => {
      if (!mayWrite) throw new Failure('lease-lost', 'holding back a write');
    };
    const writer = createEcsClient({ ...settings, beforeSend });
    const cluster = createEcsCluster({
      cluster: 'small',
      client: createEcsClient(settings),
      writer,
      clock: systemClock,
    });
    const [first] = await cluster.containerInstances();
    if (first === undefined) throw new Error('no instance');
    cloud.sandbox.faults.add({ service: 'ecs', action: 'UpdateContainerInstancesState', effect: { kind: 'throttle' } });
    cloud.sandbox.log.subscribe(({ action }) => {
      if (action === 'UpdateContainerInstancesState') mayWrite = false;
    });
    expect(await codeOf(cluster.drain(first.arn))).toBe('lease-lost');
    expect(cloud.sandbox.log.records.filter(({ action }) => action === 'UpdateContainerInstancesState')).toHaveLength(
      1,
    );
  });
});
