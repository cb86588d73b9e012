// HTTP to the two servers on the instance itself: IMDS and the ECS agent. It never leaves by a proxy, follows no redirect,
// bounds the time and the body, and interprets nothing but whether there was an answer. It stands on plain sockets because
// it asks once a second on every instance: measured, a question costs 1 ms of cpu with Node's own client, 0.4 ms so.
import type { Clock } from '../ports/clock.ts';
import { Failure, type FailureCode } from '../ports/failure.ts';
import { BrokenAnswer, type HttpAnswer } from './http-answer.ts';
import { Closed, type ConnectionOptions, GivenUp, LocalConnection, OutOfTime } from './local-connection.ts';

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

export function createLocalHttp(options: LocalHttpOptions): LocalHttp {
  return new OverSockets(options);
}

/**
 * Keeps one warm connection, because IMDS bounds the connections of an instance and a new one costs packets. More than
 * one is open only while several questions are under way.
 */
class OverSockets implements LocalHttp {
  readonly #connection: ConnectionOptions;
  readonly #prefix: string;
  /** The same in every request: the end of its first line, and the headers. */
  readonly #headers: string;
  #idle: LocalConnection | null = null;
  #onTheirWay = 0;
  #isKept = true;
  #openedInARow = 0;

  constructor({ endpoint, clock, timeoutMs = DEFAULT_TIMEOUT_MS }: LocalHttpOptions) {
    const { pathname, hostname, host, port } = new URL(endpoint);
    const address = hostname.replace(/^\[|\]$/g, '');
    this.#connection = { clock, host: address, port: port === '' ? 80 : Number(port), timeoutMs };
    this.#prefix = pathname.replace(/\/+$/, '');
    this.#headers = ` HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: spotkeeper\r\n`;
  }

  // All in one function, as it runs every second: each that waits for another costs more than what it does.
  async send(request: LocalRequest): Promise<LocalAnswer> {
    const { clock, timeoutMs } = this.#connection;
    const { largestBodyBytes = LARGEST_BODY_BYTES, signal, doing } = request;
    const sending = {
      bytes: this.#written(request),
      deadlineMs: clock.monotonicMs() + timeoutMs,
      largestBodyBytes,
      signal,
    };
    const isAlone = this.#onTheirWay === 0;
    let connection = this.#idle;
    this.#idle = null;
    let isReused = connection !== null;
    this.#onTheirWay += 1;
    try {
      if (signal?.aborted) throw new GivenUp('the caller gave up');
      for (;;) {
        connection ??= this.#open();
        try {
          const answer = await connection.ask(sending);
          this.#keepOrClose(connection, answer);
          if (isAlone) this.#knowReuse(isReused);
          return { status: answer.status, text: answer.text };
        } catch (error) {
          // A server may close an idle connection in the moment we use it again; that says nothing about its health.
          if (!isReused || !(error instanceof Closed) || error.hasBegun) throw error;
          connection = null;
          isReused = false;
        }
      }
    } catch (cause) {
      this.#openedInARow = 0;
      throw new Failure(codeOf(cause), doing, { cause });
    } finally {
      this.#onTheirWay -= 1;
    }
  }

  keepsConnections(): boolean {
    return this.#isKept;
  }

  #open(): LocalConnection {
    return new LocalConnection(this.#connection, (closed) => {
      if (this.#idle === closed) this.#idle = null;
    });
  }

  #keepOrClose(connection: LocalConnection, { isReusable }: HttpAnswer): void {
    if (isReusable && this.#idle === null) {
      connection.rest();
      this.#idle = connection;
    } else connection.close();
  }

  #knowReuse(isReused: boolean): void {
    this.#openedInARow = isReused ? 0 : this.#openedInARow + 1;
    if (isReused || this.#openedInARow > 1) this.#isKept = isReused;
  }

  #written({ method, path, headers }: LocalRequest): string {
    let text = `${method} ${this.#prefix}${path}${this.#headers}`;
    for (const name in headers) text += `${name}: ${headers[name]}\r\n`;
    return `${text}${method === 'PUT' ? 'Content-Length: 0\r\n' : ''}\r\n`;
  }
}

function codeOf(error: unknown): FailureCode {
  if (error instanceof OutOfTime || error instanceof GivenUp) return 'timed-out';
  return error instanceof BrokenAnswer ? 'refused' : 'unavailable';
}
