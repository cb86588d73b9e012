// A little HTTP server that answers as its script says: for faults that the sandbox has no way to make.
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ScriptedServer {
  readonly url: string;
  /** Everything that was asked, as `PUT /latest/api/token`. */
  readonly asked: string[];
  readonly connections: () => number;
  close(): Promise<void>;
}

export async function startScriptedServer(answer: RequestListener): Promise<ScriptedServer> {
  const asked: string[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    answer(request, response);
  });
  server.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // listening on TCP, so not a path
  return { url: `http://127.0.0.1:${port}`, asked, connections: () => connections, close: () => closeServer(server) };
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

/** What is true of IMDS for one answer: a token is handed out, and the rest is up to `read`. */
export function imdsAnswering(read: RequestListener, token: (request: IncomingMessage) => string = () => 'token-1') {
  const listener: RequestListener = (request, response) => {
    if (request.method === 'PUT' && request.url === '/latest/api/token') response.end(token(request));
    else read(request, response);
  };
  return listener;
}
