// Webhooks over real HTTP, TLS and proxies.
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer, globalAgent } from 'node:https';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { explain } from '../../src/ports/failure.ts';
import { createWebhookSender } from '../../src/runtime/webhook-http.ts';
import { aCertificate, startProxy, whyNoCertificate } from '../support/proxy.ts';
import { startScriptedServer } from '../support/scripted-server.ts';

const why = whyNoCertificate();
if (why !== null) process.stderr.write(`webhooks over TLS are not tested: ${why}\n`);

const PROXY_VARIABLES = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'ALL_PROXY'].flatMap((n) => [n, n.toLowerCase()]);
const never = new AbortController().signal;
const sender = createWebhookSender();

let environment: NodeJS.ProcessEnv = {};
beforeEach(() => {
  environment = { ...process.env };
  for (const name of PROXY_VARIABLES) delete process.env[name];
});
afterEach(() => {
  for (const name of PROXY_VARIABLES) delete process.env[name];
  Object.assign(process.env, environment);
});

async function aReceiver(answer: RequestListener = (_, response) => response.end('ok')) {
  const heard: { path: string | undefined; type: string | undefined; token: unknown; body: string }[] = [];
  const server = await startScriptedServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    heard.push({ path: request.url, type: request.headers['content-type'], token: request.headers['x-token'], body });
    answer(request, response);
  });
  onTestFinished(() => server.close());
  return { ...server, heard };
}

const post = (url: string, signal = never) =>
  sender.post({ url, headers: { 'Content-Type': 'application/json', 'X-Token': 't' }, body: '{"a":1}' }, signal);

const failureOf = (sent: Promise<void>) =>
  sent.then(
    () => null,
    (error: unknown) => error,
  );

async function aProxy() {
  const proxy = await startProxy();
  onTestFinished(() => proxy.close());
  return proxy;
}

describe('a webhook', () => {
  it('is posted as it is given', async () => {
    const { url, heard } = await aReceiver();
    await post(`${url}/services/SECRET?q=1`);
    expect(heard).toEqual([{ path: '/services/SECRET?q=1', type: 'application/json', token: 't', body: '{"a":1}' }]);
  });

  it.each([
    [204, null],
    [429, 'throttled'],
    [500, 'unavailable'],
    [503, 'unavailable'],
    [400, 'refused'],
    [404, 'refused'],
  ])('answered with %i is %s', async (status, code) => {
    const { url } = await aReceiver((_, response) => response.writeHead(status).end('no'));
    const failure = await failureOf(post(url));
    expect(failure).toEqual(code === null ? null : expect.objectContaining({ code }));
  });

  it('does not follow a redirect', async () => {
    const elsewhere = await aReceiver();
    const { url } = await aReceiver((_, response) => response.writeHead(307, { location: elsewhere.url }).end());
    expect(await failureOf(post(url))).toMatchObject({ code: 'refused' });
    expect(elsewhere.asked).toEqual([]);
  });

  it('does not read an answer that has no end', async () => {
    const { url } = await aReceiver((_, response) => {
      const pour = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
      };
      response.on('drain', pour);
      pour();
    });
    await post(url);
  });

  it('is given up when the signal aborts', async () => {
    const controller = new AbortController();
    const { url } = await aReceiver(() => controller.abort());
    expect(await failureOf(post(url, controller.signal))).toMatchObject({ code: 'timed-out' });
  });

  it.each([
    ['nobody listens', async () => 'http://127.0.0.1:1/services/SECRET'],
    ['the name does not exist', async () => 'http://receiver.invalid/services/SECRET'],
    ['the connection is cut', async () => `${(await aReceiver((request) => request.socket.destroy())).url}/SECRET`],
    [
      'the status is bad',
      async () => `${(await aReceiver((_, response) => response.writeHead(404).end())).url}/SECRET`,
    ],
  ])('leaves no more than its host in the failure when %s', async (_, urlOf) => {
    const url = await urlOf();
    const failure = await failureOf(post(url));
    expect(failure).toMatchObject({ message: `posting to the webhook at ${new URL(url).host}` });
    expect(inspect(failure, { depth: 10, showHidden: true })).not.toContain('SECRET');
    expect(explain(failure)).not.toContain('SECRET');
  });
});

describe('with a proxy in the environment, a webhook', () => {
  it('over http goes through it', async () => {
    const [{ url, heard }, proxy] = [await aReceiver(), await aProxy()];
    process.env.HTTP_PROXY = proxy.url.replace('//', '//user:pass@');
    await post(`${url}/path`);
    expect([proxy.asked, heard.length]).toEqual([[`POST ${url}/path`], 1]);
    expect(proxy.authorizations).toEqual([`Basic ${Buffer.from('user:pass').toString('base64')}`]);
  });

  it('to a host of NO_PROXY goes past it', async () => {
    const [{ url, heard }, proxy] = [await aReceiver(), await aProxy()];
    process.env.HTTP_PROXY = proxy.url;
    process.env.NO_PROXY = '169.254.169.254,127.0.0.1';
    await post(url);
    expect([proxy.asked, heard.length]).toEqual([[], 1]);
  });

  it('fails when the proxy does not answer, and says nothing of its password', async () => {
    process.env.HTTP_PROXY = 'http://user:SECRET@127.0.0.1:1';
    const failure = await failureOf(post('http://receiver.invalid/'));
    expect(failure).toMatchObject({ code: 'unavailable' });
    expect(inspect(failure, { depth: 10, showHidden: true })).not.toContain('SECRET');
  });
});

describe.skipIf(why !== null)('over TLS, a webhook', () => {
  async function aSecureReceiver() {
    const certificate = aCertificate();
    const paths: (string | undefined)[] = [];
    const server = createServer(certificate, (request, response) => {
      paths.push(request.url);
      response.end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.close();
      server.closeAllConnections();
    });
    const { port } = server.address() as AddressInfo; // listening on TCP
    return { host: `localhost:${port}`, url: `https://localhost:${port}/SECRET`, paths, cert: certificate.cert };
  }

  /** As NODE_EXTRA_CA_CERTS would, which Node reads only at its start. */
  function trust(cert: string) {
    globalAgent.options.ca = cert;
    onTestFinished(() => {
      delete globalAgent.options.ca;
    });
  }

  it('goes through a tunnel (CONNECT) of the proxy, which sees no more than the host', async () => {
    const [{ url, host, paths, cert }, proxy] = [await aSecureReceiver(), await aProxy()];
    trust(cert);
    process.env.HTTPS_PROXY = proxy.url.replace('//', '//user:pass@');
    await post(url);
    expect([proxy.asked, paths]).toEqual([[`CONNECT ${host}`], ['/SECRET']]);
    expect(proxy.authorizations).toEqual([`Basic ${Buffer.from('user:pass').toString('base64')}`]);
  });

  it('needs no proxy', async () => {
    const { url, paths, cert } = await aSecureReceiver();
    trust(cert);
    await post(url);
    expect(paths).toEqual(['/SECRET']);
  });

  it.each([
    ['with', true],
    ['without', false],
  ])('%s a proxy is not told to a receiver whose certificate nobody trusts', async (_, isProxied) => {
    const [{ url, paths }, proxy] = [await aSecureReceiver(), await aProxy()];
    if (isProxied) process.env.HTTPS_PROXY = proxy.url;
    const failure = await failureOf(post(url));
    expect(failure).toMatchObject({ code: 'unavailable' });
    expect(explain(failure)).toContain('DEPTH_ZERO_SELF_SIGNED_CERT');
    expect([paths, inspect(failure, { depth: 10 }).includes('SECRET')]).toEqual([[], false]);
  });
});
