// What is known of the tasks here beyond their list: whose they are, how long they take to stop, and how long their load
// balancers hold them. Learned in few calls and remembered; what is not known is assumed, never waited for.
import { shortName, type TaskArn, type TaskDefinitionArn } from '../../model/ids.ts';
import { serviceNameOf, type Task } from '../../model/service.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Cluster } from '../../ports/cluster.ts';
import { MOST } from '../../ports/cluster-reads.ts';
import { Failure } from '../../ports/failure.ts';
import type { LoadBalancers } from '../../ports/load-balancers.ts';
import type { Logger } from '../../ports/logger.ts';
import { DEFAULT_STOP_TIMEOUT_MS } from '../ecs-agent-config.ts';
import type { TaskKind } from '../respond/situation.ts';
import type { ListedTask } from './listed-task.ts';
import { Reading } from './reading.ts';
import { MOST_REMEMBERED, Remembered } from './remembered.ts';
import { ServiceFacts } from './service-facts.ts';
import { overrunsOf, type StopTimes } from './stop-audit.ts';

/** A service's load balancers change only with a deployment, and so with new tasks: these ask anew past this age. */
const OLD_MS = 30 * 60_000;
/** A deregistration delay can change by itself. Asked anew at this age: 5,000 instances ask once in 4 s together. */
const STALE_MS = 6 * 3_600_000;
/** A task that ECS did not know when asked is one that it does not know yet, or has forgotten: asked again, but rarely. */
const NAMELESS_MS = 5 * 60_000;

const READ_LIMIT_MS = 10_000;

export interface FactsOptions {
  readonly openCluster: (signal: AbortSignal) => Promise<Cluster>;
  /** Called only when a service has target groups. */
  readonly openLoadBalancers: () => Promise<LoadBalancers>;
  /** Families that the agent starts itself: their tasks belong to the instance as a DAEMON service's do. */
  readonly ownFamilies: readonly string[];
  /** Kept between the end of a task's stop timeout and the deadline. */
  readonly marginMs: number;
  /** Of containers whose definition sets none. */
  readonly defaultStopTimeoutMs?: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class TaskFacts {
  readonly #options: FactsOptions;
  readonly #reading: Reading;
  readonly #ownFamilies: ReadonlySet<string>;
  readonly #services: ServiceFacts;
  /** The name of its service; null for a standalone task, and undefined for one that ECS did not know. */
  readonly #owners = new Remembered<TaskArn, string | null | undefined>(MOST_REMEMBERED);
  /** As of the last task that was learned: whose a new one of the family is likely to be. */
  readonly #familyOwners = new Remembered<string, string | null>(MOST_REMEMBERED);
  /** null for one that sets none, or cannot be read. */
  readonly #stopTimeouts = new Remembered<TaskDefinitionArn, number | null>(MOST_REMEMBERED);
  readonly #overruns = new Remembered<string, number>(MOST_REMEMBERED);

  constructor(options: FactsOptions) {
    this.#options = options;
    this.#reading = new Reading(options);
    this.#services = new ServiceFacts(options.clock);
    this.#ownFamilies = new Set(options.ownFamilies);
  }

  /** The name of the task's service, null for a standalone task; undefined while it is not known. */
  serviceOf(arn: TaskArn): string | null | undefined {
    return this.#owners.get(arn);
  }

  kindOf(task: ListedTask): TaskKind {
    if (this.#ownFamilies.has(task.family)) return 'daemon';
    const service = this.#likelyServiceOf(task);
    if (service === null) return 'standalone';
    return service !== undefined && this.#services.isDaemon(service) ? 'daemon' : 'service';
  }

  stopTimeoutMs({ definition }: ListedTask): number {
    return this.#stopTimeouts.get(definition) ?? this.#options.defaultStopTimeoutMs ?? DEFAULT_STOP_TIMEOUT_MS;
  }

  deregistrationMs(task: ListedTask): number {
    const service = this.#likelyServiceOf(task);
    return typeof service === 'string' ? this.#services.deregistrationMs(service) : 0;
  }

  /** Whether anything is to be learned of them. */
  lacks(tasks: readonly ListedTask[]): boolean {
    const names = this.#namesOf(tasks);
    return (
      this.#ownerless(tasks).length > 0 ||
      this.#untimed(tasks).length > 0 ||
      this.#services.unread(names, STALE_MS).length > 0 ||
      this.#services.unreadDelays(names, STALE_MS).length > 0
    );
  }

  /** What a listing by ECS says beside the list. */
  note(tasks: readonly Task[]): void {
    const nowMs = this.#options.clock.monotonicMs();
    for (const task of tasks) {
      const service = serviceNameOf(task);
      const [family = ''] = shortName(task.taskDefinition).split(':');
      this.#owners.set(task.arn, service, nowMs);
      this.#familyOwners.set(family, service, nowMs);
    }
  }

  /** Tasks that are not here any more need no memory. */
  forgetAllBut(tasks: readonly ListedTask[]): void {
    this.#owners.forgetAllBut(new Set(tasks.map(({ arn }) => arn)));
  }

  /** Whether all of it could be read. Whatever could is known, also when something else could not. */
  async learn(tasks: readonly ListedTask[], signal: AbortSignal): Promise<boolean> {
    const ownerless = this.#ownerless(tasks);
    // New tasks may come of a deployment that changed their service.
    const ageMs = ownerless.length > 0 ? OLD_MS : STALE_MS;
    const { openCluster, openLoadBalancers } = this.#options;
    const areRead = [
      await this.#read('whose tasks these are', ownerless, signal, (arns, within) => this.#learnOwners(arns, within)),
      await this.#read('task definitions', this.#untimed(tasks), signal, (arns, within) =>
        this.#learnStopTimeouts(arns, within),
      ),
    ];
    const names = this.#namesOf(tasks);
    areRead.push(
      await this.#read('services', this.#services.unread(names, ageMs), signal, async (unread, within) =>
        this.#services.learn(unread, await openCluster(within), within),
      ),
      await this.#read(
        'deregistration delays',
        this.#services.unreadDelays(names, ageMs),
        signal,
        async (unread, within) => this.#services.learnDelays(unread, await openLoadBalancers(), within),
      ),
    );
    this.#tellOverruns(tasks);
    return areRead.every((isRead) => isRead);
  }

  async #read<Item>(
    what: string,
    items: readonly Item[],
    signal: AbortSignal,
    read: (items: readonly Item[], signal: AbortSignal) => Promise<void>,
  ): Promise<boolean> {
    if (items.length === 0) return true;
    const asked = { what, limitMs: READ_LIMIT_MS, signal };
    return (await this.#reading.of(asked, (within) => read(items, within))) !== null;
  }

  async #learnOwners(arns: readonly TaskArn[], signal: AbortSignal): Promise<void> {
    const cluster = await this.#options.openCluster(signal);
    for (let at = 0; at < arns.length; at += MOST.tasks) {
      const batch = arns.slice(at, at + MOST.tasks);
      this.note((await cluster.describeTasks(batch, signal)).items);
      const nowMs = this.#options.clock.monotonicMs();
      for (const arn of batch) if (this.#owners.get(arn) === undefined) this.#owners.set(arn, undefined, nowMs);
    }
  }

  async #learnStopTimeouts(definitions: readonly TaskDefinitionArn[], signal: AbortSignal): Promise<void> {
    const cluster = await this.#options.openCluster(signal);
    for (const arn of definitions) {
      const stopTimeoutMs = await stopTimeoutIn(cluster, arn, signal);
      this.#stopTimeouts.set(arn, stopTimeoutMs, this.#options.clock.monotonicMs());
    }
  }

  #likelyServiceOf({ arn, family }: ListedTask): string | null | undefined {
    const known = this.#owners.get(arn);
    return known === undefined ? this.#familyOwners.get(family) : known;
  }

  #ownerless(tasks: readonly ListedTask[]): TaskArn[] {
    const nowMs = this.#options.clock.monotonicMs();
    const others = tasks.filter(({ family }) => !this.#ownFamilies.has(family)).map(({ arn }) => arn);
    return others.filter((arn) => this.#owners.get(arn) === undefined && this.#owners.ageMs(arn, nowMs) >= NAMELESS_MS);
  }

  #untimed(tasks: readonly ListedTask[]): TaskDefinitionArn[] {
    const definitions = new Set(tasks.map(({ definition }) => definition));
    return [...definitions].filter((arn) => this.#stopTimeouts.get(arn) === undefined);
  }

  #namesOf(tasks: readonly ListedTask[]): string[] {
    return [...new Set(tasks.flatMap(({ arn }) => this.#owners.get(arn) ?? []))];
  }

  /** Once for each, and again when its times change. */
  #tellOverruns(tasks: readonly ListedTask[]): void {
    const { marginMs, logger, clock } = this.#options;
    const stops = tasks.flatMap((task) => this.#stopTimesOf(task) ?? []);
    for (const { key, overMs, message, fields } of overrunsOf(stops, marginMs)) {
      if (this.#overruns.get(key) === overMs) continue;
      this.#overruns.set(key, overMs, clock.monotonicMs());
      logger.warn({ ...fields, overMs }, message);
    }
  }

  /** null while nobody knows whose it is. */
  #stopTimesOf(task: ListedTask): StopTimes | null {
    const service = this.#ownFamilies.has(task.family) ? null : this.#owners.get(task.arn);
    if (service === undefined) return null;
    return {
      of: service === null ? { family: task.family } : { service },
      isDaemon: this.kindOf(task) === 'daemon',
      deregistrationMs: this.deregistrationMs(task),
      stopTimeoutMs: this.stopTimeoutMs(task),
    };
  }
}

/** null for none, and for a definition that cannot be read: asking again would be no use. */
async function stopTimeoutIn(cluster: Cluster, arn: TaskDefinitionArn, signal: AbortSignal): Promise<number | null> {
  try {
    return (await cluster.taskDefinition(arn, signal)).stopTimeoutMs;
  } catch (error) {
    if (error instanceof Failure && error.code === 'unreadable') return null;
    throw error;
  }
}
