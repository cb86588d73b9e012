// The status port over real HTTP.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Health } from '../../src/controller/health.ts';
import { type StatusSources, serveStatus } from '../../src/controller/status-port.ts';
import { readExposition } from '../support/exposition.ts';
import { keepingLogger } from '../support/log-lines.ts';
import { aReport } from '../support/report-builder.ts';

const HEALTH: Health = {
  isHealthy: true,
  role: 'leader',
  leaseRemainingMs: 9_000,
  lastPassAt: 1,
  trouble: null,
  holds: [],
};

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

/** Serves, and fetches paths. */
async function aStatusPort(over: Partial<StatusSources> = {}) {
  const { logger, lines } = keepingLogger();
  const scrape = () => ({
    cluster: 'production',
    fleet: 'general',
    isLeader: true,
    lastPassAt: 1_000,
    result: { report: aReport(), placementFailures: 0 },
    isByInstance: false,
  });
  const sources = { health: () => HEALTH, scrape, report: () => aReport(), logger, ...over };
  const server = await serveStatus({ host: '127.0.0.1', port: 0, ...sources });
  servers.push(server);
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  const get = (path: string, init: RequestInit = {}) =>
    fetch(`http://127.0.0.1:${port}${path}`, { ...init, headers: { connection: 'close' } });
  return { get, port, lines };
}

describe('the status port', () => {
  it.each([
    [200, true],
    [503, false],
  ])('answers /healthz with %i when it is %s that the process makes progress', async (status, isHealthy) => {
    const { get } = await aStatusPort({ health: () => ({ ...HEALTH, isHealthy }) });
    const answer = await get('/healthz');
    expect([answer.status, await answer.json()]).toEqual([status, { ...HEALTH, isHealthy }]);
  });

  it('serves /metrics as Prometheus asks for it', async () => {
    const { get } = await aStatusPort();
    const answer = await get('/metrics', { headers: { accept: 'text/plain;version=0.0.4' } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
    ]);
    const { series } = readExposition(await answer.text());
    expect(series).toContainEqual({
      name: 'spotkeeper_schedulable_tasks',
      labels: { cluster: 'production', shape: '1024cpu/2048MiB' },
      value: 3,
    });
  });

  it('serves the last report, with the health, as /status.json', async () => {
    const { get } = await aStatusPort();
    expect(await (await get('/status.json')).json()).toEqual({ ...HEALTH, report: aReport() });
  });

  it('serves no report before there is one', async () => {
    const { get } = await aStatusPort({ report: () => null });
    expect(await (await get('/status.json?x')).json()).toMatchObject({ report: null });
  });

  it('answers HEAD without a body', async () => {
    const { get } = await aStatusPort();
    const answer = await get('/metrics', { method: 'HEAD' });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });

  it.each([
    ['/', 'GET'],
    ['/metrics/', 'GET'],
    ['/__proto__', 'GET'],
    ['/healthz', 'POST'],
  ])('has nothing at %s for %s, and says what there is', async (path, method) => {
    const { get } = await aStatusPort();
    const answer = await get(path, { method });
    expect([answer.status, await answer.json()]).toEqual([
      404,
      { error: 'only GET /healthz, /metrics, /status.json is served here' },
    ]);
  });

  it('says when a page could not be made, logs why, and goes on', async () => {
    const { get, lines } = await aStatusPort({
      scrape: () => {
        throw new Error('no figures');
      },
    });
    expect((await get('/metrics')).status).toBe(500);
    expect(lines).toMatchObject([{ level: 'error', fields: { err: new Error('no figures'), path: '/metrics' } }]);
    expect((await get('/healthz')).status).toBe(200);
  });

  it('names the setting when its address is taken', async () => {
    const { port } = await aStatusPort();
    const { logger } = keepingLogger();
    const sources = { health: () => HEALTH, report: () => null, scrape: () => Promise.reject(new Error()) as never };
    await expect(serveStatus({ host: '127.0.0.1', port, logger, ...sources })).rejects.toMatchObject({
      code: 'bad-configuration',
      message: `listening on 127.0.0.1:${port} (status.host, status.port)`,
    });
  });
});
