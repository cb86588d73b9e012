// One connection to a server on the instance: a request, its answer, and then perhaps the next. It ends with the first
// thing that goes wrong.
import { connect, type Socket } from 'node:net';
import type { Clock } from '../ports/clock.ts';
import { onAbort } from '../ports/on-abort.ts';
import { AnswerReader, type HttpAnswer } from './http-answer.ts';

export interface ConnectionOptions {
  readonly clock: Clock;
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
}

export interface Sending {
  /** The whole request. */
  readonly bytes: string;
  /** By the monotonic clock. */
  readonly deadlineMs: number;
  readonly largestBodyBytes: number;
  readonly signal: AbortSignal | undefined;
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

export class GivenUp extends Error {
  override readonly name = 'GivenUp';
}

/** The other side closed the connection, or it could not be opened. */
export class Closed extends Error {
  override readonly name = 'Closed';
  /** Something of an answer had come. */
  readonly hasBegun: boolean;

  constructor(hasBegun: boolean, cause: Error | null) {
    super(
      hasBegun ? 'the connection was closed within the answer' : 'the connection was closed',
      cause ? { cause } : {},
    );
    this.hasBegun = hasBegun;
  }
}

interface Exchange {
  readonly reader: AnswerReader;
  readonly deadlineMs: number;
  readonly succeed: (answer: HttpAnswer) => void;
  readonly fail: (error: Error) => void;
  /** Ends the wait for the deadline, where there is one. */
  trickle: AbortController | null;
}

/** More than most answers; a larger one comes in pieces. */
const READ_BYTES = 4 * 1024;

export class LocalConnection {
  readonly #options: ConnectionOptions;
  readonly #socket: Socket;
  #exchange: Exchange | null = null;
  #error: Error | null = null;

  /** Begins to open it. `onClosed` is told when it cannot carry a request any more. */
  constructor(options: ConnectionOptions, onClosed: (connection: LocalConnection) => void) {
    this.#options = options;
    const { host, port, timeoutMs: timeout } = options;
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    const onread = {
      buffer,
      callback: (length: number) => {
        // What is not understood at once is kept, and the next piece comes into the same buffer.
        this.#take(Buffer.from(buffer.subarray(0, length)));
        return true;
      },
    };
    // The socket counts silence by itself, so that a request which goes well needs no timer of its own; and it reads into
    // one buffer for good, past the machinery of streams.
    this.#socket = connect({ host, port, timeout, noDelay: true, onread });
    this.#socket.on('timeout', () => this.#fail(this.#outOfTime()));
    this.#socket.on('error', (error) => {
      this.#error = error;
    });
    this.#socket.on('close', () => {
      this.#ended();
      onClosed(this);
    });
  }

  /** One at a time. Rejects with OutOfTime, GivenUp, Closed or BrokenAnswer, and is over then. */
  ask({ bytes, deadlineMs, largestBodyBytes, signal }: Sending): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const giveUp = () => this.#fail(new GivenUp('the caller gave up'));
      const settled = () => {
        forget?.();
        this.#exchange?.trickle?.abort();
        this.#exchange = null;
      };
      this.#exchange = {
        reader: new AnswerReader(largestBodyBytes),
        deadlineMs,
        succeed: (answer) => {
          settled();
          resolve(answer);
        },
        fail: (error) => {
          settled();
          reject(error);
        },
        trickle: null,
      };
      const forget = signal === undefined ? null : onAbort(signal, giveUp);
      this.#socket.ref();
      this.#socket.write(bytes, 'latin1');
    });
  }

  /** While it lies idle it keeps no process from ending. */
  rest(): void {
    this.#socket.unref();
  }

  close(): void {
    this.#socket.destroy();
  }

  #take(piece: Buffer): void {
    const exchange = this.#exchange;
    // Nobody asked: whatever comes next could not be told from an answer.
    if (exchange === null) {
      this.close();
      return;
    }
    try {
      const answer = exchange.reader.push(piece);
      if (answer === null) this.#boundTrickle(exchange);
      else exchange.succeed(answer);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      this.#fail(error);
    }
  }

  /** Each piece begins the socket's own count anew, so an answer that comes in pieces is held to the deadline. */
  #boundTrickle(exchange: Exchange): void {
    if (exchange.trickle !== null) return;
    const { clock } = this.#options;
    exchange.trickle = new AbortController();
    const { signal } = exchange.trickle;
    void clock.sleep(exchange.deadlineMs - clock.monotonicMs(), signal).then(() => {
      if (!signal.aborted) this.#fail(this.#outOfTime());
    });
  }

  #ended(): void {
    const exchange = this.#exchange;
    if (exchange === null) return;
    const answer = this.#error === null ? exchange.reader.end() : null;
    if (answer === null) exchange.fail(new Closed(exchange.reader.hasBegun, this.#error));
    else exchange.succeed(answer);
  }

  #fail(error: Error): void {
    if (this.#exchange === null) return;
    this.#exchange.fail(error);
    this.close();
  }

  #outOfTime(): OutOfTime {
    return new OutOfTime(this.#options.timeoutMs, !this.#socket.connecting);
  }
}
