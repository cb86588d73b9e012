import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FaultEffect } from '../../src/sandbox/faults.ts';
import type { InstanceUrls } from '../../src/sandbox/instance-endpoints.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { until } from '../support/until.ts';
import { aCluster, aQuickSandbox } from './clients.ts';

let sandbox: Sandbox;
let instanceId: string;
let urls: InstanceUrls;

beforeAll(async () => {
  sandbox = await aQuickSandbox();
  aCluster(sandbox);
  await until('an instance to boot', () => [...sandbox.world.ec2.instances.values()].some(({ isUp }) => isUp));
  instanceId = [...sandbox.world.ec2.instances.keys()][0] ?? '';
  const open = await sandbox.instances.urlsOf(instanceId);
  if (open === null) throw new Error('the instance has no endpoints');
  urls = open;
});

afterAll(() => sandbox.close());

const isUp = () => sandbox.world.ec2.instances.get(instanceId)?.isUp === true;

const token = () =>
  fetch(`${urls.metadata}/latest/api/token`, {
    method: 'PUT',
    headers: { 'x-aws-ec2-metadata-token-ttl-seconds': '60' },
  });

describe('a booted instance', () => {
  it('answers for its metadata and for its ECS agent on ports of its own', async () => {
    expect((await token()).status).toBe(200);
    const metadata = await fetch(`${urls.introspection}/v1/metadata`);
    expect(await metadata.json()).toMatchObject({ Cluster: 'tests' });
    expect(new URL(urls.metadata).port).not.toBe(new URL(urls.introspection).port);
  });

  it('has its requests in the log, under its own name', async () => {
    await (await token()).text();
    await until('the request to be logged', () => sandbox.log.records.some(({ service }) => service === 'imds'));
    expect(sandbox.log.records.findLast(({ service }) => service === 'imds')).toMatchObject({
      action: 'PUT /latest/api/token',
      caller: { name: instanceId },
      status: 200,
    });
  });

  it('suffers injected faults', async () => {
    const strike = (effect: Parameters<Sandbox['faults']['add']>[0]['effect']) =>
      sandbox.faults.add({ service: 'imds', action: '*', count: 1, effect });
    strike({ kind: 'throttle' });
    expect((await token()).status).toBe(503);
    strike({ kind: 'error', code: 'Forbidden', status: 403, message: 'off' });
    expect((await token()).status).toBe(403);
    strike({ kind: 'drop', when: 'before' });
    await expect(token()).rejects.toThrow();
    expect((await token()).status).toBe(200);
  });

  describe.each(['imds', 'introspection'])('with a fault in its %s', (service) => {
    const ask = () => (service === 'imds' ? token() : fetch(`${urls.introspection}/v1/metadata`));
    const strike = (effect: FaultEffect) => sandbox.faults.add({ service, action: '*', count: 1, effect });

    it('has its connections reset', async () => {
      strike({ kind: 'reset' });
      await expect(ask()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
      expect((await ask()).status).toBe(200);
    });

    it('answers with half of what it would say', async () => {
      const whole = await (await ask()).text();
      strike({ kind: 'truncate' });
      const half = await ask();
      expect([half.status, (await half.text()).length]).toEqual([200, Math.floor(whole.length / 2)]);
    });

    it('answers with a page of HTML', async () => {
      strike({ kind: 'garbage' });
      const page = await ask();
      expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<html>')]);
    });

    it('closes the connection after an answer that is as it should be', async () => {
      strike({ kind: 'hang-up' });
      const answer = await ask();
      expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close']);
    });

    it('answers an injected error with a page that is no value', async () => {
      strike({ kind: 'error', code: 'x', status: 500, message: 'x' });
      const page = await ask();
      expect([page.status, await page.text()]).toEqual([500, expect.stringContaining('500 - Internal Server Error')]);
    });
  });

  it('can have only its token endpoint broken', async () => {
    const held = await (await token()).text();
    const read = () =>
      fetch(`${urls.metadata}/latest/meta-data/instance-id`, { headers: { 'x-aws-ec2-metadata-token': held } });
    const effect = { kind: 'error', code: 'x', status: 503, message: 'x' } as const;
    const id = sandbox.faults.add({ service: 'imds', action: 'PUT /latest/api/token', effect });
    expect((await token()).status).toBe(503);
    expect(await (await read()).text()).toBe(instanceId);
    sandbox.faults.remove(id);
  });

  it('can lose every token it has issued, and issues new ones', async () => {
    const readWith = async (held: string) =>
      (await fetch(`${urls.metadata}/latest/meta-data/instance-id`, { headers: { 'x-aws-ec2-metadata-token': held } }))
        .status;
    const old = await (await token()).text();
    expect(await readWith(old)).toBe(200);
    sandbox.forgetTokens(instanceId);
    expect(await readWith(old)).toBe(401);
    const renewed = await (await token()).text();
    expect(await readWith(renewed)).toBe(200);
    sandbox.forgetTokens();
    expect(await readWith(renewed)).toBe(401);
  });

  it('answers again after a reboot, elsewhere', async () => {
    sandbox.driver.inPresent(() => sandbox.world.ec2.reboot(instanceId));
    expect(await sandbox.instances.urlsOf(instanceId)).toBeNull();
    await until('the next boot', () => sandbox.driver.inPresent(() => isUp()));
    const again = await sandbox.instances.urlsOf(instanceId);
    expect(again).not.toBeNull();
    expect(again).not.toEqual(urls);
    urls = again ?? urls;
    expect((await token()).status).toBe(200);
  });

  it('answers nobody any more when its power is gone', async () => {
    sandbox.driver.inPresent(() => sandbox.world.ec2.terminate([instanceId]));
    expect(await sandbox.instances.urlsOf(instanceId)).toBeNull();
    await until('its ports to close', () =>
      token().then(
        () => false,
        () => true,
      ),
    );
  });
});
