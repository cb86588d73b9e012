import type { ContainerInstance } from '../model/container-instance.ts';
import type { ContainerInstanceArn, TaskArn, TaskDefinitionArn } from '../model/ids.ts';
import type { Orders } from '../model/orders.ts';
import type { Service, Task, TaskDefinition } from '../model/service.ts';
import type { Intent, SetAside } from '../model/snapshot.ts';
import type { ClusterReads } from './cluster-reads.ts';

/**
 * The ECS cluster. Reads and writes throw `Failure`: `throttled`, `unavailable`, `timed-out` and `refused` pass by
 * themselves; `access-denied`, `bad-credentials` and `cluster-not-found` need an operator.
 */
export interface Cluster extends ClusterReads {
  /** Resolves when the cluster exists and is ACTIVE; `cluster-not-found` otherwise. */
  verify(signal?: AbortSignal): Promise<void>;
  /** One container instance; null when ECS does not know it. */
  containerInstance(arn: ContainerInstanceArn, signal?: AbortSignal): Promise<ContainerInstance | null>;
  /** The services of these names that are not INACTIVE; a name ECS does not know is left out. */
  servicesNamed(names: readonly string[], signal?: AbortSignal): Promise<Service[]>;
  /**
   * Definitions never change, so adapters may answer from memory. `unreadable` when it cannot be described, or holds
   * sizes that cannot be read: it is to be set aside, and asking again at once is no use.
   */
  taskDefinition(arn: TaskDefinitionArn, signal?: AbortSignal): Promise<TaskDefinition>;
  /** What operators have said by tags on the cluster, read in one call. */
  operatorWords(signal?: AbortSignal): Promise<OperatorWords>;
  /** Writes a tag of the cluster; one of the same key is overwritten. */
  setTag(key: string, value: string, signal?: AbortSignal): Promise<void>;
  /** Removing an absent tag is success. */
  removeTag(key: string, signal?: AbortSignal): Promise<void>;
  /** All tasks on one instance that are not STOPPED yet, whatever is desired of them. */
  tasksOn(arn: ContainerInstanceArn, signal?: AbortSignal): Promise<Task[]>;
  /** DRAINING; an instance that drains already is success. `refused` when ECS lists it among the failures. */
  drain(arn: ContainerInstanceArn, signal?: AbortSignal): Promise<void>;
  /** Back to ACTIVE; an instance that is ACTIVE already is success. */
  reactivate(arn: ContainerInstanceArn, signal?: AbortSignal): Promise<void>;
  setAttribute(arn: ContainerInstanceArn, name: string, value: string, signal?: AbortSignal): Promise<void>;
  /** Removing an absent attribute is success. */
  removeAttribute(arn: ContainerInstanceArn, name: string, signal?: AbortSignal): Promise<void>;
  /**
   * Starts one task of the newest revision of a family on this container instance, past all placement strategies.
   * `refused` when ECS lists a reason (no room, a missing attribute, an instance that takes no tasks).
   */
  startTask(on: ContainerInstanceArn, family: string, startedBy: string, signal?: AbortSignal): Promise<TaskArn>;
  /** Which of these service tasks have scale-in protection now. Tasks that ECS does not know are left out. */
  protectedTasks(arns: readonly TaskArn[], signal?: AbortSignal): Promise<ReadonlySet<TaskArn>>;
  /** SIGTERM, then SIGKILL after the task's stop timeout. A task that is gone is success. */
  stopTask(arn: TaskArn, reason: string, signal?: AbortSignal): Promise<void>;
}

export interface OperatorWords {
  readonly orders: Orders;
  /** Looks up the definitions that the announced tasks name, which can fail on its own. */
  intents(): Promise<Intents>;
}

/** The standalone tasks that somebody has said will be started, and what was said and could not be read. */
export interface Intents {
  /** One that is over is left out. */
  readonly intents: Intent[];
  readonly malformed: SetAside[];
}
