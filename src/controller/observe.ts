// Gathers one snapshot after another. A cluster of any size is kept in view with a small share of the reads AWS allows:
// what each part knows is kept in a book of its own, and at every pass each reads on, what is urgent first. A part that
// fails is a gap and keeps what it knew; a part that has never been read to its end is one, too. What was not read at
// this pass because its turn has not come is none: the books say what age can hide.
//
// The order is part of the safety: rooms are read before services, services before tasks. A task that ECS places
// meanwhile is then counted as placed while its room still looks free, which asks for too little for one pass; the
// other way round it would look unplaced in a full room, and money would be spent on it.
import type { ContainerInstance } from '../model/container-instance.ts';
import type { Fleet } from '../model/fleet.ts';
import type { ContainerInstanceArn, TaskDefinitionArn } from '../model/ids.ts';
import { type Service, serviceNameOf, type TasksOnInstance } from '../model/service.ts';
import type { ClusterSnapshot, Gap, Part, ProtectionOnInstance, SetAside } from '../model/snapshot.ts';
import { STALE_AFTER_MS } from '../plan/freshness.ts';
import type { Clock } from '../ports/clock.ts';
import type { Cluster } from '../ports/cluster.ts';
import { explain } from '../ports/failure.ts';
import type { SpotFleet } from '../ports/fleet.ts';
import type { Instances } from '../ports/instances.ts';
import { type Budgets, beginRound, budgetsOf } from './observe/budgets.ts';
import { DEFAULT_SHARE, type Share } from './observe/call-budget.ts';
import { ContainerInstanceBook } from './observe/container-instance-book.ts';
import { DefinitionBook } from './observe/definition-book.ts';
import { definitionsInUse, instanceIds, typeNames } from './observe/in-use.ts';
import { InstanceBook } from './observe/instance-book.ts';
import { LaunchBook } from './observe/launch-book.ts';
import { isLeaving } from './observe/leaving.ts';
import { NoticeWatch } from './observe/notice-watch.ts';
import { readProtection } from './observe/read-protection.ts';
import { callsFor, readTasks } from './observe/read-tasks.ts';
import { ServiceBook } from './observe/service-book.ts';
import { TaskBook } from './observe/task-book.ts';
import { unreadableResources } from './observe/unreadable-resources.ts';
import type { Wishes } from './observe/wishes.ts';
import { WordsBook } from './observe/words-book.ts';

export interface Sources {
  readonly clusterName: string;
  readonly cluster: Cluster;
  readonly fleet: SpotFleet;
  readonly instances: Instances;
  readonly clock: Clock;
}

export class Observer {
  readonly #sources: Sources;
  readonly #budgets: Budgets;
  /** For a look between two observations. */
  readonly notices: NoticeWatch;
  readonly #containerInstances: ContainerInstanceBook;
  readonly #services: ServiceBook;
  readonly #tasks: TaskBook;
  readonly #definitions: DefinitionBook;
  readonly #instances: InstanceBook;
  readonly #launches: LaunchBook;
  readonly #words = new WordsBook();
  #gaps: Gap[] = [];
  #hasFailed = false;
  /** What was read before this instant of the monotonic clock is too old to give anything away by. */
  #trustedSinceMs = Number.NEGATIVE_INFINITY;

  /** @param share of each of AWS's buckets of reads */
  constructor(sources: Sources, share: Share = DEFAULT_SHARE) {
    const { clock } = sources;
    this.#sources = sources;
    this.#budgets = budgetsOf(clock, share);
    this.notices = new NoticeWatch(sources.cluster, this.#budgets);
    this.#containerInstances = new ContainerInstanceBook(clock);
    this.#services = new ServiceBook(clock);
    this.#tasks = new TaskBook(clock);
    this.#definitions = new DefinitionBook(clock);
    this.#instances = new InstanceBook(clock);
    this.#launches = new LaunchBook(clock, sources.fleet, this.#budgets.ec2);
  }

  /** Nothing failed at the last observation, and something has yet to be read for the first time. */
  get isStillReading(): boolean {
    return !this.#hasFailed && this.#gaps.length > 0;
  }

  /** What the last observation could not read, and why. */
  get failures(): readonly Gap[] {
    return this.#hasFailed ? this.#gaps : [];
  }

  /**
   * To be called when whoever observed slowly begins to decide. What was seen long ago still tells where to grow; until
   * it has been looked at again it is a gap, and nothing shrinks.
   */
  quicken(): void {
    this.#trustedSinceMs = this.#sources.clock.monotonicMs() - STALE_AFTER_MS;
  }

  /** What is known now, a little more of it new at every call. Never throws: what fails is a gap. */
  async observe(wishes: Wishes, signal?: AbortSignal): Promise<ClusterSnapshot> {
    const { cluster, fleet: fleetPort, clock, clusterName } = this.#sources;
    const observedAt = clock.now();
    this.#gaps = [];
    this.#hasFailed = false;
    beginRound(this.#budgets);

    const fleet = await this.#attempt<Fleet | null>('fleet', null, () => fleetPort.describe(signal));
    const containerInstances = await this.#readContainerInstances(wishes, signal);
    const services = await this.#readServices(containerInstances, signal);
    const tasks = await this.#readTasks(containerInstances, wishes, signal);
    const protection = await this.#readProtection(wishes, signal);
    const { intents, malformed } = await this.#attempt('intents', { intents: [], malformed: [] }, () =>
      this.#words.read(cluster, signal),
    );
    const wanted = definitionsInUse(services, tasks, intents);
    await this.#readDefinitions(wanted, services, signal);
    const { launches, unread } = await this.#launches.read(fleet, signal);
    const types = await this.#readInstances(fleet, containerInstances, signal);
    this.#mustBeTrusted();
    const setAside: SetAside[] = [
      ...unreadableResources(containerInstances),
      ...this.#definitions.setAside(wanted, services),
      ...types.setAside,
      ...malformed,
      ...unread,
    ];
    return {
      cluster: clusterName,
      observedAt,
      gaps: this.#gaps,
      fleet,
      launches,
      instances: this.#instances.all,
      instanceTypes: types.known,
      containerInstances,
      services,
      definitions: this.#definitions.among(wanted),
      tasks,
      protection,
      intents,
      orders: this.#words.orders,
      setAside,
    };
  }

  async #readContainerInstances({ lookAt }: Wishes, signal?: AbortSignal): Promise<readonly ContainerInstance[]> {
    const { cluster, clock } = this.#sources;
    const budget = this.#budgets.clusterResources;
    await this.#attempt('container-instances', undefined, () =>
      this.#containerInstances.read({
        cluster,
        budget,
        lookAt,
        reserved: callsFor(lookAt, this.#containerInstances.all, this.#tasks),
        now: clock.now(),
        signal,
      }),
    );
    this.#mustFinish('container-instances', this.#containerInstances.firstReading);
    return this.#containerInstances.all;
  }

  async #readServices(containerInstances: readonly ContainerInstance[], signal?: AbortSignal): Promise<Service[]> {
    const [{ cluster }, budget] = [this.#sources, this.#budgets.services];
    const leaving = this.#tasks.standingOn(containerInstances.filter(isLeaving));
    const affected = new Set(leaving.flatMap(({ tasks }) => tasks.flatMap((task) => serviceNameOf(task) ?? [])));
    await this.#attempt('services', undefined, () => this.#services.read({ cluster, budget, affected, signal }));
    this.#mustFinish('services', this.#services.firstReading);
    return this.#services.all;
  }

  async #readTasks(
    instances: readonly ContainerInstance[],
    { lookAt }: Wishes,
    signal?: AbortSignal,
  ): Promise<TasksOnInstance[]> {
    const { cluster } = this.#sources;
    const budget = this.#budgets.clusterResources;
    const book = this.#tasks;
    await this.#attempt('tasks', undefined, () => readTasks({ book, cluster, budget, instances, lookAt, signal }));
    return book.standingOn(instances);
  }

  async #readProtection({ protectionOf = [] }: Wishes, signal?: AbortSignal): Promise<ProtectionOnInstance[]> {
    const [{ cluster }, budget] = [this.#sources, this.#budgets.clusterResources];
    const tasksOn = (arn: ContainerInstanceArn) => this.#tasks.lastOn(arn);
    return this.#attempt('protection', [], () =>
      readProtection({ cluster, budget, wanted: protectionOf, tasksOn, signal }),
    );
  }

  async #readDefinitions(
    wanted: ReadonlySet<TaskDefinitionArn>,
    services: readonly Service[],
    signal?: AbortSignal,
  ): Promise<void> {
    const { cluster } = this.#sources;
    const budget = this.#budgets.definitions;
    await this.#attempt('definitions', undefined, () => this.#definitions.read({ cluster, budget, wanted, signal }));
    const unread = this.#definitions.unreadAmong(wanted);
    this.#mustFinish(
      'definitions',
      unread === 0 ? null : `reading task definitions for the first time: ${unread} of ${wanted.size} to go`,
    );
    for (const { name } of this.#definitions.inTheDark(services)) {
      this.#fail('definitions', `service ${name} lacks tasks or deploys, and what they need cannot be read`);
    }
  }

  async #readInstances(fleet: Fleet | null, containerInstances: readonly ContainerInstance[], signal?: AbortSignal) {
    const book = this.#instances;
    const reading = { instances: this.#sources.instances, budget: this.#budgets.ec2, signal };
    const ids = instanceIds(fleet, containerInstances);
    await this.#attempt('instances', undefined, () => book.read(reading, ids));
    this.#mustFinish(
      'instances',
      book.unread === 0 ? null : `describing instances for the first time: ${book.unread} of ${ids.size} to go`,
    );
    const names = typeNames(fleet, book.all);
    const known = await this.#attempt('instance-types', [], () => book.types(reading, names));
    return { known, setAside: book.setAside(names) };
  }

  #mustBeTrusted(): void {
    const sinceMs = this.#trustedSinceMs;
    const old = [
      [this.#containerInstances.unseenSince(sinceMs), 'container instances'],
      [this.#services.unseenSince(sinceMs), 'services'],
      [this.#services.isListedSince(sinceMs) ? 0 : 1, 'list of services'],
      [this.#instances.unseenSince(sinceMs), 'instances'],
    ] as const;
    const words = old.flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`]));
    if (words.length === 0) return;
    this.#gaps.push({ part: 'age', why: `seen while standing by, and to be looked at again: ${words.join(', ')}` });
  }

  async #attempt<Result>(part: Part, otherwise: Result, read: () => Promise<Result>): Promise<Result> {
    try {
      return await read();
    } catch (error) {
      this.#fail(part, explain(error));
      return otherwise;
    }
  }

  #fail(part: Part, why: string): void {
    this.#hasFailed = true;
    this.#gaps.push({ part, why });
  }

  /** What has never been seen may be anything. A part that failed has its gap already. */
  #mustFinish(part: Part, why: string | null): void {
    if (why !== null && this.#gaps.every((gap) => gap.part !== part)) this.#gaps.push({ part, why });
  }
}
