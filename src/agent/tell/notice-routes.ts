// What may be asked at the notice's port, and the answers. A notice has a tag (ETag), so that whoever waits can say what it
// has seen already: a change between two waits is not missed.
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { TaskNotice } from './task-notice.ts';

export interface NoticeHealth {
  /** Whether a notice would go unseen. */
  readonly isBlind: boolean;
  /** Since when it is so, epoch milliseconds; null where that is not known. */
  readonly since: number | null;
}

export interface Asked {
  readonly path: '/notice' | '/healthz';
  /** How long the answer may wait for news. */
  readonly waitMs: number;
  /** Whether this would be no news. Who does not say what they have seen has seen that there is none. */
  readonly hasSeen: (notice: TaskNotice | null) => boolean;
  /** Whether to answer what was seen already with 304. */
  readonly isConditional: boolean;
}

export interface NoticeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Known {
  readonly notice: TaskNotice | null;
  readonly health: () => NoticeHealth;
  readonly now: number;
}

const LONGEST_WAIT_SECONDS = 60;

/** What is asked, or at once the answer to what cannot be. */
export function readRequest({ method, url = '', headers }: IncomingMessage): Asked | NoticeAnswer {
  const [path, query] = url.split('?', 2);
  if (path !== '/notice' && path !== '/healthz')
    return json(404, { error: 'only /notice and /healthz are served here' });
  if (method !== 'GET' && method !== 'HEAD') return json(405, { error: 'it can only be read' }, { allow: 'GET, HEAD' });
  if (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0) {
    return json(400, { error: 'a question has no body here' });
  }
  const wait = new URLSearchParams(query).get('wait') ?? '0';
  if (!/^\d{1,2}$/.test(wait) || Number(wait) > LONGEST_WAIT_SECONDS) {
    return json(400, { error: `wait is a number of seconds from 0 to ${LONGEST_WAIT_SECONDS}` });
  }
  const seen = headers['if-none-match'];
  return {
    path,
    waitMs: path === '/notice' ? Number(wait) * 1_000 : 0,
    hasSeen: (notice) => (seen === undefined ? notice === null : seen.includes(tagOf(notice))),
    isConditional: seen !== undefined,
  };
}

export function answerTo({ path, hasSeen, isConditional }: Asked, { notice, health, now }: Known): NoticeAnswer {
  if (path === '/healthz') return healthAnswer(health());
  const etag = tagOf(notice);
  if (isConditional && hasSeen(notice)) return { status: 304, headers: { etag }, body: '' };
  return json(200, { notice: notice === null ? null : { ...notice, secondsLeft: secondsLeft(notice, now) } }, { etag });
}

function healthAnswer({ isBlind, since }: NoticeHealth): NoticeAnswer {
  const status = isBlind ? 'blind' : 'ok';
  return json(isBlind ? 503 : 200, { status, since: since === null ? null : new Date(since).toISOString() });
}

/** Of the content, and so the same after a restart of the agent. */
function tagOf(notice: TaskNotice | null): string {
  return `"${createHash('sha256').update(JSON.stringify(notice)).digest('base64url').slice(0, 16)}"`;
}

function secondsLeft({ deadline }: TaskNotice, now: number): number | null {
  return deadline === null ? null : Math.max(0, Math.floor((Date.parse(deadline) - now) / 1_000));
}

function json(status: number, value: object, headers: Readonly<Record<string, string>> = {}): NoticeAnswer {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: `${JSON.stringify(value)}\n` };
}
