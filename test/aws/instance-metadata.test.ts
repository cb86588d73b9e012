import type { RequestListener } from 'node:http';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createInstanceMetadata } from '../../src/aws/instance-metadata.ts';
import type { InstanceMetadata } from '../../src/ports/metadata.ts';
import { systemClock as clock } from '../../src/runtime/system-clock.ts';
import { startScript } from '../support/script.ts';
import { imdsAnswering, type ScriptedServer, startScriptedServer } from '../support/scripted-server.ts';

const NOTICE = '{"action":"terminate","time":"2017-09-18T08:22:00Z"}';
const TOKEN_HEADER = 'x-aws-ec2-metadata-token';

let server: ScriptedServer | null = null;
afterEach(async () => {
  await server?.close();
  server = null;
});

async function metadataOver(listener: RequestListener, timeoutMs = 5_000) {
  server = await startScriptedServer(listener);
  return createInstanceMetadata({ endpoint: server.url, clock, timeoutMs });
}

const answering = (status: number, body: string): RequestListener =>
  imdsAnswering((_request, response) => response.writeHead(status).end(body));

/** Promises one byte more than it gives. */
const cutting = (body: string): RequestListener =>
  imdsAnswering((_request, response) => {
    response.writeHead(200, { 'content-length': Buffer.byteLength(body) + 1 });
    response.write(body, () => response.destroy());
  });

describe('the interruption notice', () => {
  it('is read with a token of the longest lifetime, over one connection', async () => {
    const headers: unknown[] = [];
    const metadata = await metadataOver(
      imdsAnswering(
        (request, response) => {
          headers.push(request.headers[TOKEN_HEADER]);
          response.end(NOTICE);
        },
        (request) => {
          headers.push(request.headers['x-aws-ec2-metadata-token-ttl-seconds']);
          return 'token-1';
        },
      ),
    );
    const notice = { action: 'terminate', deadlineAt: Date.parse('2017-09-18T08:22:00Z') };
    expect(await metadata.interruptionNotice()).toEqual(notice);
    expect(await metadata.interruptionNotice()).toEqual(notice);
    expect(headers).toEqual(['21600', 'token-1', 'token-1']);
    expect(server?.asked).toEqual([
      'PUT /latest/api/token',
      'GET /latest/meta-data/spot/instance-action',
      'GET /latest/meta-data/spot/instance-action',
    ]);
    expect(server?.connections()).toBe(1);
  });

  it('is none on a 404, whose page is not read', async () => {
    const metadata = await metadataOver(answering(404, NOTICE));
    expect(await metadata.interruptionNotice()).toBe(null);
  });

  it.each([
    ['503', answering(503, NOTICE), 'refused'],
    ['403', answering(403, NOTICE), 'refused'],
    ['a redirect', imdsAnswering((_, response) => response.writeHead(302, { location: '/ok' }).end()), 'refused'],
    ['a page that is not JSON', answering(200, '<html>'), 'refused'],
    ['an empty body', answering(200, ''), 'refused'],
    ['JSON of another form', answering(200, '[]'), 'refused'],
    ['JSON null', answering(200, 'null'), 'refused'],
    ['an action nobody knows at no time', answering(200, '{"action":"dance"}'), 'refused'],
    ['a time that is none', answering(200, '{"action":"stop","time":"soon"}'), 'refused'],
    ['a huge body', answering(200, ' '.repeat(1_000_000) + NOTICE), 'refused'],
    ['a cut connection', imdsAnswering((request) => void request.socket.destroy()), 'unavailable'],
    ['a token that is refused', (_: unknown, response) => response.writeHead(403).end('x'), 'refused'],
    ['a token page that is HTML', imdsAnswering(answering(200, NOTICE), () => '<html>\n'), 'refused'],
    ['an empty token', imdsAnswering(answering(200, NOTICE), () => ''), 'refused'],
  ] satisfies [string, RequestListener, string][])(
    'is unknown, never none, after %s',
    async (_name, listener, code) => {
      const metadata = await metadataOver(listener);
      await expect(metadata.interruptionNotice()).rejects.toMatchObject({ name: 'Failure', code, kind: 'world' });
    },
  );

  it('is unknown when the answer does not come in time', async () => {
    const metadata = await metadataOver(
      imdsAnswering(() => {}),
      50,
    );
    await expect(metadata.interruptionNotice()).rejects.toMatchObject({ code: 'timed-out' });
  });

  it('is unknown when the answer comes drop by drop', async () => {
    const dripping = imdsAnswering((_request, response) => {
      const drop = setInterval(() => response.write(' '), 5);
      response.on('close', () => clearInterval(drop));
    });
    const metadata = await metadataOver(dripping, 100);
    await expect(metadata.interruptionNotice()).rejects.toMatchObject({ code: 'timed-out' });
  });

  it('is unknown when nobody is there', async () => {
    const metadata = createInstanceMetadata({ endpoint: 'http://127.0.0.1:1', clock });
    await expect(metadata.interruptionNotice()).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('is given up when the caller ends', async () => {
    const metadata = await metadataOver(
      imdsAnswering(() => {}),
      60_000,
    );
    const controller = new AbortController();
    const asking = metadata.interruptionNotice(controller.signal);
    controller.abort();
    await expect(asking).rejects.toMatchObject({ code: 'timed-out' });
  });

  it('is read again after a moment in which it could not be', async () => {
    let isDown = true;
    const metadata = await metadataOver(
      imdsAnswering((_request, response) => response.writeHead(isDown ? 503 : 404).end()),
    );
    await expect(metadata.interruptionNotice()).rejects.toMatchObject({ code: 'refused' });
    isDown = false;
    expect(await metadata.interruptionNotice()).toBe(null);
  });

  it('is read on a fresh connection when the server had closed the idle one', async () => {
    const metadata = await metadataOver(
      imdsAnswering((request, response) => {
        const isReused = (server?.asked.length ?? 0) === 3;
        if (isReused) request.socket.resetAndDestroy();
        else response.writeHead(404).end();
      }),
    );
    expect(await metadata.interruptionNotice()).toBe(null);
    expect(await metadata.interruptionNotice()).toBe(null);
    expect(server?.connections()).toBe(2);
  });
});

type Signal = 'interruptionNotice' | 'rebalanceRecommendation' | 'maintenanceEvents' | 'targetLifecycleState';
const SIGNALS: readonly (readonly [Signal, string, string, unknown])[] = [
  ['interruptionNotice', 'spot/instance-action', NOTICE, null],
  ['rebalanceRecommendation', 'events/recommendations/rebalance', '{"noticeTime":"2020-10-27T08:22:00Z"}', null],
  ['maintenanceEvents', 'events/maintenance/scheduled', '[]', []],
  ['targetLifecycleState', 'autoscaling/target-lifecycle-state', 'InService', null],
];

describe.each(SIGNALS)('%s', (signal, path, text, nothing) => {
  const ask = (metadata: InstanceMetadata) => metadata[signal]();

  it('is asked for at its own path', async () => {
    const metadata = await metadataOver(answering(200, text));
    await ask(metadata);
    expect(server?.asked.at(-1)).toBe(`GET /latest/meta-data/${path}`);
  });

  it('is nothing on a 404', async () => {
    expect(await ask(await metadataOver(answering(404, '<html>')))).toEqual(nothing);
  });

  it.each([
    ['503', answering(503, text), 'refused'],
    ['403', answering(403, text), 'refused'],
    ['401 again and again', answering(401, text), 'refused'],
    ['a redirect', answering(302, text), 'refused'],
    ['a page of HTML', answering(200, '<html><body>busy</body></html>'), 'refused'],
    ['half an answer', answering(200, text.slice(0, -1)), 'refused'],
    ['a connection cut within the answer', cutting(text), 'unavailable'],
    ['a connection cut before it', imdsAnswering((request) => void request.socket.destroy()), 'unavailable'],
  ] satisfies [string, RequestListener, string][])('is unknown, never nothing, after %s', async (_, listener, code) => {
    await expect(ask(await metadataOver(listener))).rejects.toMatchObject({ name: 'Failure', code, kind: 'world' });
  });

  it('is unknown, never nothing, when no answer comes in time', async () => {
    const silent = imdsAnswering(() => {});
    await expect(ask(await metadataOver(silent, 50))).rejects.toMatchObject({ code: 'timed-out' });
  });
});

describe('metadata that is turned off', () => {
  it('is said to be so, whether the token or the question is answered 403', async () => {
    const turnedOff = { code: 'refused', message: expect.stringContaining('turned off') };
    const withoutToken = await metadataOver((_request, response) => response.writeHead(403).end());
    await expect(withoutToken.interruptionNotice()).rejects.toMatchObject(turnedOff);
    await server?.close();
    const withToken = await metadataOver(answering(403, ''));
    await expect(withToken.interruptionNotice()).rejects.toMatchObject(turnedOff);
  });
});

describe('the hop limit', () => {
  it('is named when the connection opens and no token ever comes', async () => {
    const metadata = await metadataOver(() => {}, 50);
    const message = expect.stringContaining('HttpPutResponseHopLimit is 1 and this process is in a container');
    await expect(metadata.interruptionNotice()).rejects.toMatchObject({ code: 'timed-out', message });
  });

  it('is not named once a token has come, nor where nobody is there', async () => {
    let isSilent = false;
    const metadata = await metadataOver((request, response) => {
      if (isSilent) return;
      response.writeHead(request.method === 'PUT' ? 200 : 401).end('token-1');
      isSilent = request.method === 'GET';
    }, 50);
    const message = expect.not.stringContaining('HopLimit');
    await expect(metadata.interruptionNotice()).rejects.toMatchObject({ code: 'timed-out', message });
    const nobody = createInstanceMetadata({ endpoint: 'http://127.0.0.1:1', clock });
    await expect(nobody.interruptionNotice()).rejects.toMatchObject({ code: 'unavailable', message });
  });
});

describe('the addresses of the service', () => {
  const NOBODY = 'http://127.0.0.1:1';

  it('are tried in turn, and the one that answers is kept', async () => {
    server = await startScriptedServer(answering(503, ''));
    const silent = createServer();
    let triedSilent = 0;
    silent.on('connection', (socket) => {
      triedSilent += 1;
      socket.destroy();
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const first = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    const metadata = createInstanceMetadata({ endpoint: [first, server.url], clock });
    for (let count = 0; count < 3; count += 1) {
      await expect(metadata.interruptionNotice()).rejects.toMatchObject({ code: 'refused' });
    }
    expect(triedSilent).toBe(1);
    await new Promise((resolve) => silent.close(resolve));
  });

  it('are tried again when the one that answered answers no more', async () => {
    const other = await startScriptedServer(answering(404, ''));
    server = await startScriptedServer(answering(404, ''));
    const metadata = createInstanceMetadata({ endpoint: [other.url, server.url], clock });
    expect(await metadata.interruptionNotice()).toBe(null);
    expect(server.asked).toEqual([]);
    await other.close();
    await expect(metadata.interruptionNotice()).rejects.toMatchObject({ code: 'unavailable' });
    expect(await metadata.interruptionNotice()).toBe(null);
  });

  it('that all fail give the failure of the first', async () => {
    server = await startScriptedServer(() => {});
    const metadata = createInstanceMetadata({ endpoint: [server.url, NOBODY], clock, timeoutMs: 50 });
    await expect(metadata.interruptionNotice()).rejects.toMatchObject({ code: 'timed-out' });
  });
});

describe('a token', () => {
  it('that IMDS no longer takes is replaced once, and the question asked again', async () => {
    let handedOut = 0;
    const metadata = await metadataOver(
      imdsAnswering(
        (request, response) => response.writeHead(request.headers[TOKEN_HEADER] === 'token-2' ? 404 : 401).end(),
        () => `token-${++handedOut}`,
      ),
    );
    expect(await metadata.interruptionNotice()).toBe(null);
    expect(handedOut).toBe(2);
  });

  it('that IMDS never takes makes no loop', async () => {
    const metadata = await metadataOver(answering(401, ''));
    await expect(metadata.interruptionNotice()).rejects.toMatchObject({ code: 'refused' });
    expect(server?.asked).toHaveLength(4);
  });

  it('is renewed ten minutes before its end, and the old one used while that fails', async () => {
    let atMs = 0;
    let handedOut = 0;
    let canRenew = true;
    const used: unknown[] = [];
    server = await startScriptedServer((request, response) => {
      if (request.method === 'PUT') {
        if (canRenew) handedOut += 1;
        response.writeHead(canRenew ? 200 : 503).end(`token-${handedOut}`);
      } else {
        used.push(request.headers[TOKEN_HEADER]);
        response.writeHead(404).end();
      }
    });
    const handClock = { ...clock, monotonicMs: () => atMs };
    const metadata = createInstanceMetadata({ endpoint: server.url, clock: handClock });
    const pollAt = async (seconds: number) => {
      atMs = seconds * 1_000;
      await metadata.interruptionNotice();
    };
    await pollAt(0);
    await pollAt(20_999);
    canRenew = false;
    await pollAt(21_001);
    await pollAt(21_599);
    await expect(pollAt(21_600)).rejects.toMatchObject({ code: 'refused' });
    canRenew = true;
    await pollAt(21_700);
    expect(used).toEqual(['token-1', 'token-1', 'token-1', 'token-1', 'token-2']);
  });
});

describe('a token that cannot be renewed', () => {
  it('holds up only a question in thirty seconds', async () => {
    let atMs = 0;
    let wallMs = Date.parse('2026-11-21T08:00:00Z');
    let canRenew = true;
    server = await startScriptedServer((request, response) => {
      if (request.method === 'PUT') response.writeHead(canRenew ? 200 : 503).end('token-1');
      else response.writeHead(404).end();
    });
    const handClock = { ...clock, monotonicMs: () => atMs, now: () => wallMs };
    const metadata = createInstanceMetadata({ endpoint: server.url, clock: handClock });
    const puts = () => server?.asked.filter((asked) => asked.startsWith('PUT')).length;
    await metadata.interruptionNotice();
    canRenew = false;
    // A step of the wall clock makes no token older.
    wallMs += 30 * 86_400_000;
    await metadata.interruptionNotice();
    expect(puts()).toBe(1);
    for (let second = 0; second < 60; second += 1) {
      atMs = 21_001_000 + second * 1_000;
      await metadata.interruptionNotice();
    }
    expect(puts()).toBe(3);
  });
});

describe('the instance id', () => {
  it('is plain text, and nothing else is taken for one', async () => {
    expect(await (await metadataOver(answering(200, 'i-0123456789abcdef0'))).instanceId()).toBe('i-0123456789abcdef0');
    await server?.close();
    const metadata = await metadataOver(answering(200, '<html>i-0123456789abcdef0</html>'));
    await expect(metadata.instanceId()).rejects.toMatchObject({ code: 'refused' });
  });
});

describe('the connection to the service', () => {
  it('is known to be kept, or not to be', async () => {
    const kept = await metadataOver(answering(404, ''));
    expect(kept.keepsConnections()).toBe(true);
    await kept.interruptionNotice();
    expect(kept.keepsConnections()).toBe(true);
    await server?.close();
    const closed = await metadataOver((request, response) =>
      response.writeHead(request.method === 'PUT' ? 200 : 404, { connection: 'close' }).end('token-1'),
    );
    await closed.interruptionNotice();
    expect(closed.keepsConnections()).toBe(false);
  });
});

describe('the region', () => {
  it('is plain text', async () => {
    const metadata = await metadataOver(
      imdsAnswering((request, response) =>
        response.writeHead(request.url?.endsWith('/placement/region') ? 200 : 404).end('eu-west-1'),
      ),
    );
    expect(await metadata.region()).toBe('eu-west-1');
  });

  it('is unknown rather than empty', async () => {
    const metadata = await metadataOver(answering(404, ''));
    await expect(metadata.region()).rejects.toMatchObject({ code: 'refused' });
  });
});

describe('the way to the metadata service', () => {
  it('never leads through a proxy, whatever the environment says', async () => {
    const proxy = await startScriptedServer((_request, response) => response.end(NOTICE));
    server = await startScriptedServer(answering(404, ''));
    const running = await startScript(`
      import { createInstanceMetadata } from './src/aws/instance-metadata.ts';
      import { systemClock as clock } from './src/runtime/system-clock.ts';
      for (const name of ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'ALL_PROXY']) process.env[name] = '${proxy.url}';
      const metadata = createInstanceMetadata({ endpoint: '${server.url}/', clock });
      console.log(await metadata.interruptionNotice());`);
    await running.over;
    expect(running.stdout().trim()).toBe('null');
    expect(proxy.asked).toEqual([]);
    await proxy.close();
  });
});
