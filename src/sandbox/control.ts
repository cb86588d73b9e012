// The control API: a port of the sandbox's own, beside AWS, over which people and tests change the pretend world. JSON
// over plain HTTP, no credentials: it listens on the loopback interface only and ends with the sandbox.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Refusal } from '../world/refusal.ts';
import { ControlError, type ControlRequest, type ControlSubject, type Route } from './control/route.ts';
import { ROUTES } from './control/routes.ts';
import { readBody } from './doors/body.ts';
import { type Listening, listenOnLoopback } from './listen.ts';

/** Opens the control API. Rejects when the port is taken. */
export function startControl(subject: ControlSubject, port = 0): Promise<Listening> {
  return listenOnLoopback(controlListener(subject), port);
}

function controlListener(subject: ControlSubject): RequestListener {
  return (request, response) => {
    answer(subject, request).then(
      ({ status, body }) => send(response, status, body),
      // Only reading the request can fail here: the client has gone.
      () => response.destroy(),
    );
  };
}

async function answer(subject: ControlSubject, request: IncomingMessage): Promise<{ status: number; body: unknown }> {
  const body = await readBody(request);
  try {
    const url = urlOf(request);
    const { route, parameters } = findRoute(request.method ?? 'GET', url.pathname);
    const input: ControlRequest = { parameters, query: url.searchParams, body: parseBody(body) };
    return { status: 200, body: subject.sandbox.driver.inPresent(() => route.handle(subject, input)) };
  } catch (error) {
    const status = statusOf(error);
    const message = error instanceof Error ? error.message : String(error);
    return { status, body: { error: message } };
  }
}

/** What was asked for is wrong, cannot be done in this world, or met a bug of the sandbox. */
function statusOf(error: unknown): number {
  if (error instanceof ControlError) return error.status;
  return error instanceof Refusal ? 409 : 500;
}

function urlOf(request: IncomingMessage): URL {
  const base = 'http://localhost';
  const path = request.url ?? '/';
  if (!URL.canParse(path, base)) throw new ControlError(400, 'the path of the request cannot be read');
  return new URL(path, base);
}

function findRoute(method: string, path: string): { route: Route; parameters: Readonly<Record<string, string>> } {
  for (const route of ROUTES) {
    const match = route.path.exec(path);
    if (match !== null && route.method === method) return { route, parameters: decodedGroups(match) };
  }
  const known = ROUTES.map((route) => `${route.method} ${route.usage}`).join(', ');
  throw new ControlError(404, `no ${method} ${path} here; there is ${known}`);
}

function decodedGroups(match: RegExpExecArray): Record<string, string> {
  return Object.fromEntries(Object.entries(match.groups ?? {}).map(([name, text]) => [name, decoded(text)]));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (!(error instanceof URIError)) throw error;
    throw new ControlError(400, `${text} is not percent-encoded text`);
  }
}

function parseBody(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    throw new ControlError(400, `the body is not JSON: ${error instanceof Error ? error.message : error}`);
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body, null, 2)}\n`);
}
