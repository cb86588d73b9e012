// An ECS cluster on paper, of any size and quicker than any server: what its listings hold is set by the test, and every
// request is counted. It answers as ECS does: pages of a hundred, those it does not know left out, and failures when told.
import type { ContainerInstance } from '../../src/model/container-instance.ts';
import {
  type ContainerInstanceArn,
  containerInstanceArn,
  instanceId,
  serviceArn,
  taskArn,
  taskDefinitionArn,
} from '../../src/model/ids.ts';
import type { Service, Task } from '../../src/model/service.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { type Answer, type ClusterReads, type InstanceQuery, MOST } from '../../src/ports/cluster-reads.ts';
import { Failure } from '../../src/ports/failure.ts';

export type Operation = keyof ClusterReads;

export interface CountedCluster {
  readonly reads: ClusterReads;
  readonly instances: Map<string, ContainerInstance>;
  readonly services: Map<string, Service>;
  readonly tasks: Map<string, Task>;
  /** Requests since it was last emptied. */
  readonly calls: Operation[];
  /** What these operations fail with, while they do. */
  readonly failures: Map<Operation | InstanceQuery['kind'], Failure>;
  /** Puts the instance in, or changes it: a change raises its version. */
  put(id: string, changes?: Partial<ContainerInstance>): ContainerInstance;
  /** Places a task, raising the counts of its instance. */
  place(id: string, on: ContainerInstance, changes?: Partial<Task>): Task;
}

export function aCountedCluster(clock: Clock): CountedCluster {
  const instances = new Map<string, ContainerInstance>();
  const services = new Map<string, Service>();
  const tasks = new Map<string, Task>();
  const calls: Operation[] = [];
  const failures: CountedCluster['failures'] = new Map();
  const count = (operation: Operation, query?: InstanceQuery['kind']) => {
    calls.push(operation);
    const failure = failures.get(operation) ?? (query === undefined ? undefined : failures.get(query));
    if (failure !== undefined) throw failure;
  };
  const put: CountedCluster['put'] = (id, changes = {}) => {
    const known = instances.get(id) ?? newInstance(id, clock);
    const next = { ...known, version: known.version + 1, ...changes };
    instances.set(id, next);
    return next;
  };
  return {
    instances,
    services,
    tasks,
    calls,
    failures,
    put,
    place(id, on, changes = {}) {
      const task = newTask(id, on.arn, changes);
      tasks.set(id, task);
      const known = instances.get(on.instanceId);
      put(on.instanceId, { runningTaskCount: (known?.runningTaskCount ?? 0) + 1 });
      return task;
    },
    reads: {
      async listContainerInstances(query, page) {
        count('listContainerInstances', query.kind);
        const matching = [...instances.values()].filter((instance) => isAskedFor(instance, query));
        return paged(
          matching.map(({ arn }) => arn),
          page,
        );
      },
      async describeContainerInstances(arns) {
        count('describeContainerInstances');
        atMost(arns, MOST.containerInstances);
        const byArn = new Map([...instances.values()].map((instance) => [instance.arn, instance]));
        // A copy, as over a wire: nothing of an answer is the same object as in the one before.
        return whole(
          arns
            .flatMap((arn) => structuredClone(byArn.get(arn)) ?? [])
            .map((each) => ({ ...each, seenAt: clock.now() })),
        );
      },
      async listServices(page) {
        count('listServices');
        return paged(
          [...services.values()].map(({ arn }) => arn),
          page,
        );
      },
      async describeServices(arns) {
        count('describeServices');
        atMost(arns, MOST.services);
        return whole(
          [...services.values()].filter(({ arn }) => arns.includes(arn)).map((each) => structuredClone(each)),
        );
      },
      async listTasks({ on, desiredStatus }, page) {
        count('listTasks');
        const matching = [...tasks.values()].filter(
          (task) => task.desiredStatus === desiredStatus && (on === null || task.containerInstanceArn === on),
        );
        return paged(
          matching.map(({ arn }) => arn),
          page,
        );
      },
      async describeTasks(arns) {
        count('describeTasks');
        atMost(arns, MOST.tasks);
        const wanted = new Set(arns);
        return whole([...tasks.values()].filter(({ arn }) => wanted.has(arn)).map((each) => structuredClone(each)));
      },
    },
  };
}

export function aService(name: string, changes: Partial<Service> = {}): Service {
  return {
    arn: serviceArn(`arn:service/paper/${name}`),
    name,
    schedulingStrategy: 'REPLICA',
    taskDefinition: taskDefinitionArn(`arn:task-definition/${name}:1`),
    desiredCount: 1,
    runningCount: 1,
    pendingCount: 0,
    minimumHealthyPercent: 100,
    maximumPercent: 200,
    placementConstraints: [],
    placementStrategy: [],
    deployments: [],
    targetGroups: [],
    isDeploying: false,
    placementFailure: null,
    ...changes,
  };
}

function newInstance(id: string, clock: Clock): ContainerInstance {
  return {
    arn: containerInstanceArn(`arn:container-instance/paper/${id}`),
    instanceId: instanceId(id),
    status: 'ACTIVE',
    agentConnected: true,
    capacityProvider: null,
    agentVersion: '1.105.1',
    registered: { cpuUnits: 4096, memoryMiB: 15_000 },
    remaining: { cpuUnits: 4096, memoryMiB: 15_000 },
    gpus: 0,
    takenPorts: ['tcp:22'],
    runningTaskCount: 0,
    pendingTaskCount: 0,
    registeredAt: clock.now(),
    version: 0,
    seenAt: 0,
    attributes: { 'ecs.instance-type': 'm5.xlarge' },
  };
}

function newTask(id: string, on: ContainerInstanceArn, changes: Partial<Task>): Task {
  return {
    arn: taskArn(`arn:task/paper/${id}`),
    group: 'service:web',
    taskDefinition: taskDefinitionArn('arn:task-definition/web:1'),
    containerInstanceArn: on,
    lastStatus: 'RUNNING',
    desiredStatus: 'RUNNING',
    ...changes,
  };
}

function isAskedFor(
  { status, attributes, registeredAt, agentConnected, instanceId: id }: ContainerInstance,
  query: InstanceQuery,
): boolean {
  switch (query.kind) {
    case 'all':
      return status !== 'INACTIVE';
    case 'draining':
      return status === 'DRAINING';
    case 'named':
      return status !== 'INACTIVE' && query.instanceIds.includes(id);
    case 'marked':
      return 'spotkeeper.notice' in attributes || 'spotkeeper.retiring' in attributes;
    case 'unsettled':
      return registeredAt >= query.registeredSince || !agentConnected;
    default:
      return query satisfies never;
  }
}

function paged<Item>(all: readonly Item[], page: string | null): Answer<Item> {
  const from = Number(page ?? 0);
  const next = from + MOST.listed;
  return { items: all.slice(from, next), next: next < all.length ? String(next) : null, tries: 1 };
}

function whole<Item>(items: readonly Item[]): Answer<Item> {
  return { items, next: null, tries: 1 };
}

function atMost(asked: readonly unknown[], most: number): void {
  if (asked.length === 0 || asked.length > most)
    throw new Failure('refused', `${asked.length} asked for, ${most} allowed`);
}
