// The reads of an ECS cluster one request at a time, for an observer that counts them: ECS allows an account so many a
// second, so a large cluster is read over several passes, and what is asked first matters.
import type { ContainerInstance } from '../model/container-instance.ts';
import type { ContainerInstanceArn, ServiceArn, TaskArn } from '../model/ids.ts';
import type { Service, Task } from '../model/service.ts';

/** What one request was answered. */
export interface Answer<Item> {
  readonly items: readonly Item[];
  /** Where the listing goes on; null at its end. */
  readonly next: string | null;
  /** How often it was sent until it was answered: ECS counts every try. */
  readonly tries: number;
}

/** Most that one request takes or gives, from the API reference of each operation. */
export const MOST = { listed: 100, containerInstances: 100, services: 10, tasks: 100 } as const;

export type InstanceQuery =
  /** Every one that is not INACTIVE. */
  | { readonly kind: 'all' }
  | { readonly kind: 'draining' }
  /** Those of these EC2 instances that are registered. */
  | { readonly kind: 'named'; readonly instanceIds: readonly string[] }
  /** With a notice, or a mark of ours. */
  | { readonly kind: 'marked' }
  /** Registered at or after an instant (epoch milliseconds), or without a connected ECS agent. */
  | { readonly kind: 'unsettled'; readonly registeredSince: number };

export interface TaskQuery {
  readonly desiredStatus: 'RUNNING' | 'STOPPED';
  /** null for the whole cluster. */
  readonly on: ContainerInstanceArn | null;
}

/**
 * Pages are asked for with the `next` of the answer before, the first with null. Throws `Failure`; `refused` also when
 * ECS no longer knows the page, or does not understand a query.
 */
export interface ClusterReads {
  listContainerInstances(
    query: InstanceQuery,
    page: string | null,
    signal?: AbortSignal,
  ): Promise<Answer<ContainerInstanceArn>>;
  /** At most `MOST.containerInstances`. One that ECS does not know is left out. */
  describeContainerInstances(
    arns: readonly ContainerInstanceArn[],
    signal?: AbortSignal,
  ): Promise<Answer<ContainerInstance>>;
  listServices(page: string | null, signal?: AbortSignal): Promise<Answer<ServiceArn>>;
  /** At most `MOST.services`. Those that ECS does not know, that are INACTIVE or not placed on our instances are left out. */
  describeServices(arnsOrNames: readonly string[], signal?: AbortSignal): Promise<Answer<Service>>;
  listTasks(query: TaskQuery, page: string | null, signal?: AbortSignal): Promise<Answer<TaskArn>>;
  /** At most `MOST.tasks`. One that ECS has forgotten is left out. */
  describeTasks(arns: readonly TaskArn[], signal?: AbortSignal): Promise<Answer<Task>>;
}
