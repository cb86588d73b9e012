// Gathers one snapshot. A part that cannot be read becomes a gap, with what failed, and never half a list.
//
// The order is part of the safety: rooms are read before services, services before tasks. A task that ECS places
// meanwhile is then counted as placed while its room still looks free, which asks for too little for one pass; the
// other way round it would look unplaced in a full room, and money would be spent on it.
import { ATTRIBUTE } from '../model/attributes.ts';
import type { ContainerInstance } from '../model/container-instance.ts';
import type { Fleet } from '../model/fleet.ts';
import type { InstanceId, TaskDefinitionArn } from '../model/ids.ts';
import type { Service, Task, TaskDefinition } from '../model/service.ts';
import type { ClusterSnapshot, Gap, Part } from '../model/snapshot.ts';
import type { Clock } from '../ports/clock.ts';
import type { Cluster } from '../ports/cluster.ts';
import { explain } from '../ports/failure.ts';
import type { SpotFleet } from '../ports/fleet.ts';
import type { Instances } from '../ports/instances.ts';

export interface Sources {
  readonly clusterName: string;
  readonly cluster: Cluster;
  readonly fleet: SpotFleet;
  readonly instances: Instances;
  readonly clock: Clock;
}

export async function observe(sources: Sources, signal?: AbortSignal): Promise<ClusterSnapshot> {
  const { cluster, fleet, instances, clock, clusterName } = sources;
  const observedAt = clock.now();
  const gaps: Gap[] = [];
  const attempt = async <Result>(part: Part, otherwise: Result, read: () => Promise<Result>): Promise<Result> => {
    try {
      return await read();
    } catch (error) {
      gaps.push({ part, why: explain(error) });
      return otherwise;
    }
  };

  const seenFleet = await attempt<Fleet | null>('fleet', null, () => fleet.describe(signal));
  const containerInstances = await attempt('container-instances', [], () => cluster.containerInstances(signal));
  const services = await attempt('services', [], () => cluster.services(signal));
  const tasks = await attempt('tasks', [], () => readTasks(cluster, containerInstances, signal));
  const definitions: TaskDefinition[] = [];
  for (const arn of definitionsInUse(services)) {
    // One at a time: what the others need is still known when one cannot be read.
    definitions.push(...(await attempt('definitions', [], async () => [await cluster.taskDefinition(arn, signal)])));
  }
  const ids = instanceIds(seenFleet, containerInstances);
  const typeNames = (seenFleet?.options ?? []).map(({ instanceType }) => instanceType);
  return {
    cluster: clusterName,
    observedAt,
    fleet: seenFleet,
    containerInstances,
    services,
    tasks,
    definitions,
    instances: await attempt('instances', [], async () => (ids.length === 0 ? [] : instances.describe(ids, signal))),
    instanceTypes: await attempt('instance-types', [], async () =>
      typeNames.length === 0 ? [] : instances.types(typeNames, signal),
    ),
    gaps,
  };
}

/** All tasks that are to run, and on instances that are leaving also those still inside their stop timeout. */
async function readTasks(cluster: Cluster, all: readonly ContainerInstance[], signal?: AbortSignal): Promise<Task[]> {
  const tasks = new Map((await cluster.runningTasks(signal)).map((task) => [task.arn, task]));
  for (const { arn } of all.filter(mayBeLeaving)) {
    for (const task of await cluster.tasksOn(arn, signal)) tasks.set(task.arn, task);
  }
  return [...tasks.values()];
}

function mayBeLeaving({ status, attributes }: ContainerInstance): boolean {
  return (
    status === 'DRAINING' || attributes[ATTRIBUTE.notice] !== undefined || attributes[ATTRIBUTE.retiring] !== undefined
  );
}

/**
 * Of services with work, and of daemons: a merely registered definition never counts. A service whose deployments are
 * somebody else's (deployment controller EXTERNAL) names none.
 */
function definitionsInUse(services: readonly Service[]): ReadonlySet<TaskDefinitionArn> {
  const inUse = services.filter(
    ({ desiredCount, schedulingStrategy }) => desiredCount > 0 || schedulingStrategy === 'DAEMON',
  );
  return new Set(inUse.flatMap(({ taskDefinition }) => (taskDefinition === '' ? [] : [taskDefinition])));
}

function instanceIds(fleet: Fleet | null, containerInstances: readonly ContainerInstance[]): InstanceId[] {
  return [
    ...new Set([
      ...(fleet?.members ?? []).map(({ instanceId }) => instanceId),
      ...containerInstances.map(({ instanceId }) => instanceId),
    ]),
  ];
}
