// HTTP to the two servers on the instance itself: IMDS and the ECS agent. The only importer of axios. It never leaves by a
// proxy, follows no redirect, bounds the time and the body, and interprets nothing but whether there was an answer.
import { Agent } from 'node:http';
import axios, { type AxiosInstance } from 'axios';
import type { Clock } from '../ports/clock.ts';
import { Failure, type FailureCode } from '../ports/failure.ts';
import { withinTime } from '../ports/time-limit.ts';

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
}

export interface LocalAnswer {
  readonly status: number;
  readonly text: string;
}

/**
 * Sends one request and gives whatever answer came, errors and redirects included. Rejects with a Failure: `timed-out`,
 * `unavailable` when nobody answered, `refused` when the answer was too large or broken.
 */
export type LocalHttp = (request: LocalRequest) => Promise<LocalAnswer>;

const DEFAULT_TIMEOUT_MS = 1_000;
// Everything we read fits in a few hundred bytes; this only stops something that is not what we think it is.
const LARGEST_BODY_BYTES = 64 * 1024;

export function createLocalHttp({ endpoint, clock, timeoutMs = DEFAULT_TIMEOUT_MS }: LocalHttpOptions): LocalHttp {
  const http = axios.create({
    baseURL: endpoint.replace(/\/+$/, ''),
    adapter: 'http',
    // One warm connection: IMDS limits connections per instance, and a poll a second should not open one each.
    httpAgent: new Agent({ keepAlive: true, maxSockets: 2 }),
    proxy: false,
    maxRedirects: 0,
    maxContentLength: LARGEST_BODY_BYTES,
    decompress: false,
    responseType: 'text',
    transformResponse: (body) => body,
    validateStatus: () => true,
    headers: { 'User-Agent': 'spotkeeper' },
  });
  return async (request) => {
    try {
      return await withinTime({ clock, limitMs: timeoutMs, signal: request.signal }, (signal) =>
        sendOnWarmConnection(http, { ...request, signal }),
      );
    } catch (cause) {
      throw new Failure(codeOf(cause), request.doing, { cause });
    }
  };
}

/** A server may close an idle connection in the moment we use it again; that says nothing about its health. */
async function sendOnWarmConnection(http: AxiosInstance, request: LocalRequest): Promise<LocalAnswer> {
  try {
    return await send(http, request);
  } catch (error) {
    if (axios.isAxiosError(error) && error.code === 'ECONNRESET' && error.request?.reusedSocket === true) {
      return send(http, request);
    }
    throw error;
  }
}

async function send(http: AxiosInstance, { method, path, headers, signal }: LocalRequest): Promise<LocalAnswer> {
  const answer = await http.request<unknown>({
    method,
    url: path,
    headers,
    ...(signal === undefined ? {} : { signal }),
  });
  return { status: answer.status, text: typeof answer.data === 'string' ? answer.data : '' };
}

function codeOf(error: unknown): FailureCode {
  const code = axios.isAxiosError(error) ? error.code : undefined;
  if (code === 'ERR_CANCELED' || code === 'ETIMEDOUT' || code === 'ECONNABORTED') return 'timed-out';
  return code === 'ERR_BAD_RESPONSE' || code?.startsWith('HPE_') ? 'refused' : 'unavailable';
}
