import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEc2Client, createInstances } from '../../src/aws/ec2-instances.ts';
import { createEcsClient, createEcsCluster } from '../../src/aws/ecs-cluster.ts';
import { createSpotFleet } from '../../src/aws/spot-fleet.ts';
import type { ContainerInstance } from '../../src/model/container-instance.ts';
import { containerInstanceArn, fleetId, instanceId } from '../../src/model/ids.ts';
import type { Service } from '../../src/model/service.ts';
import type { Cluster } from '../../src/ports/cluster.ts';
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

async function instancesOf(cluster: Cluster): Promise<readonly ContainerInstance[]> {
  const { items } = await cluster.listContainerInstances({ kind: 'all' }, null);
  return (await cluster.describeContainerInstances(items)).items;
}

async function servicesOf(cluster: Cluster): Promise<readonly Service[]> {
  return (await cluster.describeServices((await cluster.listServices(null)).items)).items;
}

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
      (await servicesOf(cluster)).every(({ runningCount }) => runningCount === 3),
    );
    const instances = await instancesOf(cluster);
    expect(instances).toHaveLength(2);
    expect(instances[0]).toMatchObject({
      status: 'ACTIVE',
      agentConnected: true,
      registered: { cpuUnits: 2048, memoryMiB: 7690 },
    });
    expect(instances[0]?.takenPorts).toContain('tcp:51678');
    expect(instances.reduce((sum, { remaining }) => sum + (remaining?.cpuUnits ?? 0), 0)).toBe(2 * 2048 - 3 * 512);
    const [service] = await servicesOf(cluster);
    expect(service).toMatchObject({
      name: 'web',
      schedulingStrategy: 'REPLICA',
      desiredCount: 3,
      minimumHealthyPercent: 100,
      maximumPercent: 200,
    });
    const definition = await cluster.taskDefinition(service?.taskDefinition ?? ('' as never));
    expect(definition).toMatchObject({ shape: { cpuUnits: 512, memoryMiB: 1024, hostPorts: [] }, stopTimeoutMs: 1000 });
    const tasks = await cluster.listTasks({ on: null, desiredStatus: 'RUNNING' }, null);
    expect(tasks).toMatchObject({ next: null, tries: 1 });
    expect((await cluster.describeTasks(tasks.items)).items.map(({ group }) => group)).toEqual(
      Array(3).fill('service:web'),
    );
  });

  it('is listed page by page, from where the page before ended', async () => {
    for (let index = 0; index < 101; index += 1)
      cloud.addService(`s${index}`, { cpuUnits: 1, memoryMiB: 8, desiredCount: 0 });
    const first = await ecs().listServices(null);
    const second = await ecs().listServices(first.next);
    expect([first.items.length, second.items.length, second.next]).toEqual([100, 1, null]);
    expect(new Set([...first.items, ...second.items]).size).toBe(101);
  });

  it('lists those that drain, and those with a notice or a mark', async () => {
    const cluster = ecs();
    const [first, second] = await instancesOf(cluster);
    if (first === undefined || second === undefined) throw new Error('too few instances');
    await cluster.drain(first.arn);
    await cluster.setAttribute(second.arn, 'spotkeeper.notice', 'interruption@2026-11-21T08:22:00Z');
    expect((await cluster.listContainerInstances({ kind: 'draining' }, null)).items).toEqual([first.arn]);
    expect((await cluster.listContainerInstances({ kind: 'marked' }, null)).items).toEqual([second.arn]);
  });

  it('lists those that registered lately, and those whose ECS agent is not connected', async () => {
    const cluster = ecs();
    const { driver } = cloud.sandbox;
    const [first] = await instancesOf(cluster);
    if (first === undefined) throw new Error('no instance');
    const since = (registeredSince: number) =>
      cluster.listContainerInstances({ kind: 'unsettled', registeredSince }, null).then(({ items }) => items);
    expect(await since(first.registeredAt - 1_000)).toHaveLength(2);
    expect(await since(driver.now + 60_000)).toEqual([]);
    const record = [...cloud.cluster.containerInstances.values()].find(({ arn }) => arn === first.arn);
    if (record === undefined) throw new Error('the world does not know it');
    driver.inPresent(() => cloud.sandbox.world.ecs.setAgentConnected(record, false));
    expect(await since(driver.now + 60_000)).toEqual([first.arn]);
  });

  it('leaves out an instance that ECS does not know', async () => {
    const unknown = containerInstanceArn('arn:aws:ecs:us-east-1:123456789012:container-instance/small/unknown');
    expect((await ecs().describeContainerInstances([unknown])).items).toEqual([]);
  });

  it('drains and reactivates an instance, and takes a state that holds already for success', async () => {
    const cluster = ecs();
    const [first] = await instancesOf(cluster);
    if (first === undefined) throw new Error('no instance');
    await cluster.drain(first.arn);
    await cluster.drain(first.arn);
    expect((await cluster.containerInstance(first.arn))?.status).toBe('DRAINING');
    await cluster.reactivate(first.arn);
    expect((await cluster.containerInstance(first.arn))?.status).toBe('ACTIVE');
  });

  it('names the capacity provider of an instance that has one', async () => {
    const { driver } = cloud.sandbox;
    const [first] = [...cloud.cluster.containerInstances.values()];
    driver.inPresent(() => {
      if (first !== undefined) first.capacityProvider = 'asg-provider';
    });
    const seen = await instancesOf(ecs());
    expect(seen.map(({ capacityProvider }) => capacityProvider).sort()).toEqual(['asg-provider', null]);
  });

  it('writes and removes attributes', async () => {
    const cluster = ecs();
    const [first] = await instancesOf(cluster);
    if (first === undefined) throw new Error('no instance');
    await cluster.setAttribute(first.arn, 'spotkeeper.retiring', 'excess');
    expect((await cluster.containerInstance(first.arn))?.attributes['spotkeeper.retiring']).toBe('excess');
    await cluster.removeAttribute(first.arn, 'spotkeeper.retiring');
    await cluster.removeAttribute(first.arn, 'spotkeeper.retiring');
    expect((await cluster.containerInstance(first.arn))?.attributes['spotkeeper.retiring']).toBeUndefined();
  });

  it('that does not exist is named as such', async () => {
    expect(await codeOf(ecs('nowhere').verify())).toBe('cluster-not-found');
    expect(await codeOf(ecs('nowhere').listServices(null))).toBe('cluster-not-found');
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
      capacityRebalance: null,
    });
    expect(seen.options).toEqual([{ instanceType: 'm5.large', weightUnits: 2 }]);
    expect(seen.members).toHaveLength(2);
  });

  it.each(['launch', 'launch-before-terminate'] as const)(
    'tells that it rebalances by itself: %s',
    async (strategy) => {
      const { driver, world } = cloud.sandbox;
      const overrides = [{ instanceType: 'm5.large', zone: 'us-east-1a', weightUnits: 1 }];
      const id = driver.inPresent(() => world.ec2.addFleet({ targetUnits: 0, overrides, capacityRebalance: strategy }));
      expect((await fleet(id).describe()).capacityRebalance).toBe(strategy);
    },
  );

  it('lists its members by instance id, in whatever order EC2 does', async () => {
    await fleet().setTargetCapacity({ targetUnits: 40 });
    const listed = () => cloud.sandbox.world.ec2.fleets.get(cloud.fleetId)?.members.map(({ id }) => id) ?? [];
    await until('its instances to launch', () => listed().length === 20);
    expect((await fleet().describe()).members.map((member) => member.instanceId)).toEqual(listed().sort());
  });

  it('takes an absolute target, always with noTermination', async () => {
    await fleet().setTargetCapacity({ targetUnits: 6 });
    const sent = cloud.sandbox.log.records.find(({ action }) => action === 'ModifySpotFleetRequest');
    expect(sent?.input).toMatchObject({ TargetCapacity: '6', ExcessCapacityTerminationPolicy: 'noTermination' });
  });

  it('refuses a second change while it works in the first', async () => {
    await fleet().setTargetCapacity({ targetUnits: 6 });
    expect(await codeOf(fleet().setTargetCapacity({ targetUnits: 8 }))).toBe('fleet-not-modifiable');
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
      .listServices(null)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code, message: 'listing services of cluster small' });
  });

  it('is retried by the SDK before it is a failure, and the tries are told', async () => {
    cloud.sandbox.faults.add({ service: 'ecs', action: 'ListServices', count: 2, effect: { kind: 'throttle' } });
    expect(await ecs().listServices(null)).toMatchObject({ tries: 3 });
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
    const [first] = await instancesOf(cluster);
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
