// Over real sockets: what the sandbox's own servers never do is done here by hand, byte by byte where it matters.
import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { OutOfTime } from '../../src/aws/local-connection.ts';
import { createLocalHttp, type LocalHttp, type LocalRequest } from '../../src/aws/local-http.ts';
import { systemClock as clock } from '../../src/runtime/system-clock.ts';
import { type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts';
import { until } from '../support/until.ts';

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function scripted(...args: Parameters<typeof startScriptedServer>): Promise<ScriptedServer> {
  const server = await startScriptedServer(...args);
  closing.push(() => server.close());
  return server;
}

/** A server below HTTP: whenever something was sent, `say` answers with whatever bytes it likes. */
async function bytes(say: (socket: Socket, count: number) => void) {
  const sockets = new Set<Socket>();
  let count = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('data', () => say(socket, ++count));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    connections: () => sockets.size,
    /** The server closes whatever lies idle. */
    closeIdle: () => {
      for (const socket of sockets) socket.destroy();
    },
  };
}

const open = (endpoint: string, timeoutMs = 10_000): LocalHttp => createLocalHttp({ endpoint, clock, timeoutMs });
const ask = (http: LocalHttp, more: Partial<LocalRequest> = {}) =>
  http.send({ method: 'GET', path: '/x', headers: {}, doing: 'asking', signal: undefined, ...more });

const OK = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

describe('an answer', () => {
  it.each([
    ['of a stated length', OK, 'ok'],
    ['in chunks', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n1;x=y\r\n!\r\n0\r\n\r\n', 'ok!'],
    ['of HTTP/1.0', 'HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok', 'ok'],
    ['with an empty body', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', ''],
    ['with letters beyond ASCII', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\né', 'é'],
    ['whose header names are written in another case', 'HTTP/1.1 200 OK\r\nCONTENT-LENGTH:2\r\n\r\nok', 'ok'],
  ])('%s is read whole, in one piece or byte by byte', async (_name, answer, text) => {
    const whole = await bytes((socket) => socket.write(answer));
    expect(await ask(open(whole.url))).toEqual({ status: 200, text });
    const dripping = await bytes((socket) => {
      socket.setNoDelay(true);
      for (const byte of Buffer.from(answer)) socket.write(Buffer.of(byte));
    });
    expect(await ask(open(dripping.url))).toEqual({ status: 200, text });
  });

  it('that ends with the connection is read to that end', async () => {
    const server = await bytes((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nok'));
    expect(await ask(open(server.url))).toEqual({ status: 200, text: 'ok' });
  });

  it.each([302, 404, 500, 503])('of status %s is an answer, and no redirect is followed', async (status) => {
    const server = await scripted((_, response) => response.writeHead(status, { location: '/elsewhere' }).end('page'));
    expect(await ask(open(server.url))).toEqual({ status, text: 'page' });
    expect(server.asked).toEqual(['GET /x']);
  });

  it.each([
    ['something else than HTTP', 'SSH-2.0-OpenSSH_9.6\r\n\r\n'],
    ['a length that is no number', 'HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\nok'],
    ['a chunk without a size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\nok\r\n'],
    ['headers without end', `HTTP/1.1 200 OK\r\n${'X-Filler: filler filler filler\r\n'.repeat(5_000)}`],
  ])('that is %s is refused', async (_name, answer) => {
    const server = await bytes((socket) => socket.write(answer));
    await expect(ask(open(server.url))).rejects.toMatchObject({ name: 'Failure', code: 'refused', message: 'asking' });
  });

  it.each([
    ['within its headers', 'HTTP/1.1 200 OK\r\nContent-'],
    ['within its body', 'HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{"action":'],
    ['within a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n14\r\n{"action":'],
    ['before it began', ''],
  ])('that is cut off %s is none', async (_name, answer) => {
    const server = await bytes((socket) => socket.end(answer));
    await expect(ask(open(server.url))).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('larger than 64 KiB is refused, and one as large as that is not', async () => {
    const server = await scripted((request, response) => response.end('x'.repeat(Number(request.url?.slice(1)))));
    const http = open(server.url);
    expect((await ask(http, { path: '/65536' })).text).toHaveLength(65_536);
    await expect(ask(http, { path: '/65537' })).rejects.toMatchObject({ code: 'refused' });
    expect((await ask(http, { path: '/65537', largestBodyBytes: 65_537 })).text).toHaveLength(65_537);
  });
});

describe('a request', () => {
  it('says what it wants, below the prefix of the endpoint', async () => {
    const seen: object[] = [];
    const server = await scripted((request, response) => {
      seen.push({
        of: `${request.method} ${request.url}`,
        token: request.headers['x-token'],
        host: request.headers.host,
      });
      response.end();
    });
    const http = open(`${server.url}/prefix/`);
    await ask(http, { headers: { 'X-Token': 'abc' } });
    await ask(http, { method: 'PUT', path: '/latest/api/token' });
    const host = new URL(server.url).host;
    expect(seen).toEqual([
      { of: 'GET /prefix/x', token: 'abc', host },
      { of: 'PUT /prefix/latest/api/token', token: undefined, host },
    ]);
  });

  it('that is given up ends at once, before it left or after', async () => {
    const server = await scripted(() => {});
    const http = open(server.url, 60_000);
    await expect(ask(http, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'timed-out' });
    expect(server.asked).toEqual([]);
    const giving = new AbortController();
    const asking = ask(http, { signal: giving.signal });
    await until('the request has arrived', () => server.asked.length === 1);
    giving.abort();
    await expect(asking).rejects.toMatchObject({ code: 'timed-out' });
  });

  it('goes to an IPv6 address', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {}).on('data', () => socket.end(OK));
    });
    await new Promise<void>((resolve) => server.listen(0, '::1', resolve));
    closing.push(async () => void server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    expect(await ask(open(`http://[::1]:${port}`))).toEqual({ status: 200, text: 'ok' });
  });
});

describe('the time of a request', () => {
  it('is bounded where the server says nothing, and the cause tells that it was there', async () => {
    const server = await bytes(() => {});
    const failure = await ask(open(server.url, 40)).catch((error) => error);
    expect(failure).toMatchObject({ name: 'Failure', code: 'timed-out' });
    expect(failure.cause).toBeInstanceOf(OutOfTime);
    expect(failure.cause).toMatchObject({ isConnected: true });
  });

  it.each([
    ['headers', 'HTTP/1.1 200 OK\r\nX: '],
    ['body', 'HTTP/1.1 200 OK\r\nContent-Length: 50000\r\n\r\n'],
  ])('is bounded where the %s trickles', async (_name, start) => {
    const server = await bytes((socket) => {
      socket.write(start);
      const drip = setInterval(() => socket.write('H'), 5);
      socket.on('close', () => clearInterval(drip));
    });
    await expect(ask(open(server.url, 60))).rejects.toMatchObject({ code: 'timed-out' });
  });
});

describe('the connection', () => {
  it('serves one request after the other, and is known to be kept', async () => {
    const server = await scripted((_, response) => response.end('ok'));
    const http = open(server.url);
    for (let count = 0; count < 3; count += 1) {
      expect(http.keepsConnections()).toBe(true);
      await ask(http);
    }
    expect(server.connections()).toBe(1);
    expect(http.keepsConnections()).toBe(true);
  });

  it('is taken to be kept by a server that does not answer', async () => {
    const server = await bytes((socket) => socket.destroy());
    const http = open(server.url);
    for (let count = 0; count < 3; count += 1) await expect(ask(http)).rejects.toMatchObject({ code: 'unavailable' });
    expect(http.keepsConnections()).toBe(true);
  });

  it('that ends with a failure now and then is taken to be kept', async () => {
    const server = await bytes((socket, count) => (count % 2 === 0 ? socket.destroy() : socket.write(OK)));
    const http = open(server.url);
    for (let count = 0; count < 3; count += 1) {
      expect(await ask(http)).toMatchObject({ status: 200 });
      server.closeIdle();
      await expect(ask(http)).rejects.toMatchObject({ code: 'unavailable' });
    }
    expect(http.keepsConnections()).toBe(true);
  });

  it('that is closed now and then is taken to be kept', async () => {
    const server = await bytes((socket) => socket.write(OK));
    const http = open(server.url);
    for (let count = 0; count < 2; count += 1) await ask(http);
    server.closeIdle();
    await ask(http);
    expect(server.connections()).toBe(2);
    expect(http.keepsConnections()).toBe(true);
  });

  it('is known not to be kept by a server that closes it', async () => {
    const server = await scripted((_, response) => response.writeHead(200, { connection: 'close' }).end('ok'));
    const http = open(server.url);
    for (let count = 0; count < 3; count += 1) await ask(http);
    expect(server.connections()).toBe(3);
    expect(http.keepsConnections()).toBe(false);
  });

  it('that was closed while it lay idle is replaced without a word', async () => {
    const server = await bytes((socket) => socket.write(OK));
    const http = open(server.url);
    await ask(http);
    server.closeIdle();
    expect(await ask(http)).toEqual({ status: 200, text: 'ok' });
    expect(server.connections()).toBe(2);
    expect(http.keepsConnections()).toBe(false);
  });

  it('that is closed when it is used again is replaced once, and only once', async () => {
    let isDown = false;
    const server = await bytes((socket) => {
      if (isDown) socket.destroy();
      else socket.write(OK);
    });
    const http = open(server.url);
    await ask(http);
    isDown = true;
    await expect(ask(http)).rejects.toMatchObject({ code: 'unavailable' });
    expect(server.connections()).toBe(2);
  });

  it('on which an answer had begun is not tried again', async () => {
    const server = await bytes((socket, count) => {
      if (count === 1) socket.write(OK);
      else socket.end(OK.slice(0, -1));
    });
    const http = open(server.url);
    await ask(http);
    await expect(ask(http)).rejects.toMatchObject({ code: 'unavailable' });
    expect(server.connections()).toBe(1);
  });

  it('on which nothing came in time is not used again', async () => {
    const server = await bytes((socket, count) => {
      if (count > 1) socket.write(OK);
    });
    const http = open(server.url, 40);
    await expect(ask(http)).rejects.toMatchObject({ code: 'timed-out' });
    expect(await ask(http)).toEqual({ status: 200, text: 'ok' });
    expect(server.connections()).toBe(2);
  });

  it('of one request does not hold up another', async () => {
    const server = await scripted((request, response) => {
      if (request.url === '/fast') response.end('ok');
    });
    const http = open(server.url);
    const giving = new AbortController();
    const slow = ask(http, { path: '/slow', signal: giving.signal });
    expect(await ask(http, { path: '/fast' })).toEqual({ status: 200, text: 'ok' });
    giving.abort();
    await expect(slow).rejects.toMatchObject({ code: 'timed-out' });
  });
});
