// The tasks of this instance that are still wanted here, with what a response must know of each. What cannot be read
// beside the listing itself is assumed, never waited for: a stop in time matters more than a stop in the best order.
import type { TaskArn, TaskDefinitionArn } from '../model/ids.ts';
import { serviceNameOf, type Task } from '../model/service.ts';
import { Failure } from '../ports/failure.ts';
import type { Logger } from '../ports/logger.ts';
import type { TaskHere, TaskKind } from './respond.ts';
import type { Self } from './responding.ts';

/**
 * ECS_CONTAINER_STOP_TIMEOUT's own default, for containers that set no stopTimeout.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-agent-config.html
 */
export const DEFAULT_STOP_TIMEOUT_MS = 30_000;

export class TasksHere {
  readonly #logger: Logger;
  readonly #kinds = new Map<string, TaskKind>();
  readonly #unread = new Set<string>();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Tasks whose desired status is RUNNING. Throws Failure when they cannot be listed. */
  async list({ cluster, arn }: Self, signal: AbortSignal): Promise<TaskHere[]> {
    const tasks = (await cluster.tasksOn(arn, signal)).filter(({ desiredStatus }) => desiredStatus === 'RUNNING');
    await this.#learnKinds(cluster, tasks, signal);
    const here: TaskHere[] = [];
    for (const task of tasks) {
      const stopTimeoutMs = await this.#stopTimeoutMs(cluster, task.taskDefinition, signal);
      here.push({ arn: task.arn, kind: this.#kindOf(task), stopTimeoutMs });
    }
    return here;
  }

  async #stopTimeoutMs(cluster: Self['cluster'], arn: TaskDefinitionArn, signal: AbortSignal): Promise<number> {
    const definition = await this.#orAssume(`task definition ${arn}`, () => cluster.taskDefinition(arn, signal));
    return definition?.stopTimeoutMs ?? DEFAULT_STOP_TIMEOUT_MS;
  }

  /** One call for the services seen here for the first time, whose strategies cannot change. */
  async #learnKinds(cluster: Self['cluster'], tasks: readonly Task[], signal: AbortSignal): Promise<void> {
    const names = new Set(tasks.flatMap((task) => serviceNameOf(task) ?? []));
    const unknown = [...names].filter((name) => !this.#kinds.has(name));
    if (unknown.length === 0) return;
    const services = await this.#orAssume('services', () => cluster.servicesNamed(unknown, signal));
    for (const { name, schedulingStrategy } of services ?? []) {
      this.#kinds.set(name, schedulingStrategy === 'DAEMON' ? 'daemon' : 'service');
    }
  }

  #kindOf(task: Task): TaskKind {
    const service = serviceNameOf(task);
    return service === null ? 'standalone' : (this.#kinds.get(service) ?? 'service');
  }

  async #orAssume<Result>(what: string, read: () => Promise<Result>): Promise<Result | null> {
    try {
      return await read();
    } catch (err) {
      if (!(err instanceof Failure)) throw err;
      if (!this.#unread.has(what)) this.#logger.warn({ err, what }, 'cannot be read; the usual is assumed for now');
      this.#unread.add(what);
      return null;
    }
  }
}

/** Tasks that nobody has been asked to stop yet. */
export function stillWanted(tasks: readonly TaskHere[], asked: ReadonlySet<TaskArn>): TaskHere[] {
  return tasks.filter(({ arn }) => !asked.has(arn));
}
