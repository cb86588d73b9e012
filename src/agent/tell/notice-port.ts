// The notice over HTTP, for tasks that cannot see the file, and the agent's health beside it. It only tells, reads no body
// and is bounded in everything, because any task on this host may reach it; and it does nothing while nobody asks.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../../ports/clock.ts';
import { Failure } from '../../ports/failure.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Rng } from '../../ports/rng.ts';
import { type Backoff, backoffDelayMs } from '../../runtime/backoff.ts';
import type { Level } from '../level.ts';
import { type Asked, answerTo, type NoticeAnswer, type NoticeHealth, readRequest } from './notice-routes.ts';
import type { TaskNotice } from './task-notice.ts';

export interface NoticePortOptions {
  readonly host: string;
  /** 0: nobody listens. */
  readonly port: number;
  readonly board: Level<TaskNotice | null>;
  readonly health: () => NoticeHealth;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
}

/** As many as tasks on a usual instance. Another one is answered at once, and its task asks again. */
const MOST_WAITING = 64;

/** Those who wait, and room for whoever only asks: one after the other they take a moment each. */
const MOST_CONNECTIONS = 256;
const LARGEST_HEADERS = 8_192;

/** From the connection to the end of the headers. */
const ASK_MS = 5_000;

/** From then to the end of the answer: the longest wait, and time to send it. */
const ANSWER_MS = 65_000;

/** A wait that is cut short by our own end is answered first. */
const CLOSE_MS = 100;

// 2^31 - 1 ms: Node's own check of slow requests runs at an interval whether anybody is connected or not. We bound each
// connection instead.
const NEVER_MS = 2_147_483_647;

/** While the port is taken, or its address not there yet: that of Docker's bridge comes with Docker. */
const BACKOFF: Backoff = { baseMs: 1_000, capMs: 60_000 };

/** Serves until the signal aborts. That it cannot is told once and tried again, and never fatal. */
export async function serveNotice(options: NoticePortOptions, signal: AbortSignal): Promise<void> {
  const { host, port, clock, rng, logger } = options;
  if (port === 0) return;
  const where = `${host}:${port}`;
  const server = createNoticeServer(options, signal);
  for (let failures = 0; !signal.aborted; failures += 1) {
    const cause = await listen(server, host, port);
    if (cause === null) {
      logger.info({ where }, 'tasks can ask for the notice');
      server.on('error', (err) => logger.warn({ err, where }, 'a task could not be let in that asks for the notice'));
      await untilAborted(signal);
      return close(server, clock);
    }
    if (failures === 0) {
      const err = new Failure('unavailable', `listening on ${where} (notice.host, notice.port)`, { cause });
      logger.warn({ err }, 'tasks cannot ask for the notice; it is tried again');
    }
    await clock.sleep(backoffDelayMs(failures, BACKOFF, rng), signal);
  }
}

function createNoticeServer(options: NoticePortOptions, signal: AbortSignal): Server {
  const asking = new WeakSet<Socket>();
  // One listener for all who wait: each with its own would look like a leak to Node, and say so.
  const answering = new Set<AbortController>();
  signal.addEventListener('abort', () => {
    for (const over of answering) over.abort();
  });
  const waiting = new Set<AbortController>();
  const server = createServer({
    maxHeaderSize: LARGEST_HEADERS,
    headersTimeout: 0,
    requestTimeout: 0,
    connectionsCheckingInterval: NEVER_MS,
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.maxRequestsPerSocket = 1;
  server.once('drop', () => {
    const { host, port, logger } = options;
    logger.warn(
      { where: `${host}:${port}`, most: MOST_CONNECTIONS },
      'tasks that ask for the notice are turned away: too many are connected at once',
    );
  });
  server.on('connection', (socket) => void boundConnection(socket, asking, options.clock));
  server.on('request', (request, response) => {
    asking.add(request.socket);
    const over = new AbortController();
    answering.add(over);
    response.on('close', () => {
      answering.delete(over);
      over.abort();
    });
    if (signal.aborted) over.abort();
    void respond(request, response, { ...options, waiting }, over);
  });
  return server;
}

async function boundConnection(socket: Socket, asking: WeakSet<Socket>, clock: Clock): Promise<void> {
  const closed = new AbortController();
  socket.on('close', () => closed.abort());
  await clock.sleep(ASK_MS, closed.signal);
  if (asking.has(socket)) await clock.sleep(ANSWER_MS, closed.signal);
  socket.destroy();
}

interface Answering extends NoticePortOptions {
  readonly waiting: Set<AbortController>;
}

/** @param over aborts when nobody waits for the answer any more */
async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  options: Answering,
  over: AbortController,
): Promise<void> {
  try {
    const asked = readRequest(request);
    const answer = 'status' in asked ? asked : await answerInTime(asked, options, over);
    if (response.destroyed) return;
    const headers = { 'cache-control': 'no-store', connection: 'close', ...answer.headers };
    response.writeHead(answer.status, headers).end(answer.body);
  } catch (err) {
    options.logger.error({ err }, 'a question for the notice could not be answered');
    response.destroy();
  }
}

/** At once, or, for whoever may wait, when there is something they have not seen, or their time is over. */
async function answerInTime(asked: Asked, options: Answering, over: AbortController): Promise<NoticeAnswer> {
  const { board, clock, health, waiting } = options;
  if (asked.waitMs > 0 && waiting.size < MOST_WAITING) {
    waiting.add(over);
    void clock.sleep(asked.waitMs, over.signal).then(() => over.abort());
    while (!over.signal.aborted && asked.hasSeen(board.value)) await board.changed(board.value, over.signal);
    over.abort();
    waiting.delete(over);
  }
  return answerTo(asked, { notice: board.value, health, now: clock.now() });
}

function listen(server: Server, host: string, port: number): Promise<Error | null> {
  return new Promise((resolve) => {
    const finish = (result: Error | null) => {
      server.off('error', finish).off('listening', succeed);
      resolve(result);
    };
    const succeed = () => finish(null);
    server.on('error', finish).on('listening', succeed).listen(port, host);
  });
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve());
    if (signal.aborted) resolve();
  });
}

async function close(server: Server, clock: Clock): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  await Promise.race([closed, clock.sleep(CLOSE_MS)]);
  server.closeAllConnections();
  await closed;
}
