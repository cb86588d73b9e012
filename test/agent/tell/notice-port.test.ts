// The port over real HTTP and real sockets.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Level } from '../../../src/agent/level.ts';
import { type NoticePortOptions, serveNotice } from '../../../src/agent/tell/notice-port.ts';
import type { TaskNotice } from '../../../src/agent/tell/task-notice.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { systemClock } from '../../../src/runtime/system-clock.ts';
import { keepingLogger } from '../../support/log-lines.ts';
import { until } from '../../support/until.ts';

const NOTICE: TaskNotice = {
  signal: 'interruption',
  action: 'terminate',
  deadline: '2026-11-21T15:02:00.000Z',
  since: '2026-11-21T15:00:00.000Z',
  isDrained: false,
  stops: [{ taskArn: 'arn:task/1', at: '2026-11-21T15:01:20.000Z' }],
};
const NOW = Date.parse('2026-11-21T15:00:30.700Z');

/** The machine's clock, at a known date, that counts its sleeps and can make the longer ones end. */
function aClock() {
  const sleeping = new Map<() => void, number>();
  const clock: Clock = {
    ...systemClock,
    now: () => NOW,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const finish = () => {
          sleeping.delete(finish);
          signal?.removeEventListener('abort', finish);
          resolve();
        };
        if (signal?.aborted) return finish();
        sleeping.set(finish, ms);
        signal?.addEventListener('abort', finish);
      }),
  };
  const sleeps = () => [...sleeping.values()].sort((a, b) => a - b);
  const wake = (ms: number) => {
    for (const [finish, asked] of [...sleeping]) if (asked === ms) finish();
  };
  return { clock, sleeps, wake };
}

async function aFreePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // listening on TCP
  server.close();
  await once(server, 'close');
  return port;
}

async function aPort(over: Partial<NoticePortOptions> = {}) {
  const board = new Level<TaskNotice | null>(null);
  const { logger, lines, said } = keepingLogger();
  const hand = aClock();
  const port = over.port ?? (await aFreePort());
  const life = new AbortController();
  const options = { host: '127.0.0.1', port, board, clock: hand.clock, rng: { next: () => 0.5 }, logger };
  const served = serveNotice({ ...options, health: () => ({ isBlind: false, since: null }), ...over }, life.signal);
  const end = async () => {
    life.abort();
    // The last connections are closed after this.
    const closing = setInterval(() => hand.wake(100), 5);
    await served;
    clearInterval(closing);
  };
  onTestFinished(end);
  const get = (path: string, init: RequestInit = {}) => fetch(`http://127.0.0.1:${port}${path}`, init);
  const listening = () => until('somebody listens', () => said('tasks can ask for the notice').length > 0);
  return { ...hand, board, lines, said, port, get, end, listening };
}

/** A raw connection: what it was sent, and whether it was closed. */
async function aConnection(port: number, text = '') {
  const socket: Socket = connect(port, '127.0.0.1');
  const heard = { text: '', isClosed: false, socket };
  socket.on('data', (piece) => {
    heard.text += piece;
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    heard.isClosed = true;
  });
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.write(text);
  return heard;
}

/** What Node takes for leaks, and would say in the agent's log. */
function warningsOfNode(): string[] {
  const warnings: string[] = [];
  const warn = ({ message }: Error) => warnings.push(message);
  process.on('warning', warn);
  onTestFinished(() => void process.off('warning', warn));
  return warnings;
}

describe('the notice port', () => {
  it('says that there is no notice', async () => {
    const { get, listening } = await aPort();
    await listening();
    const answer = await get('/notice');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(await answer.json()).toEqual({ notice: null });
  });

  it('gives the notice, with the seconds that are left', async () => {
    const { get, board, listening } = await aPort();
    await listening();
    board.put(NOTICE);
    expect(await (await get('/notice')).json()).toEqual({ notice: { ...NOTICE, secondsLeft: 89 } });
    board.put({ ...NOTICE, deadline: '2026-11-21T15:00:00.000Z' });
    expect(await (await get('/notice')).json()).toMatchObject({ notice: { secondsLeft: 0 } });
    board.put({ ...NOTICE, deadline: null });
    expect(await (await get('/notice')).json()).toMatchObject({ notice: { secondsLeft: null } });
  });

  it('lets a task wait for a notice, and answers when it comes', async () => {
    const { get, board, sleeps, listening } = await aPort();
    await listening();
    const waiting = get('/notice?wait=60');
    await until('it waits', () => sleeps().includes(60_000));
    board.put(NOTICE);
    expect(await (await waiting).json()).toMatchObject({ notice: { signal: 'interruption' } });
  });

  it('answers a task that waits in vain when its time is over', async () => {
    const { get, sleeps, wake, listening } = await aPort();
    await listening();
    const waiting = get('/notice?wait=7');
    await until('it waits', () => sleeps().includes(7_000));
    wake(7_000);
    expect(await (await waiting).json()).toEqual({ notice: null });
  });

  it('does not let a task wait for a notice that stands already', async () => {
    const { get, board, listening } = await aPort();
    await listening();
    board.put(NOTICE);
    expect(await (await get('/notice?wait=60')).json()).toMatchObject({ notice: NOTICE });
  });

  it('lets a task wait for something else than it has seen, so that nothing is missed between two waits', async () => {
    const { get, board, sleeps, wake, listening } = await aPort();
    await listening();
    board.put(NOTICE);
    const seen = { headers: { 'if-none-match': (await get('/notice')).headers.get('etag') ?? '' } };
    const waiting = get('/notice?wait=60', seen);
    await until('it waits', () => sleeps().includes(60_000));
    board.put(null);
    expect(await (await waiting).json()).toEqual({ notice: null });
    expect((await get('/notice?wait=60', seen)).status).toBe(200);
    board.put({ ...NOTICE });
    const again = get('/notice?wait=30', seen);
    await until('it waits again', () => sleeps().includes(30_000));
    wake(30_000);
    expect([(await again).status, (await get('/notice', seen)).status]).toEqual([304, 304]);
  });

  it.each([
    ['ok', 200, { isBlind: false, since: null }, null],
    ['blind', 503, { isBlind: true, since: Date.parse('2026-11-21T14:00:00Z') }, '2026-11-21T14:00:00.000Z'],
  ])('says on /healthz that the agent is %s', async (status, code, health, since) => {
    const { get, listening } = await aPort({ health: () => health });
    await listening();
    const answer = await get('/healthz');
    expect([answer.status, await answer.json()]).toEqual([code, { status, since }]);
  });

  it.each([
    ['/', {}, 404],
    ['/notice/', {}, 404],
    ['//notice', {}, 404],
    ['/notice?wait=61', {}, 400],
    ['/notice?wait=-1', {}, 400],
    ['/notice?wait=soon', {}, 400],
    ['/notice', { method: 'POST', body: '{}' }, 405],
    ['/notice', { method: 'DELETE' }, 405],
    ['/healthz', { method: 'PUT' }, 405],
    ['/notice', { headers: { 'x-large': 'x'.repeat(10_000) } }, 431],
  ])('refuses %s with %o', async (path, init, status) => {
    const { get, listening } = await aPort();
    await listening();
    expect((await get(path, init)).status).toBe(status);
  });

  it('reads no body', async () => {
    const { port, listening } = await aPort();
    await listening();
    const asking = await aConnection(port, 'GET /notice HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n');
    await until('an answer', () => asking.isClosed);
    expect(asking.text).toContain('400 Bad Request');
  });

  it('answers a question for the head alone', async () => {
    const { get, listening } = await aPort();
    await listening();
    const answer = await get('/healthz', { method: 'HEAD' });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });

  it('has no timer and no connection while nobody asks', async () => {
    const { get, sleeps, listening } = await aPort();
    await listening();
    await (await get('/notice')).text();
    await until('nothing is left', () => sleeps().length === 0);
  });

  it('forgets a task that went away while it waited', async () => {
    const { port, sleeps, listening } = await aPort();
    await listening();
    const waiting = await aConnection(port, 'GET /notice?wait=60 HTTP/1.1\r\nHost: x\r\n\r\n');
    await until('it waits', () => sleeps().includes(60_000));
    waiting.socket.destroy();
    await until('nothing is left', () => sleeps().length === 0);
  });

  it('closes a connection over which nobody asks', async () => {
    const { port, sleeps, wake, listening } = await aPort();
    await listening();
    const [silent, slow] = [await aConnection(port), await aConnection(port, 'GET /notice HTTP/1.1\r\nHos')];
    await until('both are bounded', () => sleeps().length === 2);
    wake(5_000);
    await until('both are closed', () => silent.isClosed && slow.isClosed);
  });

  it('lets 64 wait at the same time, and tells the next at once what stands now', async () => {
    const { port, get, board, sleeps, listening } = await aPort();
    await listening();
    const warnings = warningsOfNode();
    const ask = () => aConnection(port, 'GET /notice?wait=60 HTTP/1.1\r\nHost: x\r\n\r\n');
    const waiting = await Promise.all(Array.from({ length: 64 }, ask));
    await until('all wait', () => sleeps().filter((ms) => ms === 60_000).length === 64);
    const next = await ask();
    await until('the next is answered', () => next.isClosed);
    expect(next.text).toContain('200 OK');
    expect(next.text).toContain('{"notice":null}');
    expect((await get('/healthz')).status).toBe(200);
    waiting.pop()?.socket.destroy();
    await until('one less waits', () => sleeps().filter((ms) => ms === 60_000).length === 63);
    waiting.push(await ask());
    await until('another one waits', () => sleeps().filter((ms) => ms === 60_000).length === 64);
    board.put(NOTICE);
    await until('all are told', () =>
      waiting.every(({ text, isClosed }) => isClosed && text.includes('"interruption"')),
    );
    expect(warnings).toEqual([]);
  });

  it('refuses connections beyond 256, and says so once', async () => {
    const { port, said, get, listening } = await aPort();
    await listening();
    const open = await Promise.all(Array.from({ length: 256 }, () => aConnection(port)));
    const refused = [await aConnection(port), await aConnection(port)];
    await until('the others are closed', () => refused.every(({ isClosed }) => isClosed));
    expect(open.some(({ isClosed }) => isClosed)).toBe(false);
    expect(said('turned away')).toMatchObject([{ level: 'warn', fields: { most: 256 } }]);
    for (const { socket } of open) socket.destroy();
    await until('there is room again', () =>
      get('/healthz').then(
        ({ status }) => status === 200,
        () => false,
      ),
    );
  });

  it('answers those who wait when the agent ends, and closes', async () => {
    const { port, get, sleeps, end, listening } = await aPort();
    await listening();
    const [waiting, silent] = [get('/notice?wait=60'), await aConnection(port)];
    await until('it waits', () => sleeps().includes(60_000));
    await end();
    expect(await (await waiting).json()).toEqual({ notice: null });
    await until('the silent one is closed', () => silent.isClosed);
    await expect(get('/notice')).rejects.toThrow();
  });

  it('says once that its port is taken, and is there when it is free', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo; // listening on TCP
    const warnings = warningsOfNode();
    const { get, lines, sleeps, wake, listening } = await aPort({ port });
    // Half of what the backoff allows.
    for (const pauseMs of [500, 1_000, 2_000, 4_000, 8_000, 16_000]) {
      await until('it waits', () => sleeps().includes(pauseMs));
      wake(pauseMs);
    }
    for (let more = 0; more < 10; more += 1) {
      await until('it waits for as long as it ever does', () => sleeps().includes(30_000));
      wake(30_000);
    }
    await until('it waits once more', () => sleeps().includes(30_000));
    expect(lines).toMatchObject([{ level: 'warn', fields: { err: { code: 'unavailable' } } }]);
    other.close();
    await once(other, 'close');
    wake(30_000);
    await listening();
    expect(warnings).toEqual([]);
    expect((await get('/notice')).status).toBe(200);
  });

  it('is off at port 0', async () => {
    const { lines, end } = await aPort({ port: 0 });
    await end();
    expect(lines).toEqual([]);
  });
});
