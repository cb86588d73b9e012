// Our share of one of AWS's request buckets. AWS counts the calls of a whole account together, consoles and deploy tools
// included, so we keep to a part of what it refills and shrink that part when it answers that it is busy: halved at
// each trouble, regained slowly. It says what may be asked and waits for nothing; what is urgent is asked in any case
// and owed.
import type { Clock } from '../../ports/clock.ts';
import { Failure } from '../../ports/failure.ts';

export interface BucketLimit {
  /** Calls at once. */
  readonly burst: number;
  readonly perSecond: number;
}

/**
 * What AWS allows an account in a region.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/throttling.html
 */
export const AWS_LIMITS = {
  /** List and describe container instances and tasks. */
  clusterResources: { burst: 100, perSecond: 20 },
  services: { burst: 100, perSecond: 20 },
  definitions: { burst: 50, perSecond: 20 },
  /** Describes of EC2, filtered or in pages. */
  ec2: { burst: 100, perSecond: 20 },
} as const satisfies Record<string, BucketLimit>;

/** Parts of a bucket, above 0 and at most 1. */
export interface Share {
  readonly sustained: number;
  readonly burst: number;
}

/**
 * A cluster of 5,000 can be kept in view with it, and nobody else in the account notices. A pass asks all it has to ask
 * at once, and AWS refills a quarter of a bucket in little more than a second.
 */
export const DEFAULT_SHARE: Share = { sustained: 0.1, burst: 0.25 };

// Sixteen times slower still sees a notice: those are asked for first and in any case.
const SMALLEST_STRENGTH = 1 / 16;
// Full strength again five minutes after the last trouble at the latest: other tools' bursts are over by then.
const RECOVERY_MS = 300_000;
// What fails within this time is one trouble, not several.
const ONE_TROUBLE_MS = 1_000;
/** As often as the SDK tries before it gives up. */
const TRIES_OF_A_FAILURE = 3;

export class CallBudget {
  readonly #clock: Clock;
  readonly #burst: number;
  readonly #perMs: number;
  #tokens: number;
  /** 1 in peace, less after trouble. */
  #strength = 1;
  #atMs: number;
  #troubleAtMs = Number.NEGATIVE_INFINITY;
  #spentInRound = 0;

  constructor(options: { limit: BucketLimit; share: Share; clock: Clock }) {
    const { limit, share, clock } = options;
    this.#clock = clock;
    this.#burst = Math.max(1, limit.burst * share.burst);
    this.#perMs = (limit.perSecond * share.sustained) / 1000;
    this.#tokens = this.#burst;
    this.#atMs = clock.monotonicMs();
  }

  /** Whole calls that may be made now. */
  available(): number {
    this.#refill();
    return Math.max(0, Math.floor(this.#tokens));
  }

  /** The most there can ever be at once. */
  get burst(): number {
    return Math.floor(this.#burst);
  }

  /** There was trouble lately, and our share is smaller for it: what can wait, waits. */
  isPressed(): boolean {
    this.#refill();
    return this.#strength < 1;
  }

  /** So many calls more could be owed, if they are urgent. */
  canOwe(calls: number): boolean {
    this.#refill();
    return this.#tokens - calls >= -this.#burst;
  }

  beginRound(): void {
    this.#spentInRound = 0;
  }

  /** Calls since the round began. */
  get spentInRound(): number {
    return this.#spentInRound;
  }

  /** Makes one call and counts it, whether or not it was available, with its retries. */
  async call<Result extends { readonly tries: number }>(send: () => Promise<Result>): Promise<Result> {
    try {
      const answer = await send();
      this.#spend(answer.tries);
      if (answer.tries > 1) this.#press();
      return answer;
    } catch (error) {
      const isTrouble = error instanceof Failure && (error.code === 'throttled' || error.code === 'unavailable');
      this.#spend(isTrouble ? TRIES_OF_A_FAILURE : 1);
      if (isTrouble) this.#press();
      throw error;
    }
  }

  /** Debt is bounded, so that after a crisis the ordinary reads begin again within a burst's time. */
  #spend(calls: number): void {
    this.#refill();
    this.#spentInRound += calls;
    this.#tokens = Math.max(-this.#burst, this.#tokens - calls);
  }

  #press(): void {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#troubleAtMs < ONE_TROUBLE_MS) return;
    this.#troubleAtMs = nowMs;
    this.#strength = Math.max(SMALLEST_STRENGTH, this.#strength / 2);
    this.#tokens = Math.min(this.#tokens, this.#burst * this.#strength);
  }

  #refill(): void {
    const nowMs = this.#clock.monotonicMs();
    const elapsedMs = nowMs - this.#atMs;
    this.#atMs = nowMs;
    this.#tokens = Math.min(this.#burst * this.#strength, this.#tokens + elapsedMs * this.#perMs * this.#strength);
    this.#strength = Math.min(1, this.#strength + elapsedMs / RECOVERY_MS);
  }
}
