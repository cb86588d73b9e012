// The port on which agents ask for a look, over real HTTP and, for those who do not keep to it, over plain sockets.
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { servePokes } from '../../src/controller/poke-port.ts';
import { aFreePort } from '../support/free-port.ts';
import { keepingLogger } from '../support/log-lines.ts';

let server: Server | null = null;
afterEach(() => {
  server?.close();
  server?.closeAllConnections();
});

async function aPort({ isLeading = true } = {}) {
  let pokes = 0;
  const { logger } = keepingLogger();
  const onPoke = () => {
    pokes += 1;
  };
  const port = await aFreePort();
  server = await servePokes({ host: '127.0.0.1', port, isLeading: () => isLeading, onPoke, logger });
  const ask = async (method: string, path = '/look', init: RequestInit = {}) =>
    (await fetch(`http://127.0.0.1:${port}${path}`, { method, ...init })).status;
  return { port, ask, pokes: () => pokes };
}

/** All that is answered to these bytes until the connection ends. */
function raw(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => resolve(answer));
  });
}

describe('the port on which agents ask for a look', () => {
  it('takes POST /look and says so', async () => {
    const { ask, pokes } = await aPort();
    expect(await ask('POST')).toBe(202);
    expect(pokes()).toBe(1);
  });

  it('sends whoever asks a standby elsewhere', async () => {
    const { ask, pokes } = await aPort({ isLeading: false });
    expect([await ask('POST'), await ask('GET')]).toEqual([503, 503]);
    expect(pokes()).toBe(0);
  });

  it('tells a load balancer who leads, which is no poke', async () => {
    const { ask, pokes } = await aPort();
    expect([await ask('GET'), await ask('HEAD')]).toEqual([200, 200]);
    expect(pokes()).toBe(0);
  });

  it.each([
    ['PUT', '/look', 405],
    ['DELETE', '/look', 405],
    ['POST', '/', 404],
    ['POST', '/status.json', 404],
    ['GET', '/metrics', 404],
  ])('answers %s %s with %i', async (method, path, status) => {
    const { ask, pokes } = await aPort();
    expect(await ask(method, path)).toBe(status);
    expect(pokes()).toBe(0);
  });

  it('believes nothing of what is said in a body', async () => {
    const { ask, pokes } = await aPort();
    expect(await ask('POST', '/look', { body: '{"target": 0, "terminate": ["i-1"]}' })).toBe(202);
    expect(pokes()).toBe(1);
  });

  it('answers before a body of any length has come, and lets the connection go', async () => {
    const { port, pokes } = await aPort();
    const answer = await raw(port, 'POST /look HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000000\r\n\r\nabc');
    expect(answer).toMatch(/^HTTP\/1\.1 202 /);
    expect(pokes()).toBe(1);
  });

  it('lets go of whoever does not finish asking', async () => {
    const { port, pokes } = await aPort();
    await raw(port, 'POST /look HTTP/1.1\r\nHost: x\r\n');
    expect(pokes()).toBe(0);
  });

  it('refuses headers without end', async () => {
    const { port } = await aPort();
    expect(await raw(port, `GET /look HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('is not there unless asked for', async () => {
    const { logger } = keepingLogger();
    const options = { host: '127.0.0.1', port: 0, isLeading: () => true, onPoke: () => {}, logger };
    expect(await servePokes(options)).toBeNull();
  });

  it('that cannot be opened is bad configuration', async () => {
    const { port } = await aPort();
    const { logger } = keepingLogger();
    const options = { host: '127.0.0.1', port, isLeading: () => true, onPoke: () => {}, logger };
    await expect(servePokes(options)).rejects.toMatchObject({
      code: 'bad-configuration',
      message: expect.stringContaining('poke.port'),
    });
  });
});
