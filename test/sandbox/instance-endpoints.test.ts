import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
