// Writes through the real SDK against the sandbox, while somebody else changes the cluster between the look and the write.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEc2Client, createInstances } from '../../src/aws/ec2-instances.ts';
import { createEcsClient, createEcsCluster } from '../../src/aws/ecs-cluster.ts';
import { createSpotFleet } from '../../src/aws/spot-fleet.ts';
import { act, type Hands } from '../../src/controller/act.ts';
import { Leadership } from '../../src/controller/leadership.ts';
import { Observer } from '../../src/controller/observe.ts';
import { ATTRIBUTE } from '../../src/model/attributes.ts';
import { containerInstanceArn, fleetId, instanceId } from '../../src/model/ids.ts';
import type { ClusterSnapshot } from '../../src/model/snapshot.ts';
import type { Action } from '../../src/plan/plan.ts';
import { systemClock } from '../../src/runtime/system-clock.ts';
import { deleteAttribute, putAttribute } from '../../src/world/ecs/attributes.ts';
import { activeContainerInstances } from '../../src/world/ecs/cluster.ts';
import type { EcsContainerInstance } from '../../src/world/ecs/container-instance.ts';
import { keepingLogger } from '../support/log-lines.ts';
import { type SmallCloud, startSmallCloud } from '../support/small-cloud.ts';
import { until } from '../support/until.ts';

let cloud: SmallCloud;
let hands: Hands;
let leading: { stop: AbortController; ended: Promise<void> };
beforeEach(async () => {
  cloud = await startSmallCloud();
  const settings = { region: 'us-east-1' };
  const ec2 = { client: createEc2Client(settings) };
  const leadership = new Leadership({
    store: { read: async () => null, write: async () => true },
    clock: systemClock,
    logger: keepingLogger().logger,
    holder: 'test',
    newVersion: () => '1',
    leaseDurationMs: 60_000,
    renewDeadlineMs: 50_000,
    retryPeriodMs: 10,
    onElected: () => {},
    onStep: () => {},
  });
  const stop = new AbortController();
  leading = { stop, ended: leadership.run(stop.signal) };
  await until('the lease', () => leadership.role === 'leader');
  hands = {
    cluster: createEcsCluster({ cluster: 'small', client: createEcsClient(settings), clock: systemClock }),
    fleet: createSpotFleet({ id: fleetId(cloud.fleetId), ...ec2 }),
    instances: createInstances(ec2),
    leadership,
    clock: systemClock,
    logger: keepingLogger().logger,
  };
});
afterEach(async () => {
  leading.stop.abort();
  await leading.ended;
  await cloud.close();
});

const look = (): Promise<ClusterSnapshot> => new Observer({ clusterName: 'small', ...hands }).observe({ lookAt: [] });
const done = (action: string) =>
  cloud.sandbox.log.records.filter((entry) => entry.action === action && entry.status === 200);
const fleet = () => cloud.sandbox.world.ec2.findFleet(cloud.fleetId);

/** Somebody with a console. */
const someone = <Result>(does: (world: SmallCloud['sandbox']['world']) => Result): Result =>
  cloud.sandbox.driver.inPresent(() => does(cloud.sandbox.world));
const moveTarget = (targetUnits: number) => someone((world) => world.ec2.modifyFleet(cloud.fleetId, { targetUnits }));
const settled = () => until('the fleet to be active', () => fleet().state === 'active');

const setTarget = (targetUnits: number): Action => ({
  kind: 'set-target',
  fleetId: fleetId(cloud.fleetId),
  fromUnits: 4,
  targetUnits,
  reason: 'withdraw-ask',
});

describe('lowering the target', () => {
  it('is done while the fleet is as it was', async () => {
    await act({ plan: [setTarget(2)], snapshot: await look() }, hands);
    expect(done('ModifySpotFleetRequest').map(({ input }) => input.TargetCapacity)).toEqual(['2']);
  });

  it.each([
    ['raised', 6],
    ['lowered', 3],
  ])('is held back when somebody has %s it since the look', async (_, units) => {
    const snapshot = await look();
    moveTarget(units);
    await settled();
    await expect(act({ plan: [setTarget(2)], snapshot }, hands)).rejects.toMatchObject({
      code: 'changed-meanwhile',
      message: expect.stringContaining(`the fleet was active at 4 units and is active at ${units}`),
    });
    expect(done('ModifySpotFleetRequest')).toEqual([]);
    expect(fleet().targetUnits).toBe(units);
  });

  it('is held back while somebody works in another change', async () => {
    const snapshot = await look();
    moveTarget(6);
    await expect(act({ plan: [setTarget(2)], snapshot }, hands)).rejects.toMatchObject({ code: 'changed-meanwhile' });
  });

  it('is held back when the fleet cannot be read any more', async () => {
    const snapshot = await look();
    const effect = { kind: 'error', code: 'InternalError', status: 500, message: 'no' } as const;
    cloud.sandbox.faults.add({ service: 'ec2', action: 'DescribeSpotFleetRequests', effect });
    await expect(act({ plan: [setTarget(2)], snapshot }, hands)).rejects.toMatchObject({ code: 'unavailable' });
    expect(done('ModifySpotFleetRequest')).toEqual([]);
  });
});

describe('raising the target', () => {
  it('asks nobody first: every second counts', async () => {
    const snapshot = await look();
    const before = cloud.sandbox.log.records.length;
    await act({ plan: [setTarget(6)], snapshot }, hands);
    expect(cloud.sandbox.log.records.slice(before).map(({ action }) => action)).toEqual(['ModifySpotFleetRequest']);
  });
});

describe('terminating an instance', () => {
  let victim: EcsContainerInstance;
  beforeEach(() => {
    const [first] = activeContainerInstances(cloud.cluster);
    if (first === undefined) throw new Error('no instance');
    victim = first;
    someone((world) => {
      putAttribute(victim, { name: ATTRIBUTE.retiring, value: 'excess' });
      world.ecs.setStatus(victim, 'DRAINING');
    });
  });

  const terminate = (): Action => ({
    kind: 'terminate',
    reason: 'excess',
    instanceId: instanceId(victim.ec2.id),
    containerInstanceArn: containerInstanceArn(victim.arn),
  });
  const attempt = async (meanwhile: () => void | Promise<void>) => {
    const snapshot = await look();
    await meanwhile();
    return act({ plan: [terminate()], snapshot }, hands);
  };

  it('is done while it is empty, DRAINING and marked, and the fleet is as it was', async () => {
    await attempt(() => {});
    expect(done('TerminateInstances')).toHaveLength(1);
  });

  const placeTask = () => {
    const definition = cloud.addService('job', { cpuUnits: 64, memoryMiB: 64, desiredCount: 0 });
    someone((world) => {
      world.ecs.setStatus(victim, 'ACTIVE');
      world.ecs.startTask(cloud.cluster, { definition, containerInstances: [victim.arn] });
      world.ecs.setStatus(victim, 'DRAINING');
    });
  };

  it.each([
    ['a task has been placed on it', placeTask, '1 tasks have come'],
    [
      'somebody has taken it back into service',
      () => someone((world) => world.ecs.setStatus(victim, 'ACTIVE')),
      'it is ACTIVE',
    ],
    [
      'somebody has taken the mark off',
      () => someone(() => deleteAttribute(victim, { name: ATTRIBUTE.retiring, value: null })),
      'its mark is gone',
    ],
    [
      'somebody has raised the target',
      async () => {
        moveTarget(6);
        await settled();
      },
      'is active at 6',
    ],
  ])('is held back when %s since the look', async (_, meanwhile, word) => {
    await expect(attempt(meanwhile)).rejects.toMatchObject({
      code: 'changed-meanwhile',
      message: expect.stringContaining(word),
    });
    expect(done('TerminateInstances')).toEqual([]);
  });

  it('is not held back by a target that the same plan has moved', async () => {
    const snapshot = await look();
    await act({ plan: [setTarget(6), terminate()], snapshot }, hands);
    expect(done('TerminateInstances')).toHaveLength(1);
  });

  it('that cannot be done keeps nobody else from leaving', async () => {
    const [, second] = [...cloud.cluster.containerInstances.values()];
    if (second === undefined) throw new Error('no second instance');
    someone((world) => {
      putAttribute(second, { name: ATTRIBUTE.retiring, value: 'excess' });
      world.ecs.setStatus(second, 'DRAINING');
    });
    const other: Action = {
      kind: 'terminate',
      reason: 'excess',
      instanceId: instanceId(second.ec2.id),
      containerInstanceArn: containerInstanceArn(second.arn),
    };
    const snapshot = await look();
    placeTask();
    await expect(act({ plan: [terminate(), other], snapshot }, hands)).rejects.toMatchObject({
      code: 'changed-meanwhile',
    });
    expect(done('TerminateInstances').map(({ input }) => JSON.stringify(input))).toEqual([
      expect.stringContaining(second.ec2.id),
    ]);
  });
});
