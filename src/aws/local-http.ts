// HTTP to the two servers on the instance itself: IMDS and the ECS agent. It never leaves by a proxy, follows no redirect,
// bounds the time and the body, and interprets nothing but whether there was an answer. It is asked once a second for as
// long as the instance lives, so a request that goes well makes no timer and no AbortController.
import { Agent, type ClientRequest, type IncomingMessage, request as send } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../ports/clock.ts';
import { Failure, type FailureCode } from '../ports/failure.ts';

export interface LocalHttpOptions {
  /** `http://169.254.169.254`; a path prefix is kept. */
  readonly endpoint: string;
  readonly clock: Clock;
  /** Bound on one request, connection and body included. Default 1 s: these servers are on the same host. */
  readonly timeoutMs?: number;
}

export interface LocalRequest {
  readonly method: 'GET' | 'PUT';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** For the error: "reading the interruption notice". */
  readonly doing: string;
  readonly signal: AbortSignal | undefined;
  /** Default 64 KiB. */
  readonly largestBodyBytes?: number;
}

export interface LocalAnswer {
  readonly status: number;
  readonly text: string;
}

export interface LocalHttp {
  /**
   * Sends one request and gives whatever answer came, errors and redirects included. Rejects with a Failure: `timed-out`
   * (its cause an `OutOfTime` unless the caller gave up), `unavailable` when nobody answered, `refused` when the answer
   * was too large or broken.
   */
  send(request: LocalRequest): Promise<LocalAnswer>;
  /** Whether the last request that was alone on its way found the connection of the one before still open. */
  keepsConnections(): boolean;
}

/** Why there was no answer in time: a server that cannot be reached, or one that says nothing. */
export class OutOfTime extends Error {
  readonly isConnected: boolean;

  constructor(timeoutMs: number, isConnected: boolean) {
    super(isConnected ? `no whole answer within ${timeoutMs} ms` : `no connection within ${timeoutMs} ms`);
    this.name = 'OutOfTime';
    this.isConnected = isConnected;
  }
}

class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

class GivenUp extends Error {
  override readonly name = 'GivenUp';
}

const DEFAULT_TIMEOUT_MS = 1_000;
// Almost everything we read fits in a few hundred bytes; this only stops something that is not what we think it is.
const LARGEST_BODY_BYTES = 64 * 1024;

interface Way {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly host: string;
  readonly port: string;
  readonly prefix: string;
  readonly agent: Agent;
}

export function createLocalHttp({ endpoint, clock, timeoutMs = DEFAULT_TIMEOUT_MS }: LocalHttpOptions): LocalHttp {
  const url = new URL(endpoint);
  const way: Way = {
    clock,
    timeoutMs,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? '80' : url.port,
    prefix: url.pathname.replace(/\/+$/, ''),
    // One warm connection is kept, because IMDS limits connections per instance and a new one costs packets. More than
    // one is open only while several signals are read at the same moment. An agent of our own, not Node's global one,
    // also keeps NODE_USE_ENV_PROXY out.
    agent: new Agent({ keepAlive: true, maxSockets: 4, maxFreeSockets: 1 }),
  };
  let onTheirWay = 0;
  let isKept = false;
  return {
    async send(request) {
      const deadlineMs = clock.monotonicMs() + timeoutMs;
      const isAlone = onTheirWay === 0;
      onTheirWay += 1;
      try {
        const { answer, isReused } = await onWarmConnection(way, request, deadlineMs);
        if (isAlone) isKept = isReused;
        return answer;
      } catch (cause) {
        throw new Failure(codeOf(cause), request.doing, { cause });
      } finally {
        onTheirWay -= 1;
      }
    },
    keepsConnections: () => isKept,
  };
}

interface Exchange {
  readonly answer: LocalAnswer;
  readonly isReused: boolean;
}

/** The connection had been open for an earlier request, and was closed before a byte of this answer came. */
class ClosedWhileIdle extends Error {}

/** A server may close an idle connection in the moment we use it again; that says nothing about its health. */
async function onWarmConnection(way: Way, request: LocalRequest, deadlineMs: number): Promise<Exchange> {
  try {
    return await exchange(way, request, deadlineMs);
  } catch (error) {
    if (!(error instanceof ClosedWhileIdle)) throw error;
    return exchange(way, request, deadlineMs);
  }
}

function exchange(way: Way, wanted: LocalRequest, deadlineMs: number): Promise<Exchange> {
  const { method, path, headers, signal, largestBodyBytes = LARGEST_BODY_BYTES } = wanted;
  if (signal?.aborted) return Promise.reject(new GivenUp('the caller gave up'));
  return new Promise((resolve, reject) => {
    const request = send({
      host: way.host,
      port: way.port,
      method,
      path: way.prefix + path,
      headers: { 'User-Agent': 'spotkeeper', ...headers },
      agent: way.agent,
      // Of silence, connecting included; an answer that trickles is bounded below.
      timeout: way.timeoutMs,
    });
    let response: IncomingMessage | null = null;
    const giveUp = () => request.destroy(new GivenUp('the caller gave up'));
    signal?.addEventListener('abort', giveUp);
    const unbound = boundTrickle(way, request, deadlineMs, () => response?.complete === true);
    const end = () => {
      signal?.removeEventListener('abort', giveUp);
      unbound();
    };
    const fail = (error: Error) => {
      end();
      reject(response === null && request.reusedSocket && isClosing(error) ? new ClosedWhileIdle() : error);
    };
    request.on('timeout', () => request.destroy(outOfTime(way, request)));
    request.on('error', fail);
    request.on('response', (begun) => {
      response = begun;
      // A connection that is cut within the body is an error of the response, not of the request.
      begun.on('error', fail);
      collect(request, begun, largestBodyBytes, (text) => {
        end();
        resolve({ answer: { status: begun.statusCode ?? 0, text }, isReused: request.reusedSocket });
      });
    });
    request.end();
  });
}

/**
 * Ends the request at its deadline once an answer comes in pieces: each piece would begin the socket's own count anew.
 * Returns what ends the watch.
 */
function boundTrickle(way: Way, request: ClientRequest, deadlineMs: number, isWhole: () => boolean): () => void {
  let over: AbortController | null = null;
  let socket: Socket | null = null;
  const onData = () => {
    if (over !== null || isWhole()) return;
    const watch = new AbortController();
    over = watch;
    void way.clock.sleep(deadlineMs - way.clock.monotonicMs(), watch.signal).then(() => {
      if (!watch.signal.aborted) request.destroy(outOfTime(way, request));
    });
  };
  request.on('socket', (given) => {
    socket = given;
    given.on('data', onData);
  });
  return () => {
    // The connection goes on to serve others.
    socket?.off('data', onData);
    over?.abort();
  };
}

function collect(
  request: ClientRequest,
  response: IncomingMessage,
  atMost: number,
  done: (text: string) => void,
): void {
  const pieces: Buffer[] = [];
  let bytes = 0;
  response.on('data', (piece: Buffer) => {
    bytes += piece.length;
    pieces.push(piece);
    if (bytes > atMost) request.destroy(new TooLarge(`the answer is larger than ${atMost} bytes`));
  });
  response.on('end', () => {
    if (bytes <= atMost) done(Buffer.concat(pieces, bytes).toString());
  });
}

function outOfTime(way: Way, request: ClientRequest): OutOfTime {
  return new OutOfTime(way.timeoutMs, request.socket?.connecting === false);
}

/** How Node says that the other side closed the connection: "socket hang up" has the first of the codes too. */
function isClosing(error: Error): boolean {
  return codeIn(error) === 'ECONNRESET' || codeIn(error) === 'EPIPE';
}

function codeIn(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function codeOf(error: unknown): FailureCode {
  if (error instanceof OutOfTime || error instanceof GivenUp || codeIn(error) === 'ETIMEDOUT') return 'timed-out';
  return error instanceof TooLarge || codeIn(error).startsWith('HPE_') ? 'refused' : 'unavailable';
}
