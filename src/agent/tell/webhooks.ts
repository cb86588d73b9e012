// Webhooks: each that wants to hear of a moment is told, all at once, tried again while that can help. What sends is loaded
// only now: most agents have no webhook, and the others need it a few times in their lives.
import type { Clock } from '../../ports/clock.ts';
import { Failure } from '../../ports/failure.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Rng } from '../../ports/rng.ts';
import { withinTime } from '../../ports/time-limit.ts';
import type { WebhookRequest, WebhookSender } from '../../ports/webhook-sender.ts';
import { type Backoff, backoffDelayMs } from '../../runtime/backoff.ts';
import type { Moment } from '../respond/steps.ts';
import type { AgentEvent } from './event.ts';
import { bodyOf, type Template } from './templates.ts';

export interface Webhook {
  /** Who knows it may post there: a secret, of which no more than the host is ever said. */
  readonly url: string;
  readonly template: Template;
  readonly moments: readonly Moment[];
  readonly headers: Readonly<Record<string, string>>;
}

export interface WebhookOptions {
  readonly webhooks: readonly Webhook[];
  readonly loadSender: () => Promise<WebhookSender>;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
}

/** Of one attempt: some receivers do their work before they answer. */
const ATTEMPT_MS = 5_000;

/** How long it is tried without a deadline that comes earlier: news older than that is in the log. */
const TRY_MS = 60_000;

/** The cap spares a receiver that a whole fleet of instances tells the same at the same moment. */
const BACKOFF: Backoff = { baseMs: 500, capMs: 10_000 };

/** Tells whoever wants to hear of this moment. Resolves when all are told or given up; it never rejects. */
export async function sendWebhooks(event: AgentEvent, options: WebhookOptions, signal: AbortSignal): Promise<void> {
  const { webhooks, loadSender, clock, logger } = options;
  const wanted = webhooks.filter(({ moments }) => moments.includes(event.moment));
  if (wanted.length === 0) return;
  try {
    const sender = await loadSender();
    const limitMs = tryFor(event, clock.now());
    await withinTime({ clock, limitMs, signal }, async (within) => {
      await Promise.all(wanted.map((webhook) => sendOne(webhook, event, { ...options, sender, signal, within })));
    });
  } catch (err) {
    logger.error({ err, moment: event.moment }, 'webhooks cannot be told: what sends cannot be loaded');
  }
}

interface Sending extends WebhookOptions {
  readonly sender: WebhookSender;
  readonly signal: AbortSignal;
  /** Aborts when the time is over, too. */
  readonly within: AbortSignal;
}

async function sendOne(webhook: Webhook, event: AgentEvent, sending: Sending): Promise<void> {
  const { sender, clock, rng, logger, signal, within } = sending;
  const request = requestOf(webhook, event);
  const about = { host: new URL(webhook.url).host, moment: event.moment };
  for (let attempts = 1; ; attempts += 1) {
    const err = await attempt(sender, request, clock, within);
    if (err === null) return logger.info({ ...about, attempts }, 'webhook told');
    if (signal.aborted) return;
    if (!isWorthRetrying(err)) return logger.warn({ ...about, attempts, err }, 'webhook does not take what it is told');
    if (!within.aborted) await clock.sleep(backoffDelayMs(attempts - 1, BACKOFF, rng), within);
    if (within.aborted) return logger.warn({ ...about, attempts, err }, 'webhook not told: the time for it is over');
  }
}

/** null when it went well. */
async function attempt(
  sender: WebhookSender,
  request: WebhookRequest,
  clock: Clock,
  signal: AbortSignal,
): Promise<unknown> {
  try {
    await withinTime({ clock, limitMs: ATTEMPT_MS, signal }, (within) => sender.post(request, within));
    return null;
  } catch (error) {
    return error;
  }
}

function isWorthRetrying(error: unknown): boolean {
  return error instanceof Failure && ['throttled', 'unavailable', 'timed-out'].includes(error.code);
}

function requestOf({ url, template, headers }: Webhook, event: AgentEvent): WebhookRequest {
  return { url, headers: { 'Content-Type': 'application/json', ...headers }, body: bodyOf(template, event) };
}

/** Until the deadline, when nobody is left to try. One that has passed says nothing any more. */
function tryFor({ deadline }: AgentEvent, now: number): number {
  const leftMs = deadline === null ? TRY_MS : Date.parse(deadline) - now;
  return leftMs > 0 ? Math.min(TRY_MS, leftMs) : TRY_MS;
}
