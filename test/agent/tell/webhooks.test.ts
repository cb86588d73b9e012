// Who is told what, and how often it is tried; over the real sender where that matters.
import { describe, expect, it, onTestFinished } from 'vitest';
import { MOMENTS } from '../../../src/agent/respond/steps.ts';
import type { AgentEvent } from '../../../src/agent/tell/event.ts';
import { sendWebhooks, type Webhook } from '../../../src/agent/tell/webhooks.ts';
import { Failure, type FailureCode } from '../../../src/ports/failure.ts';
import type { WebhookRequest } from '../../../src/ports/webhook-sender.ts';
import { systemClock } from '../../../src/runtime/system-clock.ts';
import { keepingLogger } from '../../support/log-lines.ts';
import { startScriptedServer } from '../../support/scripted-server.ts';

const EVENT: AgentEvent = {
  moment: 'notice',
  signal: 'interruption',
  action: 'terminate',
  deadline: '2026-11-21T15:02:00.000Z',
  instanceId: 'i-1',
  cluster: 'production',
  containerInstanceArn: 'arn:1',
};
const AT = Date.parse('2026-11-21T15:00:00Z');
const never = new AbortController().signal;

function aWebhook(over: Partial<Webhook> = {}): Webhook {
  return { url: 'https://hooks.example/SECRET', template: 'json', moments: MOMENTS, headers: {}, ...over };
}

/** Time in which every sleep of a retry ends at once, and takes as long as it says. */
function aStage(...answers: (FailureCode | 'hangs')[]) {
  const { logger, lines } = keepingLogger();
  const posts: WebhookRequest[] = [];
  const pauses: number[] = [];
  let nowMs = AT;
  /** The bounds on one attempt (5 s) and on all of it, which end when time has come to them. */
  const bounds = new Map<() => void, number>();
  const pass = (ms: number) => {
    nowMs += ms;
    for (const [finish, at] of [...bounds]) if (at <= nowMs) finish();
  };
  const clock = {
    now: () => nowMs,
    monotonicMs: () => nowMs,
    sleep: (ms: number, signal?: AbortSignal) =>
      new Promise<void>((resolve) => {
        const finish = () => {
          bounds.delete(finish);
          signal?.removeEventListener('abort', finish);
          resolve();
        };
        signal?.addEventListener('abort', finish);
        if (signal?.aborted) return finish();
        if (isBackoff(ms)) {
          pauses.push(ms);
          pass(ms);
          return finish();
        }
        bounds.set(finish, nowMs + ms);
      }),
  };
  let loads = 0;
  const post = async (request: WebhookRequest, signal: AbortSignal) => {
    posts.push(request);
    const answer = answers.shift();
    if (answer === undefined) return;
    if (answer !== 'hangs') throw new Failure(answer, 'posting');
    const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    pass(5_000);
    await aborted;
    throw new Failure('timed-out', 'posting');
  };
  const loadSender = async () => {
    loads += 1;
    return { post };
  };
  const send = (webhooks: readonly Webhook[], event = EVENT, signal = never) =>
    sendWebhooks(event, { webhooks, loadSender, clock, rng: { next: () => 0.9 }, logger }, signal);
  return { send, posts, pauses, lines, loads: () => loads, now: () => nowMs - AT };
}

/** 0.9 of 500 ms, doubled up to 10 s. */
const BACKOFFS = [450, 900, 1_800, 3_600, 7_200, 9_000];
const isBackoff = (ms: number) => BACKOFFS.includes(ms);

describe('webhooks', () => {
  it('are told of the moments that they want, and what sends is not even loaded for the others', async () => {
    const { send, posts, loads } = aStage();
    const webhooks = [aWebhook({ moments: ['drained'] }), aWebhook({ url: 'https://b.example/', moments: ['notice'] })];
    await send(webhooks, { ...EVENT, moment: 'uncordoned' });
    expect(loads()).toBe(0);
    await send(webhooks);
    expect(posts.map(({ url }) => url)).toEqual(['https://b.example/']);
  });

  it('are sent the event, or a sentence, with their own headers', async () => {
    const { send, posts } = aStage();
    await send([aWebhook({ headers: { Authorization: 'Bearer x' } }), aWebhook({ template: 'slack' })]);
    expect(posts.map(({ headers }) => headers)).toEqual([
      { 'Content-Type': 'application/json', Authorization: 'Bearer x' },
      { 'Content-Type': 'application/json' },
    ]);
    const [json, slack] = posts.map(({ body }) => JSON.parse(body));
    expect(json).toEqual(EVENT);
    expect(slack).toEqual({
      text: 'i-1 in cluster production: EC2 takes the Spot instance back (terminate), deadline 2026-11-21 15:02:00 UTC',
    });
  });

  it.each(['throttled', 'unavailable', 'timed-out'] as const)('that fail with %s are tried again', async (code) => {
    const { send, posts, lines, pauses } = aStage(code, code);
    await send([aWebhook()]);
    expect([posts.length, pauses]).toEqual([3, [450, 900]]);
    expect(lines).toMatchObject([{ level: 'info', fields: { host: 'hooks.example', moment: 'notice', attempts: 3 } }]);
  });

  it('that refuse are not tried again', async () => {
    const { send, posts, lines } = aStage('refused');
    await send([aWebhook()]);
    expect(posts.length).toBe(1);
    expect(lines).toMatchObject([{ level: 'warn', fields: { host: 'hooks.example', err: { code: 'refused' } } }]);
  });

  it('that hang are given five seconds each time', async () => {
    const { send, posts, now } = aStage('hangs');
    await send([aWebhook()]);
    expect([posts.length, now()]).toEqual([2, 5_450]);
  });

  it('are given up after a minute', async () => {
    const { send, lines, now } = aStage(...Array.from({ length: 100 }, () => 'unavailable' as const));
    await send([aWebhook()]);
    expect(now()).toBeGreaterThanOrEqual(60_000);
    expect(now()).toBeLessThan(70_000);
    expect(lines).toMatchObject([{ level: 'warn', message: 'webhook not told: the time for it is over' }]);
  });

  it('are given up at a deadline that comes earlier, and not at one that has passed', async () => {
    const busy = () => aStage(...Array.from({ length: 100 }, () => 'throttled' as const));
    const early = busy();
    await early.send([aWebhook()], { ...EVENT, deadline: '2026-11-21T15:00:03.000Z' });
    expect(early.posts.length).toBe(3);
    const passed = busy();
    await passed.send([aWebhook()], { ...EVENT, deadline: '2026-11-21T14:00:00.000Z' });
    expect(passed.now()).toBeGreaterThanOrEqual(60_000);
  });

  it('that are no longer called for are given up without a word', async () => {
    const { send, lines } = aStage('unavailable');
    const controller = new AbortController();
    controller.abort();
    await send([aWebhook()], EVENT, controller.signal);
    expect(lines).toEqual([]);
  });

  it('do not hold up each other', async () => {
    const { send, lines } = aStage('hangs');
    await send([aWebhook({ url: 'https://slow.example/' }), aWebhook({ url: 'https://quick.example/' })]);
    expect(lines.map(({ fields }) => fields.host)).toEqual(['quick.example', 'slow.example']);
  });

  it('that cannot be sent at all are said, and harm nobody', async () => {
    const { logger, lines } = keepingLogger();
    const loadSender = () => Promise.reject(new Error('no such file'));
    const options = { webhooks: [aWebhook()], loadSender, clock: systemClock, rng: { next: () => 0 }, logger };
    await sendWebhooks(EVENT, options, never);
    expect(lines).toMatchObject([{ level: 'error' }]);
  });

  it('leave no more than their host in the log', async () => {
    const codes: FailureCode[] = ['unavailable', 'refused'];
    const { send, lines } = aStage(...codes);
    await send([aWebhook({ headers: { 'X-Key': 'SECRET' } })]);
    expect(lines.length).toBe(1);
    expect(JSON.stringify(lines)).not.toContain('SECRET');
  });

  it('arrive over HTTP by the sender that is loaded for them', async () => {
    const statuses = [503, 429, 200];
    const server = await startScriptedServer((_, response) => response.writeHead(statuses.shift() ?? 500).end());
    onTestFinished(() => server.close());
    const { logger, lines } = keepingLogger();
    const loadSender = async () => (await import('../../../src/runtime/webhook-http.ts')).createWebhookSender();
    const webhooks = [aWebhook({ url: `${server.url}/hook` })];
    await sendWebhooks(EVENT, { webhooks, loadSender, clock: systemClock, rng: { next: () => 0 }, logger }, never);
    expect(server.asked).toEqual(['POST /hook', 'POST /hook', 'POST /hook']);
    expect(lines).toMatchObject([{ level: 'info', message: 'webhook told', fields: { attempts: 3 } }]);
  });
});
