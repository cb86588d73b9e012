// One way to open a port on the loopback interface, and to close it without leaving a connection behind.
import { createServer, type RequestListener } from 'node:http';

/** Longer than any client's idle time here: a server that hangs up first makes an idle client's next request fail. */
const KEEP_ALIVE_MS = 65_000;

export interface Listening {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Stops listening and cuts every connection; resolves when the port is free. */
  close(): Promise<void>;
}

/** Listens on 127.0.0.1. @param port 0 takes a free one. Rejects when the port is taken. */
export function listenOnLoopback(listener: RequestListener, port = 0): Promise<Listening> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS }, listener);
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.removeListener('error', reject);
      const address = server.address();
      const opened = typeof address === 'object' && address !== null ? address.port : port;
      resolve({ url: `http://127.0.0.1:${opened}`, port: opened, close });
    });
  });
}
