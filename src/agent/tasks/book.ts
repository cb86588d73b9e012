// The book of what runs here. The list comes from the ECS agent next door, which costs nothing and answers whatever ECS
// throttles; all else is learned ahead, in calm times and slowly, so that the moment of a notice needs no reads at all.
import type { TaskArn } from '../../model/ids.ts';
import { Failure } from '../../ports/failure.ts';
import type { EcsAgentIntrospection } from '../../ports/metadata.ts';
import type { Rng } from '../../ports/rng.ts';
import { withinTime } from '../../ports/time-limit.ts';
import type { Self } from '../act/self.ts';
import type { TaskHere, TasksHere } from '../respond/situation.ts';
import { type FactsOptions, TaskFacts } from './facts.ts';
import { fromEcs, fromEcsAgent, type ListedTask } from './listed-task.ts';
import { Pace } from './pace.ts';
import { Protection } from './protection.ts';
import { Reading } from './reading.ts';

export interface TasksBookOptions extends Omit<FactsOptions, 'openCluster'> {
  readonly introspection: Pick<EcsAgentIntrospection, 'tasks'>;
  /** This container instance; throws Failure while it is not known. */
  readonly ourselves: (signal: AbortSignal) => Promise<Self>;
  readonly rng: Rng;
}

export interface Asked {
  /** Whether the response is voluntary, so that protection counts. */
  readonly asksProtection: boolean;
  /** Whether ECS has taken DRAINING before this was asked. */
  readonly isDraining: boolean;
  readonly signal: AbortSignal;
}

const LOOK_MS = 30_000;
/**
 * Between seeing a new task and asking ECS about it. ECS starts at most 500 tasks of a service a minute, so a deployment
 * to 5,000 instances asks 8 times a second; the spread keeps agents that were all restarted together below the account's
 * burst of 100 and 20 a second.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/request-throttling.html
 */
const CALM_MS: readonly [number, number] = [5_000, 60_000];

/** At a notice the ECS agent next door gets this long; it answers in a few milliseconds. */
const LOCAL_LIMIT_MS = 250;
/** ECS answers the few questions about a handful of tasks in a fifth of it. */
const HEAD_START_MS = 1_000;
/** Without it, four calls to ECS. Together with one write it must fit in the stop margin. */
const LIST_LIMIT_MS = 2_000;
/** What ECS placed here just before it took DRAINING is with the ECS agent a moment later; nobody comes after that. */
const SETTLED_MS = 3_000;

const NOBODY: ReadonlySet<TaskArn> = new Set();

export class TasksBook {
  readonly #options: TasksBookOptions;
  readonly #facts: TaskFacts;
  readonly #protection: Protection;
  readonly #reading: Reading;
  readonly #calmPace: Pace;
  readonly #urgentPace: Pace;
  readonly #listPace: Pace;
  #listed: readonly ListedTask[] = [];
  #learning: Promise<void> | null = null;
  #drainingSinceMs: number | null = null;
  /** A bug in what ran beside: thrown to whoever asks next. */
  #broken: { readonly error: unknown } | null = null;

  constructor(options: TasksBookOptions) {
    const openCluster = async (signal: AbortSignal) => (await options.ourselves(signal)).cluster;
    this.#options = options;
    this.#facts = new TaskFacts({ ...options, openCluster });
    this.#protection = new Protection({ ...options, openCluster });
    this.#reading = new Reading(options);
    this.#calmPace = new Pace(options, { baseMs: 60_000, capMs: 15 * 60_000 });
    this.#urgentPace = new Pace(options, { baseMs: 1_000, capMs: 30_000 });
    this.#listPace = new Pace(options, { baseMs: 1_000, capMs: 10_000 });
  }

  /** The name of a task's service, null for a standalone task; undefined while it is not known. */
  serviceOf(arn: TaskArn): string | null | undefined {
    return this.#facts.serviceOf(arn);
  }

  /** Learns ahead of any notice, until the signal aborts. */
  async learn(signal: AbortSignal): Promise<void> {
    const { clock, rng } = this.#options;
    const [least, most] = CALM_MS;
    while (!signal.aborted) {
      const lacking = this.#calmPace.isDue && (await this.#lookLocally(signal));
      if (lacking) {
        await clock.sleep(least + rng.next() * (most - least), signal);
        await this.#learnOnce(this.#calmPace, signal);
      }
      await clock.sleep(LOOK_MS * (1 + rng.next() / 5), signal);
    }
  }

  /**
   * What runs here now. It waits a moment for what has not been learned yet, as a stop that is due by what would be assumed
   * cannot be taken back; then it is assumed, and asked for beside. Where nobody can list, the last list stands, and is not
   * called complete.
   */
  async now({ asksProtection, isDraining, signal }: Asked): Promise<TasksHere> {
    const isSettled = this.#isSettled(isDraining);
    const isListed = await this.#list(signal);
    if (this.#broken !== null) throw this.#broken.error;
    if (this.#facts.lacks(this.#listed) && this.#urgentPace.isDue) await this.#learnInTime(signal);
    const unprotected = this.#listed.map((task) => this.#hereOf(task));
    const mayBeProtected = asksProtection ? await this.#protectedAmong(unprotected, signal) : NOBODY;
    const tasks = unprotected.map((task) => ({ ...task, isProtected: mayBeProtected.has(task.arn) }));
    return { tasks, isComplete: isSettled && isListed };
  }

  #hereOf(task: ListedTask): TaskHere {
    return {
      arn: task.arn,
      kind: this.#facts.kindOf(task),
      stopTimeoutMs: this.#facts.stopTimeoutMs(task),
      deregistrationMs: this.#facts.deregistrationMs(task),
      isStopping: task.isStopping,
      isProtected: false,
    };
  }

  /** ECS protects only the tasks of services. */
  #protectedAmong(tasks: readonly TaskHere[], signal: AbortSignal): Promise<ReadonlySet<TaskArn>> {
    const protectable = tasks.filter(({ kind, isStopping }) => kind !== 'standalone' && !isStopping);
    return this.#protection.among(
      protectable.map(({ arn }) => arn),
      signal,
    );
  }

  #isSettled(isDraining: boolean): boolean {
    const nowMs = this.#options.clock.monotonicMs();
    this.#drainingSinceMs = isDraining ? (this.#drainingSinceMs ?? nowMs) : null;
    return this.#drainingSinceMs !== null && nowMs - this.#drainingSinceMs >= SETTLED_MS;
  }

  /** Whether it could be listed. */
  async #list(signal: AbortSignal): Promise<boolean> {
    if (await this.#listLocally(LOCAL_LIMIT_MS, signal)) return true;
    if (!this.#listPace.isDue || signal.aborted) return false;
    const asked = { what: 'the tasks on this container instance', limitMs: LIST_LIMIT_MS, signal };
    const answer = await this.#reading.of(asked, async (within) => {
      const { cluster, arn } = await this.#options.ourselves(within);
      return cluster.tasksOn(arn, within);
    });
    if (answer === null) {
      this.#listPace.failed();
      return false;
    }
    this.#listPace.succeeded();
    this.#facts.note(answer.result);
    this.#listed = answer.result.map(fromEcs);
    return true;
  }

  async #listLocally(limitMs: number, signal: AbortSignal): Promise<boolean> {
    const { introspection, clock, logger } = this.#options;
    try {
      const tasks = await withinTime({ clock, limitMs, signal }, (within) => introspection.tasks(within));
      this.#listed = tasks.flatMap((task) => fromEcsAgent(task) ?? []);
      return true;
    } catch (err) {
      if (!(err instanceof Failure) || err.kind === 'bug') throw err;
      logger.debug({ err }, 'the ECS agent does not list its tasks');
      return false;
    }
  }

  /** Whether there is anything to learn of what runs here. */
  async #lookLocally(signal: AbortSignal): Promise<boolean> {
    if (!(await this.#listLocally(LIST_LIMIT_MS, signal))) return false;
    this.#facts.forgetAllBut(this.#listed);
    return this.#facts.lacks(this.#listed);
  }

  async #learnInTime(signal: AbortSignal): Promise<void> {
    const learned = new AbortController();
    const learning = this.#learnOnce(this.#urgentPace, signal)
      .catch((error: unknown) => {
        this.#broken ??= { error };
      })
      .finally(() => learned.abort());
    await Promise.race([learning, this.#options.clock.sleep(HEAD_START_MS, learned.signal)]);
    if (this.#broken !== null) throw this.#broken.error;
  }

  /** One at a time: whoever comes while it is under way waits for the same answers. */
  #learnOnce(pace: Pace, signal: AbortSignal): Promise<void> {
    this.#learning ??= this.#facts
      .learn(this.#listed, signal)
      .then((isAllRead) => (isAllRead ? pace.succeeded() : pace.failed()))
      .finally(() => {
        this.#learning = null;
      });
    return this.#learning;
  }
}
