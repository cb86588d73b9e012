// The instance metadata service of one instance, version 2 only: every read needs a token from a PUT first. It answers
// as IMDS does and nothing more; that nothing answers after power-off is the business of whoever owns the port.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { World } from '../world/world.ts';
import { MetadataTokens } from './imds-tokens.ts';
import { metadataAt } from './instance-metadata.ts';

const TTL_HEADER = 'x-aws-ec2-metadata-token-ttl-seconds';
const TOKEN_HEADER = 'x-aws-ec2-metadata-token';
const TOKEN_PATH = '/latest/api/token';
const DATED_TOKEN_PATH = /^\/[^/]+\/api\/token$/;
const MAX_TTL_SECONDS = 21_600;

const PAGES = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
} as const;

interface Answer {
  readonly status: 200 | keyof typeof PAGES;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Answers for this instance of the world, whatever its state. */
export function imdsListener(world: World, instanceId: string): RequestListener {
  const tokens = new MetadataTokens(instanceId, () => world.agenda.now);
  return (request, response) => {
    send(
      request,
      response,
      answer(request, tokens, (path) => metadataAt(world, instanceId, path)),
    );
  };
}

function answer(request: IncomingMessage, tokens: MetadataTokens, read: (path: string) => string | null): Answer {
  const path = (request.url ?? '/').replace(/\?.*$/s, '');
  if (request.method === 'PUT') return issueToken(request, path, tokens);
  if (request.method !== 'GET' && request.method !== 'HEAD') return failed(405);
  if (!tokens.isValid(headerOf(request, TOKEN_HEADER))) return failed(401);
  const body = read(path);
  return body === null ? failed(404) : { status: 200, body };
}

function issueToken(request: IncomingMessage, path: string, tokens: MetadataTokens): Answer {
  if (path !== TOKEN_PATH) return failed(DATED_TOKEN_PATH.test(path) ? 403 : 405);
  // A proxy that forwards strangers' requests adds this header: the guard against leaking tokens through it.
  if (request.headers['x-forwarded-for'] !== undefined) return failed(403);
  const given = headerOf(request, TTL_HEADER);
  const ttlSeconds = /^\d{1,6}$/.test(given) ? Number(given) : 0;
  if (ttlSeconds < 1 || ttlSeconds > MAX_TTL_SECONDS) return failed(400);
  return { status: 200, body: tokens.issue(ttlSeconds), headers: { [TTL_HEADER]: String(ttlSeconds) } };
}

function headerOf(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}

/** The small page real IMDS sends with an error; a client must never read it as a value. */
function failed(status: keyof typeof PAGES): Answer {
  const title = `${status} - ${PAGES[status]}`;
  return {
    status,
    headers: { 'content-type': 'text/html' },
    body: `<?xml version="1.0" encoding="iso-8859-1"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN"
\t"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="en" lang="en">
 <head>
  <title>${title}</title>
 </head>
 <body>
  <h1>${title}</h1>
 </body>
</html>
`,
  };
}

function send(request: IncomingMessage, response: ServerResponse, { status, body, headers }: Answer): void {
  // A PUT or POST may carry a body nobody reads; draining it keeps the connection usable.
  request.resume();
  response.writeHead(status, {
    'content-type': 'text/plain',
    server: 'EC2ws',
    'content-length': Buffer.byteLength(body),
    ...headers,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
