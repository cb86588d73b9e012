// What of the account a cluster uses: which task definitions, which EC2 instances, which instance types.
import type { ContainerInstance } from '../../model/container-instance.ts';
import type { Fleet } from '../../model/fleet.ts';
import type { InstanceId, TaskDefinitionArn } from '../../model/ids.ts';
import type { Service, TasksOnInstance } from '../../model/service.ts';
import type { Intent } from '../../model/snapshot.ts';
import { definitionsOf, isShort } from './definition-book.ts';

/** Those of services that lack tasks first, so that a budget that ends early has gone to what is needed now. */
export function definitionsInUse(
  services: readonly Service[],
  tasks: readonly TasksOnInstance[],
  intents: readonly Intent[],
): ReadonlySet<TaskDefinitionArn> {
  const wanted = new Set([
    ...services.filter(isShort).flatMap(definitionsOf),
    ...intents.map(({ taskDefinition }) => taskDefinition),
    ...services.flatMap(definitionsOf),
  ]);
  for (const standing of tasks) for (const taskDefinition of definitionsOn(standing)) wanted.add(taskDefinition);
  return wanted;
}

const known = new WeakMap<TasksOnInstance, readonly TaskDefinitionArn[]>();

/** Gone through once while the tasks of an instance are the same. */
function definitionsOn(standing: TasksOnInstance): readonly TaskDefinitionArn[] {
  const before = known.get(standing);
  if (before !== undefined) return before;
  const definitions = [...new Set(standing.tasks.map(({ taskDefinition }) => taskDefinition))];
  known.set(standing, definitions);
  return definitions;
}

/** Of the fleet's members, and of whatever else has joined the cluster. */
export function instanceIds(
  fleet: Fleet | null,
  containerInstances: readonly ContainerInstance[],
): ReadonlySet<InstanceId> {
  return new Set([
    ...(fleet?.members ?? []).map(({ instanceId }) => instanceId),
    ...containerInstances.map(({ instanceId }) => instanceId),
  ]);
}

/** The types that run, and those that the fleet may launch. Where a type is not told, it is left out. */
export function typeNames(fleet: Fleet | null, instances: readonly { instanceType: string }[]): ReadonlySet<string> {
  const named = [...(fleet?.options ?? []), ...(fleet?.members ?? []), ...instances];
  return new Set(named.map(({ instanceType }) => instanceType).filter((name) => name !== ''));
}
