import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startControl } from '../../src/sandbox/control.ts';
import type { Listening } from '../../src/sandbox/listen.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { taskDefinition, WEB } from '../../src/sandbox/story/cast.ts';
import type { MaintenanceRecord } from '../../src/world/ec2/maintenance.ts';
import { until } from '../support/until.ts';
import { aCluster, aQuickSandbox } from './clients.ts';

let sandbox: Sandbox;
let control: Listening;
let instanceId: string;

beforeAll(async () => {
  sandbox = await aQuickSandbox();
  aCluster(sandbox);
  control = await startControl({ sandbox, processes: null });
  const { world, driver } = sandbox;
  driver.inPresent(() => {
    const definition = world.ecs.registerTaskDefinition(taskDefinition(WEB));
    world.ecs.createService(world.ecs.cluster('tests'), { name: 'web', definition, desiredCount: 1 });
    const router = world.ecs.registerTaskDefinition(taskDefinition({ ...WEB, family: 'router', cpuUnits: 64 }));
    world.ecs.createService(world.ecs.cluster('tests'), {
      name: 'router',
      definition: router,
      schedulingStrategy: 'DAEMON',
    });
  });
  await until('an instance to join', () => world.ecs.cluster('tests').containerInstances.size > 0);
  instanceId = [...world.ec2.instances.keys()][0] ?? '';
});

afterAll(async () => {
  await control.close();
  await sandbox.close();
});

async function call(method: string, path: string, body?: unknown): Promise<{ status: number; answer: unknown }> {
  const response = await fetch(`${control.url}${path}`, {
    method,
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, answer: await response.json() };
}

describe('the control API', () => {
  it('shows the world', async () => {
    const { answer } = await call('GET', '/state');
    expect(answer).toMatchObject({
      fleets: [{ state: expect.stringMatching(/active/), targetUnits: 1 }],
      instances: [{ id: instanceId, containerInstance: { status: 'ACTIVE', agentConnected: true } }],
      clusters: [{ name: 'tests', services: [{ name: 'web', desiredCount: 1 }, { name: 'router' }] }],
    });
  });

  it('shows what happened', async () => {
    const { answer } = await call('GET', '/history');
    expect(answer).toContainEqual(expect.objectContaining({ kind: 'instance-launched', instanceId }));
  });

  it('shows the requests of one service and caller after a number', async () => {
    const headers = {
      'x-amz-target': 'AmazonEC2ContainerServiceV20141113.DescribeClusters',
      authorization: `AWS4-HMAC-SHA256 Credential=${sandbox.environmentFor('me').AWS_ACCESS_KEY_ID}/20261121/us-east-1/ecs/aws4_request`,
    };
    await (await fetch(sandbox.endpoints.aws, { method: 'POST', headers, body: '{}' })).text();
    const { answer } = await call('GET', '/log?service=ecs&caller=me');
    expect(answer).toMatchObject([{ action: 'DescribeClusters', caller: { name: 'me' } }]);
    const { number } = (answer as { number: number }[])[0] ?? { number: 0 };
    expect((await call('GET', `/log?caller=me&after=${number}`)).answer).toEqual([]);
  });

  it("changes a service's desired count", async () => {
    expect((await call('POST', '/services/web', { desiredCount: 2 })).answer).toEqual({
      service: 'web',
      desiredCount: 2,
    });
    expect(sandbox.world.ecs.cluster('tests').services.get('web')?.desiredCount).toBe(2);
  });

  it('changes what a pool has to give and what it costs', async () => {
    const pool = { instanceType: 'm5.large', zone: 'us-east-1a' };
    expect((await call('POST', '/pools', { ...pool, available: 0, pricePerHour: 0.5 })).answer).toMatchObject({
      available: 0,
      pricePerHour: 0.5,
    });
    expect((await call('POST', '/pools', { ...pool, available: null })).answer).toMatchObject({
      available: null,
      pricePerHour: 0.5,
    });
  });

  it('breaks and mends what a fleet launches', async () => {
    const [id] = [...sandbox.world.ec2.fleets.keys()];
    expect((await call('POST', `/fleets/${id}`, { launchesJoin: false })).answer).toEqual({
      fleet: id,
      launchesJoin: false,
    });
    expect((await call('POST', `/fleets/${id}`, { launchesJoin: true })).answer).toEqual({
      fleet: id,
      launchesJoin: true,
    });
    expect(await call('POST', '/fleets/sfr-none', { launchesJoin: true })).toMatchObject({ status: 404 });
  });

  it('takes the ECS agent of an instance off and on', async () => {
    const path = `/agents/${instanceId}/connected`;
    expect((await call('POST', path, { connected: false })).answer).toMatchObject({ agentConnected: false });
    expect((await call('POST', path, { connected: true })).answer).toMatchObject({ agentConnected: true });
  });

  it('puts faults in force and takes them back', async () => {
    const { answer } = await call('POST', '/faults', { service: 'ecs', kind: 'throttle', count: 3 });
    const { id } = answer as { id: string };
    expect((await call('GET', '/faults')).answer).toMatchObject([
      { id, rule: { action: '*', effect: { kind: 'throttle' } } },
    ]);
    expect((await call('DELETE', `/faults/${id}`)).answer).toEqual([]);
    for (const kind of ['reset', 'truncate', 'garbage', 'hang-up', 'failures']) {
      expect(await call('POST', '/faults', { service: 'imds', kind, count: 1 })).toMatchObject({ status: 200 });
    }
    await call('POST', '/faults', { service: '*', kind: 'latency', latencyMs: 1 });
    expect((await call('DELETE', '/faults')).answer).toEqual([]);
  });

  it('switches ECS’s own throttling on and off, and counts calls by bucket', async () => {
    expect((await call('GET', '/throttling')).answer).toMatchObject({ enforced: false });
    const { answer } = await call('POST', '/throttling', { enforced: true });
    expect(answer).toMatchObject({
      enforced: true,
      buckets: expect.arrayContaining([
        { name: 'service-read', burst: 100, refillPerSecond: 20, tokens: 100, calls: 0, throttled: 0 },
      ]),
    });
    expect((await call('POST', '/throttling', { enforced: false })).answer).toMatchObject({ enforced: false });
  });

  it('recommends a rebalance', async () => {
    expect((await call('POST', '/rebalance', { instanceId })).answer).toEqual({
      instanceId,
      rebalanceRecommendedAt: expect.any(Number),
    });
  });

  it('schedules maintenance and finishes it once', async () => {
    const order = { instanceId, code: 'system-reboot', inSeconds: 3_600, forSeconds: 60 };
    const { answer } = await call('POST', '/maintenance', order);
    const { eventId, maintenance } = answer as { eventId: string; maintenance: MaintenanceRecord[] };
    expect(maintenance).toMatchObject([{ id: eventId, code: 'system-reboot', state: 'active' }]);
    expect((maintenance[0]?.notAfterAt ?? 0) - (maintenance[0]?.notBeforeAt ?? 0)).toBe(60_000);
    expect((await call('POST', `/maintenance/${eventId}`, { state: 'canceled' })).answer).toMatchObject({
      maintenance: [{ id: eventId, state: 'canceled' }],
    });
    expect(await call('POST', `/maintenance/${eventId}`, { state: 'completed' })).toMatchObject({ status: 409 });
  });

  it('says what an Auto Scaling group wants of an instance', async () => {
    const say = (state: string | null) => call('POST', '/target-state', { instanceId, state });
    expect((await say('Terminated')).answer).toEqual({ instanceId, targetState: 'Terminated' });
    expect((await say(null)).answer).toEqual({ instanceId, targetState: null });
  });

  it('makes a target group, and changes its delay', async () => {
    const put = (seconds: number) =>
      call('POST', '/target-groups', { name: 'web', deregistrationDelaySeconds: seconds });
    const { answer } = await put(30);
    expect(answer).toMatchObject({ arn: expect.stringMatching(/:targetgroup\/web\/[0-9a-f]{16}$/) });
    expect((await put(5)).answer).toEqual({ ...(answer as object), deregistrationDelayMs: 5_000 });
  });

  it('forgets the tokens of instance metadata', async () => {
    expect(await call('POST', '/forget-tokens', { instanceId })).toEqual({ status: 200, answer: { instanceId } });
    expect(await call('POST', '/forget-tokens')).toEqual({ status: 200, answer: { instanceId: null } });
  });

  it('reboots, stops and starts an instance', async () => {
    const isUp = () => sandbox.driver.inPresent(() => sandbox.world.ec2.instances.get(instanceId)?.isUp === true);
    expect((await call('POST', '/reboot', { instanceId })).answer).toMatchObject({ state: 'running', isUp: false });
    await until('the next boot', isUp);
    expect((await call('POST', '/stop', { instanceId })).answer).toMatchObject({ isUp: false, bootCount: 2 });
    await until('it to be stopped', async () => (await call('POST', '/start', { instanceId })).status === 200);
    await until('the next boot', isUp);
    expect(await call('POST', '/start', { instanceId })).toMatchObject({ status: 409 });
    expect((await call('GET', '/state')).answer).toMatchObject({
      instances: expect.arrayContaining([expect.objectContaining({ id: instanceId, bootCount: 3 })]),
    });
  });

  it('sends a notice and withdraws it', async () => {
    const { answer } = await call('POST', '/notices', { instanceId, action: 'stop' });
    expect(answer).toMatchObject({ notice: { action: 'stop' } });
    expect((await call('DELETE', `/notices/${instanceId}`)).answer).toEqual({ instanceId, notice: null });
    expect(await call('DELETE', `/notices/${instanceId}`)).toMatchObject({ status: 409 });
  });

  it('sends a notice, once', async () => {
    expect((await call('POST', '/notices', { instanceId })).answer).toMatchObject({ notice: { action: 'terminate' } });
    expect(await call('POST', '/notices', { instanceId })).toMatchObject({
      status: 409,
      answer: { error: expect.stringContaining('it has one already') },
    });
  });
});

describe('a control request with a mistake', () => {
  it.each<[string, string, unknown, number, string]>([
    ['GET', '/nowhere', undefined, 404, 'POST /notices {instanceId, action?}'],
    ['DELETE', '/notices/i-1', undefined, 404, 'no instance i-1'],
    ['POST', '/maintenance/none', { state: 'canceled' }, 404, 'no maintenance event none'],
    ['POST', '/maintenance/none', { state: 'over' }, 400, 'state: expected one of completed, canceled'],
    ['POST', '/reboot', { instanceId: 'i-1' }, 404, 'no instance i-1'],
    ['POST', '/faults', { service: 'ecs', kind: 'drop', when: 'never' }, 400, 'when: expected one of before, after'],
    ['GET', '/notices', undefined, 404, 'no GET /notices here'],
    ['POST', '/notices', 'not json', 400, 'not JSON'],
    ['POST', '/notices', {}, 400, 'instanceId: expected a text, found nothing'],
    ['POST', '/notices', { instance: 'i-1' }, 400, 'unknown field instance; there is instanceId, action'],
    ['POST', '/notices', { instanceId: 'i-1' }, 404, 'no instance i-1'],
    ['POST', '/services/api', { desiredCount: 1 }, 404, 'has no service api; there is web, router'],
    [
      'POST',
      '/services/web',
      { desiredCount: -1 },
      400,
      'desiredCount: expected a whole number of at least 0, found -1',
    ],
    ['POST', '/services/web', { desiredCount: 1e9 }, 409, 'from 0 to 5000'],
    ['POST', '/throttling', {}, 400, 'enforced: expected true or false, found nothing'],
    ['POST', '/services/web', { desiredCount: 1, cluster: 'x' }, 404, 'no such cluster'],
    ['POST', '/services/router', { desiredCount: 1 }, 409, 'DAEMON'],
    ['POST', '/pools', { instanceType: 'm5.large', zone: 'us-east-1f' }, 404, 'there is m5.large in us-east-1a'],
    ['POST', '/agents/i-1/connected', { connected: true }, 404, 'no instance i-1'],
    ['POST', '/agents/i-1/connected', { connected: 'no' }, 400, 'expected true or false, found "no"'],
    ['POST', '/faults', { service: 'ecs', kind: 'flood' }, 400, 'kind: expected one of throttle, error, latency, drop'],
    ['POST', '/faults', { service: 'ecs', kind: 'throttle', probability: 2 }, 400, 'probability: expected at most 1'],
    ['DELETE', '/faults/none', undefined, 404, 'no fault none'],
  ])('%s %s %o is answered with what is wrong', async (method, path, body, status, words) => {
    expect(await call(method, path, body)).toEqual({ status, answer: { error: expect.stringContaining(words) } });
  });
});
