// Everybody outside who is told of a response, behind one door: hooks, webhooks, and the notice that tasks can see, in a
// file and on a port; and the controllers, who are asked to look.
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Poker } from '../../ports/poker.ts';
import type { Rng } from '../../ports/rng.ts';
import type { WebhookSender } from '../../ports/webhook-sender.ts';
import { together } from '../../runtime/together.ts';
import { Level } from '../level.ts';
import type { Cause } from '../respond/cause.ts';
import type { Response } from '../respond/respond.ts';
import type { Moment } from '../respond/steps.ts';
import { tellControllers } from './controllers.ts';
import { eventOf, type Place } from './event.ts';
import { hasHooks, runHooks } from './hooks.ts';
import { keepNoticeFile } from './notice-file.ts';
import { serveNotice } from './notice-port.ts';
import type { NoticeHealth } from './notice-routes.ts';
import { type TaskNotice, taskNoticeOf } from './task-notice.ts';
import { sendWebhooks, type Webhook } from './webhooks.ts';

export interface AnnouncerOptions {
  readonly hooks: { readonly directory: string; readonly limitMs: number };
  readonly webhooks: readonly Webhook[];
  readonly loadSender: () => Promise<WebhookSender>;
  /** Where the controllers may be asked to look: `http://host:port`. */
  readonly controllers: readonly string[];
  readonly poker: Poker;
  /** Port 0: nobody listens. */
  readonly noticePort: { readonly host: string; readonly port: number };
  /** null: no file. */
  readonly runtimeDirectory: string | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
}

export class Announcer {
  readonly #options: AnnouncerOptions;
  readonly #board = new Level<TaskNotice | null>(null);
  readonly #isShowing = new Level<boolean>(false);
  readonly #hasHooks: boolean;
  #place: Place = { instanceId: '', cluster: null, containerInstanceArn: null };
  #blindSince: number | null = null;

  /** Looks once whether there are hooks, and says so. */
  constructor(options: AnnouncerOptions) {
    this.#options = options;
    this.#hasHooks = hasHooks({ directory: options.hooks.directory, logger: options.logger });
  }

  /** How long hooks may take at one moment; 0 without any. */
  get hooksLimitMs(): number {
    return this.#hasHooks ? this.#options.hooks.limitMs : 0;
  }

  get hasWebhooks(): boolean {
    return this.#options.webhooks.length > 0;
  }

  knowInstance(instanceId: string): void {
    this.#place = { ...this.#place, instanceId };
  }

  knowPlace({ cluster, containerInstanceArn }: { cluster: string; containerInstanceArn: string }): void {
    this.#place = { ...this.#place, cluster, containerInstanceArn };
  }

  knowBlind(isBlind: boolean): void {
    this.#blindSince = isBlind ? this.#options.clock.now() : null;
  }

  /** Keeps the file and the port until the signal aborts. */
  async serve(signal: AbortSignal): Promise<void> {
    const { runtimeDirectory, noticePort } = this.#options;
    // After a restart in the middle of a response nobody may see the notice withdrawn for a moment.
    await this.#isShowing.changed(false, signal);
    const shared = { ...this.#options, board: this.#board };
    const health = (): NoticeHealth => ({ isBlind: this.#blindSince !== null, since: this.#blindSince });
    await together(signal, [
      async (life) => {
        if (runtimeDirectory !== null) await keepNoticeFile({ ...shared, directory: runtimeDirectory }, life);
      },
      (life) => serveNotice({ ...shared, ...noticePort, health }, life),
    ]);
  }

  /** Shows tasks what is being answered, or that nothing is. */
  show({ cause, steps, memory, isDrained }: Response): void {
    const now = this.#options.clock.now();
    const since = cause === null ? now : (memory.seen[cause.key] ?? now);
    const answering = cause === null ? null : { cause, since, steps, isDrained, now };
    this.#board.put(answering === null ? null : taskNoticeOf(answering, this.#board.value));
    this.#isShowing.put(true);
  }

  /** Resolves when all have run, or their time is over; it never rejects. */
  runHooks(moment: Moment, cause: Cause, signal: AbortSignal): Promise<void> {
    const { hooks, env, clock, logger } = this.#options;
    return runHooks(eventOf(moment, cause, this.#place), { ...hooks, env, clock, logger }, signal);
  }

  /** Resolves when all have been told, or given up; it never rejects. */
  sendWebhooks(moment: Moment, cause: Cause, signal: AbortSignal): Promise<void> {
    return sendWebhooks(eventOf(moment, cause, this.#place), this.#options, signal);
  }

  /** Resolves when the leading controller has been told, or it is given up; it never rejects. */
  tellControllers(signal: AbortSignal): Promise<void> {
    return tellControllers({ ...this.#options, addresses: this.#options.controllers }, signal);
  }
}
