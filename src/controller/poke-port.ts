// Where agents ask for a look at once: `POST /look`. A listener of its own, so that the report need not be opened to every
// instance: whoever reaches this one learns no more than who leads. It reads no body, believes nothing and answers in a few
// bytes, whether the asking came to anything or not.
//
// A standby answers 503, so that an agent that knows several addresses, or a load balancer that asks `GET /look`, finds the
// leader.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { Failure } from '../ports/failure.ts';
import type { Logger } from '../ports/logger.ts';

export interface PokePortOptions {
  readonly host: string;
  /** 0: nobody listens. */
  readonly port: number;
  readonly isLeading: () => boolean;
  readonly onPoke: () => void;
  readonly logger: Logger;
}

const PATH = '/look';

/** A thousand instances that are noticed at once come within seconds; each is answered within a millisecond. */
const MOST_CONNECTIONS = 512;
const LARGEST_HEADERS = 8_192;
/** From the connection to the end of the request, its body included. */
const ASK_MS = 5_000;

/** Serves until closed; null where nobody is to listen. @throws Failure `bad-configuration` when it cannot listen there */
export async function servePokes(options: PokePortOptions): Promise<Server | null> {
  const { host, port, logger } = options;
  if (port === 0) return null;
  const server = createServer({
    maxHeaderSize: LARGEST_HEADERS,
    headersTimeout: ASK_MS,
    requestTimeout: ASK_MS,
    connectionsCheckingInterval: ASK_MS,
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.maxRequestsPerSocket = 1;
  server.on('request', (request, response) => {
    // Whatever else comes is let through to nobody, and the connection ends with its time.
    request.resume();
    response.writeHead(statusOf(request, options), { connection: 'close', 'content-length': 0 }).end();
  });
  await new Promise<void>((resolve, reject) => {
    const refuse = (cause: Error) =>
      reject(new Failure('bad-configuration', `listening on ${host}:${port} (poke.host, poke.port)`, { cause }));
    server.once('error', refuse);
    server.listen(port, host, () => {
      server.off('error', refuse);
      server.on('error', (err) => logger.warn({ err }, 'an agent could not be let in that asks for a look'));
      resolve();
    });
  });
  return server;
}

function statusOf(request: IncomingMessage, { isLeading, onPoke }: PokePortOptions): number {
  if (request.url?.split('?')[0] !== PATH) return 404;
  const { method } = request;
  if (method !== 'POST' && method !== 'GET' && method !== 'HEAD') return 405;
  if (!isLeading()) return 503;
  if (method !== 'POST') return 200;
  onPoke();
  return 202;
}
