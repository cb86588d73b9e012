// The status port: `/healthz` for a load balancer, `/metrics` for Prometheus, `/status.json` for whoever wants to know all.
// It only tells; nothing can be changed through it, and it is served on loopback unless told otherwise.
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { PlanReport } from '../plan/report.ts';
import { Failure } from '../ports/failure.ts';
import type { Logger } from '../ports/logger.ts';
import type { Health } from './health.ts';
import { expositionOf, type Scrape } from './prometheus.ts';

export interface StatusSources {
  readonly health: () => Health;
  readonly scrape: () => Scrape;
  /** The report of the last pass; null when there was none since this process was last elected. */
  readonly report: () => PlanReport | null;
  readonly logger: Logger;
}

interface Answer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

type Route = (sources: StatusSources) => Answer | Promise<Answer>;

const ROUTES: Readonly<Record<string, Route>> = {
  '/healthz': ({ health }) => {
    const now = health();
    return json(now.isHealthy ? 200 : 503, now);
  },
  '/metrics': async ({ scrape }) => {
    const { contentType, text } = await expositionOf(scrape());
    return { status: 200, contentType, body: text };
  },
  '/status.json': ({ health, report }) => json(200, { ...health(), report: report() }),
};

/** Serves until closed. @throws Failure `bad-configuration` when the address cannot be listened on */
export async function serveStatus({
  host,
  port,
  ...sources
}: StatusSources & { host: string; port: number }): Promise<Server> {
  const server = createServer((request, response) => {
    void answerTo(request, sources).then(({ status, contentType, body }) => {
      response.writeHead(status, { 'content-type': contentType, 'cache-control': 'no-store' }).end(body);
    });
  });
  await new Promise<void>((resolve, reject) => {
    const refuse = (cause: Error) =>
      reject(
        new Failure('bad-configuration', `listening on ${host}:${port} (status.host, status.port)`, {
          cause,
        }),
      );
    server.once('error', refuse);
    server.listen(port, host, () => {
      server.off('error', refuse);
      resolve();
    });
  });
  return server;
}

/** A page that cannot be made is told and logged: it must not end the process that keeps the cluster. */
async function answerTo(request: IncomingMessage, sources: StatusSources): Promise<Answer> {
  const path = request.url?.split('?')[0] ?? '';
  const route = Object.hasOwn(ROUTES, path) ? ROUTES[path] : undefined;
  if (route === undefined || (request.method !== 'GET' && request.method !== 'HEAD')) {
    return json(404, { error: `only GET ${Object.keys(ROUTES).join(', ')} is served here` });
  }
  try {
    return await route(sources);
  } catch (err) {
    sources.logger.error({ err, path }, 'a page of the status port could not be made');
    return json(500, { error: 'this page could not be made; the log says why' });
  }
}

function json(status: number, value: unknown): Answer {
  return { status, contentType: 'application/json', body: `${JSON.stringify(value)}\n` };
}
