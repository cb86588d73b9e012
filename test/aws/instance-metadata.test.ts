import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createInstanceMetadata } from '../../src/aws/instance-metadata.ts';
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
    ['an action nobody knows', answering(200, '{"action":"dance","time":"2017-09-18T08:22:00Z"}'), 'refused'],
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
