// One ECS cluster and everything in it. Records are plain mutable data; rules live in the files named after them.
import { shortName } from '../../model/ids.ts';
import { Refusal } from '../refusal.ts';
import type { EcsContainerInstance } from './container-instance.ts';
import type { EcsService } from './service.ts';
import type { EcsTask } from './task.ts';

export interface EcsCluster {
  readonly name: string;
  readonly arn: string;
  readonly tags: Map<string, string>;
  /** By id, in order of registration, INACTIVE ones included until they are forgotten. */
  readonly containerInstances: Map<string, EcsContainerInstance>;
  /** By name, in order of creation. */
  readonly services: Map<string, EcsService>;
  /** By id, in order of placement, STOPPED ones included until they are forgotten. */
  readonly tasks: Map<string, EcsTask>;
  /** STOPPED tasks in order of their end: the next to be forgotten is the first. */
  readonly stoppedTasks: EcsTask[];
  /** Counters by which schedulers see that asking again is worth while. */
  readonly changes: {
    /** Something has been freed, has joined, has come back or has got other attributes. */
    room: number;
    /** A task was placed, has started or has gone. */
    tasks: number;
  };
}

/** The container instance an ARN or id names, INACTIVE ones too; undefined when there is none. */
export function findContainerInstance(cluster: EcsCluster, arnOrId: string): EcsContainerInstance | undefined {
  const found = cluster.containerInstances.get(shortName(arnOrId));
  return found !== undefined && (found.arn === arnOrId || found.id === arnOrId) ? found : undefined;
}

export function findTask(cluster: EcsCluster, arnOrId: string): EcsTask | undefined {
  const found = cluster.tasks.get(shortName(arnOrId));
  return found !== undefined && (found.arn === arnOrId || found.id === arnOrId) ? found : undefined;
}

export function findService(cluster: EcsCluster, arnOrName: string): EcsService | undefined {
  const found = cluster.services.get(shortName(arnOrName));
  return found !== undefined && (found.arn === arnOrName || found.name === arnOrName) ? found : undefined;
}

/** @throws Refusal ServiceNotFoundException */
export function serviceNamed(cluster: EcsCluster, arnOrName: string): EcsService {
  const found = findService(cluster, arnOrName);
  if (found === undefined) throw new Refusal('ServiceNotFoundException', 'Service not found.');
  return found;
}

/** Container instances a scheduler may think of at all: ACTIVE, connected or not. */
export function activeContainerInstances(cluster: EcsCluster): EcsContainerInstance[] {
  return [...cluster.containerInstances.values()].filter((instance) => instance.status === 'ACTIVE');
}
