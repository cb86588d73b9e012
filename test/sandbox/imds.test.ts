import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ec2Instance } from '../../src/world/ec2/instance.ts';
import { aFleet, anEc2Sandbox, type Ec2Sandbox } from './ec2/an-ec2-sandbox.ts';

const TTL = 'x-aws-ec2-metadata-token-ttl-seconds';
const TOKEN = 'x-aws-ec2-metadata-token';

let cloud: Ec2Sandbox;
let instances: readonly Ec2Instance[];
beforeAll(async () => {
  cloud = await anEc2Sandbox();
  instances = aFleet(cloud, { targetUnits: 3, overrides: ANY, type: 'request' }).members;
});
afterAll(() => cloud.close());

const ANY = [{ instanceType: 'm6i.large', zone: 'us-east-1a', weightUnits: 1 }];

/** A request to the metadata service of the nth instance. */
async function call(path: string, init: RequestInit = {}, which = 0): Promise<Response> {
  const urls = await cloud.sandbox.instances.urlsOf(instances[which]?.id ?? '');
  return fetch(`${urls?.metadata}${path}`, init);
}

const put = (headers: Record<string, string>, path = '/latest/api/token') => call(path, { method: 'PUT', headers });

async function tokenOf(ttlSeconds = 21_600): Promise<string> {
  return (await put({ [TTL]: String(ttlSeconds) })).text();
}

/** Status, and the body of a success. */
async function read(path: string, which = 0): Promise<[status: number, body: string | null]> {
  const urls = await cloud.sandbox.instances.urlsOf(instances[which]?.id ?? '');
  const answer = await fetch(`${urls?.metadata}/latest/api/token`, { method: 'PUT', headers: { [TTL]: '60' } });
  const response = await call(path, { headers: { [TOKEN]: await answer.text() } }, which);
  const body = await response.text();
  return [response.status, response.ok ? body : null];
}

describe('a metadata token', () => {
  it('is the body of the answer, with its time to live in a header', async () => {
    const response = await put({ [TTL]: '300' });
    expect(response.status).toBe(200);
    expect(response.headers.get(TTL)).toBe('300');
    expect(await response.text()).toMatch(/^[\w=-]{50,60}$/);
  });

  it.each(['0', '21601', 'soon', '-1', ''])('is refused for a time to live of "%s"', async (ttl) => {
    expect((await put({ [TTL]: ttl })).status).toBe(400);
  });

  it('is refused without a time to live', async () => {
    expect((await put({})).status).toBe(400);
  });

  it('is refused to a forwarded request', async () => {
    expect((await put({ [TTL]: '60', 'x-forwarded-for': '10.0.0.1' })).status).toBe(403);
  });

  it('is refused on a dated path', async () => {
    expect((await put({ [TTL]: '60' }, '/2021-03-23/api/token')).status).toBe(403);
  });

  it('holds until its time to live is over', async () => {
    const headers = { [TOKEN]: await tokenOf(10) };
    cloud.pass(9_999);
    expect((await call('/latest/meta-data/instance-id', { headers })).status).toBe(200);
    cloud.pass(1);
    expect((await call('/latest/meta-data/instance-id', { headers })).status).toBe(401);
  });

  it('is worth nothing on another instance', async () => {
    const headers = { [TOKEN]: await tokenOf() };
    expect((await call('/latest/meta-data/instance-id', { headers }, 1)).status).toBe(401);
  });

  it.each([{}, { [TOKEN]: 'nonsense' }])('is needed to read: %j is not enough', async (headers) => {
    const response = await call('/latest/meta-data/instance-id', { headers });
    expect(response.status).toBe(401);
    expect(await response.text()).toMatch(/^<\?xml/);
  });
});

describe('metadata', () => {
  it('tells an instance what it is', async () => {
    const [instance] = instances;
    expect(await read('/latest/meta-data/instance-id')).toEqual([200, instance?.id]);
    expect(await read('/latest/meta-data/instance-type')).toEqual([200, 'm6i.large']);
    expect(await read('/latest/meta-data/instance-life-cycle')).toEqual([200, 'spot']);
    expect(await read('/latest/meta-data/placement/availability-zone')).toEqual([200, 'us-east-1a']);
    expect(await read('/latest/meta-data/placement/region')).toEqual([200, 'us-east-1']);
    expect(await read('/latest/meta-data/local-ipv4')).toEqual([200, instance?.privateIp]);
  });

  it('holds the identity document', async () => {
    const [, body] = await read('/latest/dynamic/instance-identity/document');
    expect(JSON.parse(body ?? '')).toMatchObject({
      accountId: '123456789012',
      architecture: 'x86_64',
      availabilityZone: 'us-east-1a',
      instanceId: instances[0]?.id,
      instanceType: 'm6i.large',
      privateIp: instances[0]?.privateIp,
      region: 'us-east-1',
    });
  });

  it('lists a folder one name a line, sub-folders with a slash', async () => {
    expect(await read('/latest/meta-data/placement/')).toEqual([200, 'availability-zone\nregion']);
    expect((await read('/latest/meta-data/'))[1]?.split('\n')).toEqual(
      expect.arrayContaining(['instance-id', 'placement/', 'services/']),
    );
  });

  it.each([
    'spot/instance-action',
    'spot/termination-time',
    'events/recommendations/rebalance',
    'autoscaling/target-lifecycle-state',
    'tags/instance',
    'iam/security-credentials/',
    'constructor',
  ])('has no %s without a reason: 404 and a page that is no value', async (path) => {
    expect(await read(`/latest/meta-data/${path}`)).toEqual([404, null]);
  });

  it.each(['scheduled', 'history'])('has an empty list of maintenance (%s)', async (list) => {
    expect(await read(`/latest/meta-data/events/maintenance/${list}`)).toEqual([200, '[]']);
  });

  it('answers HEAD without a body, and 405 to what it does not do', async () => {
    const headers = { [TOKEN]: await tokenOf() };
    const head = await call('/latest/meta-data/instance-id', { method: 'HEAD', headers });
    expect([head.status, await head.text()]).toEqual([200, '']);
    expect((await call('/latest/meta-data/instance-id', { method: 'POST', headers })).status).toBe(405);
  });
});

describe('an interruption notice', () => {
  it('appears on the noticed instance only, with the second of its deadline', async () => {
    const deadlineAt = cloud.sandbox.world.agenda.now + cloud.sandbox.world.settings.noticeMs;
    cloud.sandbox.world.ec2.sendNotice(instances[2]?.id ?? '');
    const [status, body] = await read('/latest/meta-data/spot/instance-action', 2);
    expect(status).toBe(200);
    const { action, time } = JSON.parse(body ?? '') as { action: string; time: string };
    expect(action).toBe('terminate');
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(Date.parse(time)).toBe(Math.floor(deadlineAt / 1000) * 1000);
    expect(await read('/latest/meta-data/spot/termination-time', 2)).toEqual([200, time]);
    expect(await read('/latest/meta-data/spot/instance-action', 0)).toEqual([404, null]);
  });

  it('is not given to an instance that somebody terminates', async () => {
    const [instance] = aFleet(cloud, { targetUnits: 1, type: 'request' }).members;
    cloud.sandbox.world.ec2.terminate([instance?.id ?? '']);
    expect(instance?.notice).toBeNull();
  });
});

describe('what else EC2 tells an instance ahead', () => {
  const world = () => cloud.sandbox.world;
  const first = () => instances[0]?.id ?? '';
  const list = async (name: string) =>
    JSON.parse((await read(`/latest/meta-data/events/maintenance/${name}`))[1] ?? '');

  it('is a notice with the action that will be taken, until it is withdrawn', async () => {
    world().ec2.sendNotice(first(), { action: 'stop' });
    const [, body] = await read('/latest/meta-data/spot/instance-action');
    expect(JSON.parse(body ?? '')).toMatchObject({ action: 'stop' });
    world().ec2.withdrawNotice(first());
    expect(await read('/latest/meta-data/spot/instance-action')).toEqual([404, null]);
  });

  it('is a rebalance recommendation with the second it was made', async () => {
    const at = world().agenda.now;
    world().ec2.recommendRebalance(first());
    const [status, body] = await read('/latest/meta-data/events/recommendations/rebalance');
    const noticeTime = new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
    expect([status, JSON.parse(body ?? '')]).toEqual([200, { noticeTime }]);
  });

  it("is scheduled maintenance, in AWS's own date format, and later its history", async () => {
    const [notBeforeAt, notAfterAt] = [Date.UTC(2026, 11, 1, 9, 0, 43), Date.UTC(2026, 11, 21, 9, 17, 23)];
    const order = { code: 'system-reboot', notBeforeAt, notAfterAt, description: 'scheduled reboot' };
    const [done, called] = [1, 2].map(() => world().ec2.scheduleMaintenance(first(), order));
    const [Code, NotBefore, NotAfter] = ['system-reboot', '1 Dec 2026 09:00:43 GMT', '21 Dec 2026 09:17:23 GMT'];
    const common = { NotBefore, Code, NotAfter };
    expect(await list('scheduled')).toEqual(
      [done, called].map((EventId) => ({ ...common, EventId, Description: 'scheduled reboot', State: 'active' })),
    );
    world().ec2.finishMaintenance(first(), done ?? '', 'completed');
    world().ec2.finishMaintenance(first(), called ?? '', 'canceled');
    expect(await list('scheduled')).toEqual([]);
    expect(await list('history')).toEqual([
      { ...common, EventId: done, Description: '[Completed] scheduled reboot', State: 'completed' },
      { ...common, EventId: called, Description: '[Canceled] scheduled reboot', State: 'canceled' },
    ]);
  });

  it('has an empty end where maintenance has none', async () => {
    const id = world().ec2.scheduleMaintenance(first(), { code: 'instance-retirement', notBeforeAt: 0 });
    expect(await list('scheduled')).toMatchObject([{ NotAfter: '', Code: 'instance-retirement' }]);
    world().ec2.finishMaintenance(first(), id, 'canceled');
  });

  it('is what an Auto Scaling group wants of it', async () => {
    world().ec2.setTargetState(first(), 'Terminated');
    expect(await read('/latest/meta-data/autoscaling/target-lifecycle-state')).toEqual([200, 'Terminated']);
    world().ec2.setTargetState(first(), null);
    expect(await read('/latest/meta-data/autoscaling/target-lifecycle-state')).toEqual([404, null]);
  });
});
