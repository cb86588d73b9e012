// The container instances of the cluster, each as it was last described. A cluster of up to two hundred is read whole at
// every pass. A larger one is read by what changed: ECS is asked for those that drain, that carry a notice or a mark,
// that are new or not connected; these are described at once, and everyone else in turn, the longest unseen first.
//
// What an old `seenAt` cannot hide: an interruption notice, a drain, a new instance, a lost or regained ECS agent: all
// of these are found by the queries of the same pass. What it can hide, until the instance's turn comes (about a minute
// in a cluster of 5,000): tasks that came or went, hence its room; other attributes; and that it is no longer registered.
// So whoever gives an instance away must look at its `seenAt`.
import { isDeepStrictEqual } from 'node:util';
import type { ContainerInstance } from '../../model/container-instance.ts';
import type { ContainerInstanceArn } from '../../model/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import { type ClusterReads, type InstanceQuery, MOST } from '../../ports/cluster-reads.ts';
import { Failure } from '../../ports/failure.ts';
import type { CallBudget } from './call-budget.ts';
import { placesFor } from './describe-places.ts';
import { isLeaving, isNoticed } from './leaving.ts';
import { Rotation } from './rotation.ts';
import { firstPages, Sweep } from './sweep.ts';

// Two pages cost no more than the queries that would spare them.
const SMALL_PAGES = 2;
/** Pages a pass of the slow listing that finds what the queries missed: 5,000 instances in six minutes of passes. */
const AUDIT_PAGES = 2;
/** The same while ECS refuses the queries, and new instances are found by it alone. */
const AUDIT_PAGES_WITHOUT_QUERIES = 10;
/** Passes until a refused query is tried again: ten minutes. */
const PASSES_WITHOUT_QUERIES = 40;
/** As many are listed with five calls. */
const FEW_FLAGGED = 500;
const UNSETTLED_PAGES = 5;
/** Noticed instances that are read at every pass. */
const MOST_WATCHED = 200;
/** Of our burst; the rest is for tasks. */
const SHARE_OF_BURST = 0.6;
/** New is who registered since the last query, and so long before it: ECS's lists lag, and clocks differ. */
const REGISTRATION_OVERLAP_MS = 120_000;

export interface ContainerInstanceReading {
  readonly cluster: ClusterReads;
  readonly budget: CallBudget;
  readonly lookAt: readonly ContainerInstanceArn[];
  /** Of the budget, calls to leave for the tasks that are asked for. */
  readonly reserved: number;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly signal: AbortSignal | undefined;
}

type Flag = Exclude<InstanceQuery['kind'], 'all'>;

export class ContainerInstanceBook {
  readonly #known = new Map<ContainerInstanceArn, ContainerInstance>();
  /** null after a change. */
  #ordered: readonly ContainerInstance[] | null = null;
  readonly #rotation: Rotation<ContainerInstanceArn>;
  readonly #sweep = new Sweep<ContainerInstanceArn>();
  /** Listed and never described. */
  readonly #unread = new Set<ContainerInstanceArn>();
  /** Known and in doubt: a sweep has not met them, or a query names them no longer. */
  readonly #doubtful = new Set<ContainerInstanceArn>();
  readonly #flagged = new Map<Flag, ReadonlySet<ContainerInstanceArn>>();
  #isListed = false;
  #isRead = false;
  #pages = 0;
  #passesWithoutQueries = 0;
  /** When those that are new were last asked for. */
  #queriedAt: number | null = null;

  constructor(clock: Clock) {
    this.#rotation = new Rotation(clock);
  }

  /**
   * Everyone known, by instance id; an instance whose content did not change is the same object as before. In order,
   * because whoever joins lists of thousands would have to put them in order first.
   */
  get all(): readonly ContainerInstance[] {
    this.#ordered ??= [...this.#known.values()].sort((a, b) => (a.instanceId < b.instanceId ? -1 : 1));
    return this.#ordered;
  }

  /** How far the first reading has come, in words; null once everyone has been read. */
  get firstReading(): string | null {
    if (this.#isRead) return null;
    const listed = this.#known.size + this.#unread.size;
    return `reading container instances for the first time: ${this.#known.size} of ${listed}${this.#isListed ? '' : ' or more'} so far`;
  }

  /** How many have not been described since that instant of the monotonic clock. */
  unseenSince(sinceMs: number): number {
    return this.#rotation.unseenSince(sinceMs);
  }

  /** Reads on within the budget; what is urgent is read in any case. @throws Failure, and keeps what was read before it */
  async read(reading: ContainerInstanceReading): Promise<void> {
    await this.#list(reading);
    const urgent = this.#urgent();
    const ordinary = Math.min(reading.budget.available(), this.#mostDescribes(reading));
    const places = placesFor(urgent.length, ordinary);
    const wanted = new Set([...urgent, ...[...this.#unread].slice(0, places - urgent.length)]);
    for (const arn of this.#rotation.next(places, [...urgent, ...reading.lookAt])) {
      if (wanted.size >= places) break;
      wanted.add(arn);
    }
    const order = [...wanted];
    for (let at = 0; at < order.length; at += MOST.containerInstances) {
      await this.#describe(reading, order.slice(at, at + MOST.containerInstances));
    }
    if (this.#isListed && this.#unread.size === 0) this.#isRead = true;
  }

  /** Small also before anything is known: the first two pages tell. */
  #isSmall(): boolean {
    const mostPages = this.#isListed ? SMALL_PAGES : 0;
    return this.#pages <= mostPages && this.#known.size + this.#unread.size <= SMALL_PAGES * MOST.listed;
  }

  async #list(reading: ContainerInstanceReading): Promise<void> {
    if (this.#isSmall()) await this.#sweepOn(reading, SMALL_PAGES);
    if (this.#isSmall()) return;
    if (this.#isAffordable('draining', reading)) await this.#query(reading, { kind: 'draining' });
    if (this.#passesWithoutQueries > 0) this.#passesWithoutQueries -= 1;
    else await this.#queryAttributes(reading);
    await this.#sweepOn(reading, this.#sweepPages(reading.budget));
  }

  #sweepPages(budget: CallBudget): number {
    if (!this.#isListed) return budget.available();
    // The first reading goes before the audit of its own listing.
    if (!this.#isRead || budget.isPressed()) return 0;
    const most = this.#passesWithoutQueries > 0 ? AUDIT_PAGES_WITHOUT_QUERIES : AUDIT_PAGES;
    return Math.min(budget.available(), most);
  }

  /** That ECS understands the query as its guide has it is for AWS to prove. Where it does not, drains are still seen. */
  async #queryAttributes(reading: ContainerInstanceReading): Promise<void> {
    try {
      await this.#query(reading, { kind: 'marked' });
      // The first reading finds everyone, and in a cluster that has just been made everyone is new.
      if (!this.#isRead || !this.#isAffordable('unsettled', reading)) return;
      const registeredSince = (this.#queriedAt ?? reading.now) - REGISTRATION_OVERLAP_MS;
      await this.#query(reading, { kind: 'unsettled', registeredSince });
      this.#queriedAt = reading.now;
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== 'refused') throw error;
      this.#passesWithoutQueries = PASSES_WITHOUT_QUERIES;
      this.#flagged.delete('marked');
      this.#flagged.delete('unsettled');
    }
  }

  /** After the loss of a zone these lists are as long as those of notices, which are asked for in any case. */
  #isAffordable(flag: Flag, { budget }: ContainerInstanceReading): boolean {
    return (this.#flagged.get(flag)?.size ?? 0) <= FEW_FLAGGED || budget.available() > 0;
  }

  async #query({ cluster, budget, signal }: ContainerInstanceReading, query: Exclude<InstanceQuery, { kind: 'all' }>) {
    // When hundreds join at once, the slow listing meets who is not among the first pages.
    const mostPages = query.kind === 'unsettled' ? UNSETTLED_PAGES : Number.POSITIVE_INFINITY;
    const { ids, isWhole } = await firstPages(mostPages, (page) =>
      budget.call(() => cluster.listContainerInstances(query, page, signal)),
    );
    const now = new Set(ids);
    const before = this.#flagged.get(query.kind) ?? new Set();
    for (const arn of now) {
      if (!this.#known.has(arn)) this.#unread.add(arn);
      else if (!before.has(arn)) this.#doubtful.add(arn);
    }
    if (isWhole) for (const arn of before) if (!now.has(arn)) this.#doubtful.add(arn);
    this.#flagged.set(query.kind, isWhole ? now : new Set([...before, ...now]));
  }

  async #sweepOn({ cluster, budget, signal }: ContainerInstanceReading, most: number): Promise<void> {
    const whole = await this.#sweep.read(
      most,
      (page) => budget.call(() => cluster.listContainerInstances({ kind: 'all' }, page, signal)),
      (arns) => {
        if (!this.#isListed) this.#pages += 1;
        for (const arn of arns) if (!this.#known.has(arn)) this.#unread.add(arn);
      },
    );
    if (whole === null) return;
    this.#isListed = true;
    this.#pages = Math.ceil(whole.size / MOST.listed);
    for (const arn of this.#known.keys()) if (!whole.has(arn)) this.#doubtful.add(arn);
  }

  #urgent(): ContainerInstanceArn[] {
    const leaving = this.all.filter(isLeaving);
    const awaited = leaving.filter((instance) => !isNoticed(instance)).map(({ arn }) => arn);
    const noticed = leaving.filter(isNoticed).map(({ arn }) => arn);
    // A notice that is known is known. Of many the rest is read in turn, as everybody's.
    const watched = noticed.slice(0, MOST_WATCHED);
    const everyone = this.#isSmall() ? [...this.#known.keys()] : [];
    // Of the first reading nothing is urgent but who leaves: it is everything.
    const unread = this.#isRead || this.#isSmall() ? this.#unread : this.#unreadAndLeaving();
    return [...new Set([...unread, ...this.#doubtful, ...awaited, ...watched, ...everyone])];
  }

  #unreadAndLeaving(): ContainerInstanceArn[] {
    const flagged = [...(this.#flagged.get('marked') ?? []), ...(this.#flagged.get('draining') ?? [])];
    return flagged.filter((arn) => this.#unread.has(arn));
  }

  #mostDescribes({ budget, reserved }: ContainerInstanceReading): number {
    if (!this.#isRead) return budget.burst;
    return Math.max(0, Math.min(Math.floor(budget.burst * SHARE_OF_BURST), budget.available() - reserved));
  }

  async #describe(
    { cluster, budget, signal }: ContainerInstanceReading,
    arns: readonly ContainerInstanceArn[],
  ): Promise<void> {
    const { items } = await budget.call(() => cluster.describeContainerInstances(arns, signal));
    const found = new Map(items.map((instance) => [instance.arn, instance]));
    for (const arn of arns) {
      this.#unread.delete(arn);
      this.#doubtful.delete(arn);
      const instance = found.get(arn);
      if (instance === undefined || instance.status === 'INACTIVE') this.#forget(arn);
      else this.#keep(instance);
    }
  }

  #keep(seen: ContainerInstance): void {
    this.#rotation.seen(seen.arn);
    const known = this.#known.get(seen.arn);
    if (known !== undefined && (known === seen || isDeepStrictEqual({ ...seen, seenAt: known.seenAt }, known))) {
      // The one field that moves in place: the planner knows an unchanged instance by its being the same object.
      (known as { seenAt: number }).seenAt = seen.seenAt;
    } else {
      this.#known.set(seen.arn, seen);
      this.#ordered = null;
    }
  }

  #forget(arn: ContainerInstanceArn): void {
    this.#known.delete(arn);
    this.#ordered = null;
    this.#rotation.forget(arn);
  }
}
