// The services of the cluster, each as it was last described. As many as the budget holds are described at every pass
// (about two hundred, ten a call); of more, those that are deploying, short of tasks, changed at their last turn or have
// tasks on an instance that leaves come first, and the others in turn, the longest unseen first.
//
// What age can hide, until a service's turn comes (six and a half minutes in a cluster of 5,000 services): that somebody
// wants more of its tasks. Room that these take is seen on the instances; tasks that find no room wait for the turn. What
// age cannot hide: a shortage that was seen once, which is looked at again at every pass.
import { isDeepStrictEqual } from 'node:util';
import type { ServiceArn } from '../../model/ids.ts';
import type { Service } from '../../model/service.ts';
import type { Clock } from '../../ports/clock.ts';
import { type ClusterReads, MOST } from '../../ports/cluster-reads.ts';
import type { CallBudget } from './call-budget.ts';
import { Rotation } from './rotation.ts';
import { Sweep } from './sweep.ts';

/** Up to so many are read at every pass whatever the budget: three calls. */
const ALWAYS_SERVICES = 20;
/** Of what is available, for the listing that finds new services once they are too many to list at every pass. */
const LISTING_PART = 0.25;
const PAGES_AT_EVERY_PASS = 2;

export interface ServiceReading {
  readonly cluster: ClusterReads;
  readonly budget: CallBudget;
  /** By name: those with tasks on instances that leave. */
  readonly affected: ReadonlySet<string>;
  readonly signal: AbortSignal | undefined;
}

export class ServiceBook {
  /** null for what is listed and no service of ours: placed elsewhere than on our instances. */
  readonly #known = new Map<ServiceArn, Service | null>();
  readonly #clock: Clock;
  readonly #rotation: Rotation<ServiceArn>;
  readonly #sweep = new Sweep<ServiceArn>();
  readonly #unread = new Set<ServiceArn>();
  readonly #changed = new Set<ServiceArn>();
  #isListed = false;
  #isRead = false;
  /** By the monotonic clock: when the listing under way began, and when the last whole one did. */
  #listingSinceMs: number | null = null;
  #listedSinceMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#rotation = new Rotation(clock);
  }

  /** Every service known; one that did not change is the same object as before. */
  get all(): Service[] {
    return [...this.#known.values()].filter((service) => service !== null);
  }

  /** How far the first reading has come, in words; null once every service has been read. */
  get firstReading(): string | null {
    if (this.#isRead) return null;
    const listed = this.#known.size + this.#unread.size;
    return `reading services for the first time: ${this.#known.size} of ${listed}${this.#isListed ? '' : ' or more'} so far`;
  }

  /** How many have not been described since that instant of the monotonic clock. */
  unseenSince(sinceMs: number): number {
    return this.#rotation.unseenSince(sinceMs);
  }

  /** Whether a service that was there at that instant of the monotonic clock would be known. */
  isListedSince(sinceMs: number): boolean {
    return this.#listedSinceMs >= sinceMs;
  }

  /** Reads on within the budget. @throws Failure, and keeps what was read before it */
  async read(reading: ServiceReading): Promise<void> {
    const { budget } = reading;
    await this.#sweepOn(reading, this.#pagesToList(budget.available()));
    const isFew = this.#isListed && this.#known.size + this.#unread.size <= ALWAYS_SERVICES;
    const places = (isFew ? ALWAYS_SERVICES / MOST.services : budget.available()) * MOST.services;
    const unread = [...this.#unread].slice(0, places);
    const order = [...unread, ...this.#rotation.next(places - unread.length, this.#inNeed(reading.affected))];
    for (let at = 0; at < order.length; at += MOST.services) {
      await this.#describe(reading, order.slice(at, at + MOST.services));
    }
    if (this.#isListed && this.#unread.size === 0) this.#isRead = true;
  }

  #pagesToList(available: number): number {
    if (!this.#isListed) return Math.max(PAGES_AT_EVERY_PASS, available);
    // While they are read for the first time their listing is young enough.
    if (!this.#isRead) return 0;
    const isShort = this.#known.size <= PAGES_AT_EVERY_PASS * MOST.listed;
    return isShort ? PAGES_AT_EVERY_PASS : Math.floor(available * LISTING_PART);
  }

  async #sweepOn({ cluster, budget, signal }: ServiceReading, most: number): Promise<void> {
    if (most > 0) this.#listingSinceMs ??= this.#clock.monotonicMs();
    const whole = await this.#sweep.read(
      most,
      (page) => budget.call(() => cluster.listServices(page, signal)),
      (arns) => {
        for (const arn of arns) if (!this.#known.has(arn)) this.#unread.add(arn);
      },
    );
    if (whole === null) return;
    this.#isListed = true;
    this.#listedSinceMs = this.#listingSinceMs ?? this.#listedSinceMs;
    this.#listingSinceMs = null;
    for (const arn of this.#unread) if (!whole.has(arn)) this.#unread.delete(arn);
    for (const [arn, service] of this.#known) {
      if (whole.has(arn)) continue;
      // What is gone, ECS does not describe. That is asked before it is believed.
      if (service === null) this.#forget(arn);
      else this.#changed.add(arn);
    }
  }

  #inNeed(affected: ReadonlySet<string>): ServiceArn[] {
    const inNeed: ServiceArn[] = [];
    for (const [arn, service] of this.#known) {
      if (service === null) continue;
      if (isUnsettled(service) || this.#changed.has(arn) || affected.has(service.name)) inNeed.push(arn);
    }
    return inNeed;
  }

  async #describe({ cluster, budget, signal }: ServiceReading, arns: readonly ServiceArn[]): Promise<void> {
    const { items } = await budget.call(() => cluster.describeServices(arns, signal));
    const found = new Map(items.map((service) => [service.arn, service]));
    for (const arn of arns) {
      this.#unread.delete(arn);
      this.#changed.delete(arn);
      this.#keep(arn, found.get(arn) ?? null);
    }
  }

  #keep(arn: ServiceArn, seen: Service | null): void {
    this.#rotation.seen(arn);
    const known = this.#known.get(arn);
    if (known !== undefined && isDeepStrictEqual(known, seen)) return;
    if (known !== undefined) this.#changed.add(arn);
    this.#known.set(arn, seen);
  }

  #forget(arn: ServiceArn): void {
    this.#known.delete(arn);
    this.#changed.delete(arn);
    this.#rotation.forget(arn);
  }
}

function isUnsettled({ isDeploying, desiredCount, runningCount }: Service): boolean {
  return isDeploying || desiredCount !== runningCount;
}
