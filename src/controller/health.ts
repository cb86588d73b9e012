// `/healthz`: whether this process does its work, as a number for a load balancer and a few facts for a person. It
// judges by progress, not by being up: a controller whose passes have stopped is not healthy.
import { createServer, type Server } from 'node:http';
import { Failure } from '../ports/failure.ts';
import type { Role } from './leadership.ts';

export interface Health {
  readonly isHealthy: boolean;
  readonly role: Role;
  /** Milliseconds of the lease that are left; 0 while standing by. */
  readonly leaseRemainingMs: number;
  /** When the last pass ended, epoch milliseconds; null when this process has not led yet. */
  readonly lastPassAt: number | null;
  /** What went wrong in the last pass; null when nothing did. */
  readonly trouble: string | null;
}

/** Serves until closed. @throws Failure `bad-configuration` when the address cannot be listened on */
export async function serveHealth(options: { host: string; port: number; health: () => Health }): Promise<Server> {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0];
    if (path !== '/healthz' || (request.method !== 'GET' && request.method !== 'HEAD')) {
      response
        .writeHead(404, { 'content-type': 'application/json' })
        .end('{"error":"only GET /healthz is served here"}\n');
      return;
    }
    const health = options.health();
    response
      .writeHead(health.isHealthy ? 200 : 503, { 'content-type': 'application/json', 'cache-control': 'no-store' })
      .end(`${JSON.stringify(health)}\n`);
  });
  await new Promise<void>((resolve, reject) => {
    const refuse = (cause: Error) =>
      reject(
        new Failure('bad-configuration', `listening on ${options.host}:${options.port} (status.host, status.port)`, {
          cause,
        }),
      );
    server.once('error', refuse);
    server.listen(options.port, options.host, () => {
      server.off('error', refuse);
      resolve();
    });
  });
  return server;
}
