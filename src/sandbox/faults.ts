// Faults put in on purpose: which requests are throttled, refused, delayed or dropped. Rules are data; the doors ask for
// each request and do what the answer says.
import type { Rng } from '../ports/rng.ts';
import { ApiError } from './api.ts';

/** What happens to a request that a rule hits. */
export type FaultEffect =
  | { readonly kind: 'throttle' }
  | { readonly kind: 'error'; readonly code: string; readonly status: number; readonly message: string }
  /** Comes later, `before` the action is done (so it may be done after the client gave up) or `after` it was done. */
  | { readonly kind: 'latency'; readonly latencyMs: number; readonly when?: 'before' | 'after' }
  /** The connection is cut: `before` the action is done, or `after` it was done, so that only the answer is lost. */
  | { readonly kind: 'drop'; readonly when: 'before' | 'after' }
  /** As dropped before, but the client's system says "connection reset" where it otherwise sees the end of the stream. */
  | { readonly kind: 'reset' }
  /** The answer is cut in half. */
  | { readonly kind: 'truncate' }
  /** A page of HTML comes with a 200 in place of the answer. */
  | { readonly kind: 'garbage' }
  /** The answer is as it should be, and the connection closed after it. */
  | { readonly kind: 'hang-up' }
  /** ECS answers 200, does nothing and names everything it was asked for among the `failures`, for this reason. */
  | { readonly kind: 'failures'; readonly reason: string };

/** Whether the request is lost before anything is done for it. */
export function isLostBefore(effect: FaultEffect | null): boolean {
  return effect?.kind === 'reset' || (effect?.kind === 'drop' && effect.when === 'before');
}

export interface FaultRule {
  /** A service of the request log, or `*`. */
  readonly service: string;
  /** An API action (`GET /latest/...` for instance metadata); with a `*` at its end, all that begin so. */
  readonly action: string;
  /** A caller's name; absent means everybody. */
  readonly caller?: string;
  /** Share of matching requests that are hit, above 0 up to 1. Absent means all. */
  readonly probability?: number;
  /** How many requests are hit before the rule is used up. Absent means no end. */
  readonly count?: number;
  readonly effect: FaultEffect;
}

export interface FaultedRequest {
  readonly service: string;
  readonly action: string;
  readonly callerName: string | null;
}

interface Entry {
  readonly id: string;
  readonly rule: FaultRule;
  hits: number;
}

export class Faults {
  readonly #rng: Rng;
  #entries: Entry[] = [];
  #added = 0;

  constructor(rng: Rng) {
    this.#rng = rng;
  }

  /** Puts a rule in force. Returns its id. Older rules are asked first. */
  add(rule: FaultRule): string {
    this.#added += 1;
    const id = `fault-${this.#added}`;
    this.#entries.push({ id, rule, hits: 0 });
    return id;
  }

  /** @returns false when there is no such rule */
  remove(id: string): boolean {
    const before = this.#entries.length;
    this.#entries = this.#entries.filter((entry) => entry.id !== id);
    return this.#entries.length < before;
  }

  clear(): void {
    this.#entries = [];
  }

  /** The rules in force, and how often each has hit. */
  list(): readonly { readonly id: string; readonly rule: FaultRule; readonly hits: number }[] {
    return this.#entries.map((entry) => ({ ...entry }));
  }

  /** The effect of the first rule that hits this request; null lets it through. Counts the hit. */
  strike(request: FaultedRequest): FaultEffect | null {
    const entry = this.#entries.find(
      ({ rule, hits }) =>
        matches(rule, request) &&
        (rule.count === undefined || hits < rule.count) &&
        (rule.probability === undefined || this.#rng.next() < rule.probability),
    );
    if (entry === undefined) return null;
    entry.hits += 1;
    return entry.rule.effect;
  }
}

function matches(rule: FaultRule, request: FaultedRequest): boolean {
  return (
    (rule.service === '*' || rule.service === request.service) &&
    (rule.action.endsWith('*')
      ? request.action.startsWith(rule.action.slice(0, -1))
      : rule.action === request.action) &&
    (rule.caller === undefined || rule.caller === request.callerName)
  );
}

/** How each service says "slow down"; the status decides whether an SDK retries and how it counts the retry. */
export function throttleError(service: string): ApiError {
  switch (service) {
    case 'ec2':
      return new ApiError('RequestLimitExceeded', 'Request limit exceeded.', 503);
    case 'dynamodb':
      return new ApiError(
        'ProvisionedThroughputExceededException',
        'The level of configured provisioned throughput for the table was exceeded.',
      );
    case 'imds':
    case 'introspection':
      return new ApiError('ServiceUnavailable', 'too many requests', 503);
    case 'elbv2':
    case 'sts':
      return new ApiError('Throttling', 'Rate exceeded');
    default:
      return new ApiError('ThrottlingException', 'Rate exceeded');
  }
}
