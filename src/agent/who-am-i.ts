// Who this host is to ECS. The ECS agent knows, once it has registered; it may start long after us, register anew under
// another ARN, or be down at the very moment of a notice, so the last answer is remembered and a fresh one preferred.
import type { ContainerInstanceArn } from '../model/ids.ts';
import type { Clock } from '../ports/clock.ts';
import { Failure } from '../ports/failure.ts';
import type { Logger } from '../ports/logger.ts';
import type { EcsAgentIntrospection } from '../ports/metadata.ts';
import { withinTime } from '../ports/time-limit.ts';

export interface Identity {
  readonly cluster: string;
  readonly containerInstanceArn: ContainerInstanceArn;
}

// Registration takes seconds; a notice that waits for it should not wait for us on top.
const POLL_MS = 500;
// At a notice the ECS agent next door gets this long to contradict what we know; it answers in a few milliseconds.
const FRESH_LIMIT_MS = 250;

export class WhoAmI {
  readonly #introspection: EcsAgentIntrospection;
  readonly #clock: Clock;
  readonly #logger: Logger;
  #known: Identity | null = null;
  #hasSaidWhy = false;

  constructor(options: { introspection: EcsAgentIntrospection; clock: Clock; logger: Logger }) {
    this.#introspection = options.introspection;
    this.#clock = options.clock;
    this.#logger = options.logger;
  }

  /** What was last said, by the ECS agent or before a restart; null where nothing ever was. */
  get known(): Identity | null {
    return this.#known;
  }

  /** From before a restart: the ECS agent may be down right now. */
  recall(identity: Identity): void {
    this.#known ??= identity;
  }

  /** Asks until the ECS agent has registered; null when the signal aborts first. */
  async untilRegistered(signal: AbortSignal): Promise<Identity | null> {
    while (!signal.aborted) {
      const identity = await this.#ask(signal);
      if (identity !== null) return identity;
      await this.#clock.sleep(POLL_MS, signal);
    }
    return null;
  }

  /** At once when it has ever been known. */
  async untilKnown(signal: AbortSignal): Promise<Identity | null> {
    return this.#known ?? this.untilRegistered(signal);
  }

  /** What the ECS agent says now, else what it said last, else what it will say once it has registered. */
  async now(signal: AbortSignal): Promise<Identity | null> {
    if (this.#known === null) return this.untilRegistered(signal);
    const limit = { clock: this.#clock, limitMs: FRESH_LIMIT_MS, signal };
    return (await withinTime(limit, (within) => this.#ask(within))) ?? this.#known;
  }

  async #ask(signal: AbortSignal): Promise<Identity | null> {
    try {
      const answer = await this.#introspection.whoAmI(signal);
      if (answer === null) this.#sayWhy({}, 'waiting for the ECS agent to register this instance');
      else this.#learn(answer);
      return answer;
    } catch (err) {
      if (!(err instanceof Failure)) throw err;
      if (!signal.aborted) this.#sayWhy({ err }, 'waiting for the ECS agent, which does not answer');
      return null;
    }
  }

  /** Waiting is a lasting condition: said when it starts. */
  #sayWhy(fields: object, message: string): void {
    if (this.#hasSaidWhy || this.#known !== null) return;
    this.#hasSaidWhy = true;
    this.#logger.info(fields, message);
  }

  #learn(identity: Identity): void {
    if (this.#known?.containerInstanceArn === identity.containerInstanceArn) return;
    this.#known = identity;
    this.#logger.info({ ...identity }, 'this host is a container instance of the cluster');
  }
}
