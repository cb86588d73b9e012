// A host on paper: what its ECS agent lists and what ECS answers about it, as the test sets it; every call is noted.
import { containerInstanceArn, shortName, type TaskArn, taskArn, taskDefinitionArn } from '../../src/model/ids.ts';
import type { Service, Task } from '../../src/model/service.ts';
import type { Cluster } from '../../src/ports/cluster.ts';
import type { Failure } from '../../src/ports/failure.ts';
import type { LocalTask } from '../../src/ports/metadata.ts';
import { aContainerInstance, aDefinition, aSnapshot, definitionArnOf, type ServiceSpec } from './builders.ts';
import { keepingLogger } from './log-lines.ts';
import { turnedClock } from './turned-clock.ts';

export type Call = keyof Cluster | 'tasks' | 'deregistrationDelayMs';

const PLACE = 'arn:aws:ecs:us-east-1:123456789012';

export const taskCalled = (id: string): TaskArn => taskArn(`${PLACE}:task/test/${id}`);

export function aLocalTask(id: string, family: string, changes: Partial<LocalTask> = {}): LocalTask {
  const arn = taskCalled(id);
  return { arn, family, revision: 1, knownStatus: 'RUNNING', desiredStatus: 'RUNNING', images: [], ...changes };
}

export class PaperHost {
  readonly clock = turnedClock();
  readonly rng = { next: () => this.chance };
  readonly log = keepingLogger();
  readonly logger = this.log.logger;
  readonly calls: Call[] = [];
  readonly failures = new Map<Call, Failure>();
  /** What the ECS agent lists. */
  tasks: LocalTask[] = [];
  /** The group of each task by its id: `service:web`. */
  readonly groups = new Map<string, string>();
  readonly services = new Map<string, Service>();
  readonly stopTimeouts = new Map<string, number>();
  readonly delays = new Map<string, number>();
  readonly protectedIds = new Set<string>();
  /** Ids that StartTask gives. */
  readonly started: string[] = [];
  readonly written: string[] = [];
  status: 'ACTIVE' | 'DRAINING' = 'ACTIVE';
  arn = containerInstanceArn(`${PLACE}:container-instance/test/first`);
  chance = 0;

  readonly introspection = { tasks: async () => this.#answer('tasks', () => this.tasks) };

  readonly ourselves = async () => ({ cluster: this.cluster, arn: this.arn });

  readonly openLoadBalancers = async () => ({
    deregistrationDelayMs: async (targetGroup: string) =>
      this.#answer('deregistrationDelayMs', () => this.delays.get(targetGroup) ?? 0),
  });

  readonly cluster: Cluster = {
    listContainerInstances: unexpected,
    describeContainerInstances: unexpected,
    listServices: unexpected,
    describeServices: unexpected,
    listTasks: unexpected,
    verify: unexpected,
    operatorWords: unexpected,
    setTag: unexpected,
    removeTag: unexpected,
    drain: unexpected,
    reactivate: unexpected,
    removeAttribute: unexpected,
    stopTask: unexpected,
    describeTasks: async (arns) =>
      this.#answer('describeTasks', () => ({ items: this.#ecsTasks(arns), next: null, tries: 1 })),
    tasksOn: async () => this.#answer('tasksOn', () => this.#ecsTasks(this.tasks.map(({ arn }) => arn))),
    taskDefinition: async (arn) =>
      this.#answer('taskDefinition', () => ({
        ...aDefinition({ name: shortName(arn) }),
        arn,
        stopTimeoutMs: this.stopTimeouts.get(shortName(arn)) ?? null,
      })),
    servicesNamed: async (names) =>
      this.#answer('servicesNamed', () => names.flatMap((name) => this.services.get(name) ?? [])),
    containerInstance: async (arn) =>
      this.#answer('containerInstance', () => ({ ...aContainerInstance({ id: shortName(arn) }), status: this.status })),
    setAttribute: async (arn, name, value) =>
      this.#answer('setAttribute', () => {
        this.written.push(`${shortName(arn)} ${name}=${value}`);
      }),
    startTask: async (_on, family) =>
      this.#answer('startTask', () => {
        const id = `started-${this.started.length + 1}`;
        this.started.push(family);
        return taskCalled(id);
      }),
    protectedTasks: async (arns) =>
      this.#answer('protectedTasks', () => new Set(arns.filter((arn) => this.protectedIds.has(shortName(arn))))),
  };

  addService(spec: ServiceSpec, family = spec.name): void {
    for (const service of aSnapshot({ services: [spec] }).services) {
      this.services.set(spec.name, { ...service, taskDefinition: definitionArnOf(family) });
    }
  }

  count(call: Call): number {
    return this.calls.filter((made) => made === call).length;
  }

  #answer<Result>(call: Call, result: () => Result): Result {
    this.calls.push(call);
    const failure = this.failures.get(call);
    if (failure !== undefined) throw failure;
    return result();
  }

  #ecsTasks(arns: readonly TaskArn[]): Task[] {
    return this.tasks
      .filter(({ arn }) => arns.includes(arn) && this.groups.has(shortName(arn)))
      .map(({ arn, family, revision, desiredStatus }) => ({
        arn,
        group: this.groups.get(shortName(arn)) ?? '',
        taskDefinition: taskDefinitionArn(`${PLACE}:task-definition/${family}:${revision}`),
        containerInstanceArn: this.arn,
        lastStatus: 'RUNNING',
        desiredStatus: desiredStatus ?? 'RUNNING',
      }));
  }
}

async function unexpected(): Promise<never> {
  throw new Error('this host never asks that');
}
