// HTTP to the two servers on the instance itself: IMDS and the ECS agent. It never leaves by a proxy, follows no redirect,
// bounds the time and the body, and interprets nothing but whether there was an answer. It stands on plain sockets because
// it asks once a second on every instance: measured, a question costs 1 ms of cpu with Node's own client, 0.5 ms so.
import type { Clock } from '../ports/clock.ts';
import { Failure, type FailureCode } from '../ports/failure.ts';
import { BrokenAnswer, type HttpAnswer } from './http-answer.ts';
import {
  Closed,
  type ConnectionOptions,
  GivenUp,
  LocalConnection,
  OutOfTime,
  type Sending,
} from './local-connection.ts';

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
  /**
   * Taken for so until two answered requests in a row, each alone on its way, had to open a connection: the first of all
   * has to, and so has the one after a failure. One that finds a connection open proves it again.
   */
  keepsConnections(): boolean;
}

const DEFAULT_TIMEOUT_MS = 1_000;
// Almost everything we read fits in a few hundred bytes; this only stops something that is not what we think it is.
const LARGEST_BODY_BYTES = 64 * 1024;

export function createLocalHttp({ endpoint, clock, timeoutMs = DEFAULT_TIMEOUT_MS }: LocalHttpOptions): LocalHttp {
  const url = new URL(endpoint);
  const prefix = url.pathname.replace(/\/+$/, '');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const connections = new Connections({ clock, host, port: url.port === '' ? 80 : Number(url.port), timeoutMs });
  let onTheirWay = 0;
  let isKept = true;
  let openedInARow = 0;
  const knowReuse = (isReused: boolean) => {
    openedInARow = isReused ? 0 : openedInARow + 1;
    if (isReused || openedInARow > 1) isKept = isReused;
  };
  return {
    async send(request) {
      const { largestBodyBytes = LARGEST_BODY_BYTES, signal } = request;
      const deadlineMs = clock.monotonicMs() + timeoutMs;
      const bytes = written(request, url.host, prefix);
      const isAlone = onTheirWay === 0;
      onTheirWay += 1;
      try {
        const { answer, isReused } = await connections.ask({ bytes, deadlineMs, largestBodyBytes, signal });
        if (isAlone) knowReuse(isReused);
        return { status: answer.status, text: answer.text };
      } catch (cause) {
        openedInARow = 0;
        throw new Failure(codeOf(cause), request.doing, { cause });
      } finally {
        onTheirWay -= 1;
      }
    },
    keepsConnections: () => isKept,
  };
}

/**
 * Keeps one warm connection, because IMDS bounds the connections of an instance and a new one costs packets. More than
 * one is open only while several questions are under way.
 */
class Connections {
  readonly #options: ConnectionOptions;
  #idle: LocalConnection | null = null;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  async ask(sending: Sending): Promise<{ answer: HttpAnswer; isReused: boolean }> {
    if (sending.signal?.aborted) throw new GivenUp('the caller gave up');
    const idle = this.#idle;
    this.#idle = null;
    if (idle === null) return { answer: await this.#askOver(this.#open(), sending), isReused: false };
    try {
      return { answer: await this.#askOver(idle, sending), isReused: true };
    } catch (error) {
      // A server may close an idle connection in the moment we use it again; that says nothing about its health.
      if (!(error instanceof Closed) || error.hasBegun) throw error;
      return { answer: await this.#askOver(this.#open(), sending), isReused: false };
    }
  }

  #open(): LocalConnection {
    return new LocalConnection(this.#options, (closed) => {
      if (this.#idle === closed) this.#idle = null;
    });
  }

  async #askOver(connection: LocalConnection, sending: Sending): Promise<HttpAnswer> {
    const answer = await connection.ask(sending);
    if (answer.isReusable && this.#idle === null) {
      connection.rest();
      this.#idle = connection;
    } else connection.close();
    return answer;
  }
}

function written({ method, path, headers }: LocalRequest, host: string, prefix: string): string {
  let text = `${method} ${prefix}${path} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: spotkeeper\r\n`;
  for (const name in headers) text += `${name}: ${headers[name]}\r\n`;
  return `${text}${method === 'PUT' ? 'Content-Length: 0\r\n' : ''}\r\n`;
}

function codeOf(error: unknown): FailureCode {
  if (error instanceof OutOfTime || error instanceof GivenUp) return 'timed-out';
  return error instanceof BrokenAnswer ? 'refused' : 'unavailable';
}
