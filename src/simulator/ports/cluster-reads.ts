// The reads of the world's ECS, one request at a time, in pages as ECS gives them.
import { ATTRIBUTE } from '../../model/attributes.ts';
import type { ContainerInstance } from '../../model/container-instance.ts';
import { type ContainerInstanceArn, containerInstanceArn, serviceArn, taskArn } from '../../model/ids.ts';
import type { Service, Task } from '../../model/service.ts';
import { type Answer, type ClusterReads, type InstanceQuery, MOST } from '../../ports/cluster-reads.ts';
import { type EcsCluster, findContainerInstance, findService, findTask } from '../../world/ecs/cluster.ts';
import type { EcsContainerInstance } from '../../world/ecs/container-instance.ts';
import type { EcsService } from '../../world/ecs/service.ts';
import type { EcsTask } from '../../world/ecs/task.ts';
import { readContainerInstance, readService, readTask, versionOfService } from '../reading/ecs.ts';
import { Remembered } from '../reading/remembered.ts';
import { type AwsAccess, asking } from './access.ts';

export function clusterReads(access: AwsAccess, cluster: EcsCluster): ClusterReads {
  const { read } = asking(access, 'ecs');
  const instances = new Remembered<EcsContainerInstance, ContainerInstance>();
  const services = new Remembered<EcsService, Service>();
  const tasks = new Remembered<EcsTask, Task>();
  const { clock } = access.caller.process;

  /** Known by its version; only when it was seen moves in it, as the observer moves it, too. */
  const seen = (from: EcsContainerInstance): ContainerInstance => {
    const now = clock.now();
    const instance = instances.of(from, from.version, () => readContainerInstance(from, now));
    (instance as { seenAt: number }).seenAt = now;
    return instance;
  };

  return {
    listContainerInstances: (query, page, signal) =>
      read(`listing container instances of cluster ${cluster.name}`, signal, () => {
        const listed = [...cluster.containerInstances.values()].filter((instance) => answers(instance, query));
        return pageOf(listed, page, ({ arn }) => containerInstanceArn(arn));
      }),

    describeContainerInstances: (arns, signal) =>
      read(`describing container instances of cluster ${cluster.name}`, signal, () =>
        whole(arns.flatMap((arn) => found(findContainerInstance(cluster, arn), seen))),
      ),

    listServices: (page, signal) =>
      read(`listing services of cluster ${cluster.name}`, signal, () =>
        pageOf([...cluster.services.values()], page, ({ arn }) => serviceArn(arn)),
      ),

    describeServices: (arnsOrNames, signal) =>
      read(`describing services of cluster ${cluster.name}`, signal, () =>
        whole(
          arnsOrNames.flatMap((reference) =>
            found(findService(cluster, reference), (service) =>
              services.of(service, versionOfService(service), () => readService(service)),
            ),
          ),
        ),
      ),

    listTasks: ({ on, desiredStatus }, page, signal) =>
      read(`listing tasks of cluster ${cluster.name}`, signal, () => {
        const listed = [...tasksOn(cluster, on)].filter((task) => task.desiredStatus === desiredStatus);
        return pageOf(listed, page, ({ arn }) => taskArn(arn));
      }),

    describeTasks: (arns, signal) =>
      read(`describing tasks of cluster ${cluster.name}`, signal, () =>
        whole(
          arns.flatMap((arn) =>
            found(findTask(cluster, arn), (task) => tasks.of(task, task.version, () => readTask(task))),
          ),
        ),
      ),
  };
}

function answers(instance: EcsContainerInstance, query: InstanceQuery): boolean {
  if (instance.status === 'INACTIVE') return false;
  switch (query.kind) {
    case 'all':
      return true;
    case 'draining':
      return instance.status === 'DRAINING';
    case 'named':
      return query.instanceIds.includes(instance.ec2.id);
    case 'marked':
      return instance.attributes.has(ATTRIBUTE.notice) || instance.attributes.has(ATTRIBUTE.retiring);
    case 'unsettled':
      return instance.registeredAt >= query.registeredSince || !instance.agentConnected;
    default:
      return query satisfies never;
  }
}

/** Those of one instance: the ones it has, and those that are over. */
function* tasksOn(cluster: EcsCluster, on: ContainerInstanceArn | null): Iterable<EcsTask> {
  if (on === null) {
    yield* cluster.tasks.values();
    return;
  }
  const instance = findContainerInstance(cluster, on);
  for (const task of cluster.stoppedTasks) if (task.containerInstance === instance) yield task;
  yield* instance?.tasks ?? [];
}

function pageOf<Item, Name>(items: readonly Item[], page: string | null, nameOf: (item: Item) => Name): Answer<Name> {
  const from = page === null ? 0 : Number(page);
  const next = from + MOST.listed;
  return {
    items: items.slice(from, next).map(nameOf),
    next: next < items.length ? String(next) : null,
    tries: 1,
  };
}

function whole<Item>(items: readonly Item[]): Answer<Item> {
  return { items, next: null, tries: 1 };
}

function found<Item, Read>(item: Item | undefined, read: (item: Item) => Read): Read[] {
  return item === undefined ? [] : [read(item)];
}
