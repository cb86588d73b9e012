// The instance metadata service of one instance, version 2 only: every read needs a token from a PUT first. It answers
// as IMDS does and nothing more; that nothing answers after power-off is the business of whoever owns the port.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html
import type { IncomingMessage } from 'node:http';
import type { World } from '../world/world.ts';
import { errorPage } from './doors/error-page.ts';
import type { Answer } from './doors/protocol.ts';
import type { Endpoint } from './doors/watched.ts';
import type { MetadataTokens } from './imds-tokens.ts';
import { metadataAt } from './instance-metadata.ts';

const TTL_HEADER = 'x-aws-ec2-metadata-token-ttl-seconds';
const TOKEN_HEADER = 'x-aws-ec2-metadata-token';
const TOKEN_PATH = '/latest/api/token';
const DATED_TOKEN_PATH = /^\/[^/]+\/api\/token$/;
const MAX_TTL_SECONDS = 21_600;

/** Answers for this instance of the world, whatever its state. */
export function imdsEndpoint(world: World, instanceId: string, tokens: MetadataTokens): Endpoint {
  return (request) => {
    const { status, headers, body } = answer(request, tokens, (path) => metadataAt(world, instanceId, path));
    return { status, body, headers: { 'content-type': 'text/plain', server: 'EC2ws', ...headers } };
  };
}

function answer(request: IncomingMessage, tokens: MetadataTokens, read: (path: string) => string | null): Answer {
  const path = (request.url ?? '/').replace(/\?.*$/s, '');
  if (request.method === 'PUT') return issueToken(request, path, tokens);
  if (request.method !== 'GET' && request.method !== 'HEAD') return errorPage(405);
  if (!tokens.isValid(headerOf(request, TOKEN_HEADER))) return errorPage(401);
  const body = read(path);
  return body === null ? errorPage(404) : { status: 200, headers: {}, body };
}

function issueToken(request: IncomingMessage, path: string, tokens: MetadataTokens): Answer {
  if (path !== TOKEN_PATH) return errorPage(DATED_TOKEN_PATH.test(path) ? 403 : 405);
  // A proxy that forwards strangers' requests adds this header: the guard against leaking tokens through it.
  if (request.headers['x-forwarded-for'] !== undefined) return errorPage(403);
  const given = headerOf(request, TTL_HEADER);
  const ttlSeconds = /^\d{1,6}$/.test(given) ? Number(given) : 0;
  if (ttlSeconds < 1 || ttlSeconds > MAX_TTL_SECONDS) return errorPage(400);
  return { status: 200, body: tokens.issue(ttlSeconds), headers: { [TTL_HEADER]: String(ttlSeconds) } };
}

function headerOf(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === 'string' ? value : '';
}
