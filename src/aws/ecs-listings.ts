// The ECS listings: list all ids page by page, then describe them in full batches.

import type { Service as AwsService } from '@aws-sdk/client-ecs';
import {
  DescribeContainerInstancesCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  type ECSClient,
  ListContainerInstancesCommand,
  ListServicesCommand,
  ListTasksCommand,
  type ListTasksCommandInput,
} from '@aws-sdk/client-ecs';
import type { ContainerInstance } from '../model/container-instance.ts';
import type { Service, Task } from '../model/service.ts';
import type { Clock } from '../ports/clock.ts';
import { sendOptions } from './clients.ts';
import { readContainerInstance, readTask } from './ecs-entities.ts';
import { readService } from './ecs-service.ts';
import { allPages, inBatches } from './paging.ts';

// Most that one call takes or gives, from the API reference of each.
const DESCRIBE_INSTANCES_MAX = 100;
const DESCRIBE_SERVICES_MAX = 10;
const DESCRIBE_TASKS_MAX = 100;
const LIST_MAX = 100;

/** Where to look: whose client, which cluster, until when. */
export interface Listing {
  readonly client: ECSClient;
  readonly cluster: string;
  readonly clock: Clock;
  readonly signal: AbortSignal | undefined;
}

export async function listContainerInstances(listing: Listing): Promise<ContainerInstance[]> {
  const { client, cluster, signal } = listing;
  const arns = await allPages(async (token) => {
    const input = { cluster, maxResults: LIST_MAX, ...nextPage(token) };
    const answer = await client.send(new ListContainerInstancesCommand(input), sendOptions(signal));
    return { items: answer.containerInstanceArns ?? [], nextToken: answer.nextToken };
  });
  return describeContainerInstances(listing, arns);
}

/** Those that ECS knows; one that left meanwhile is left out. */
export async function describeContainerInstances(listing: Listing, arns: string[]): Promise<ContainerInstance[]> {
  const found: ContainerInstance[] = [];
  for (const containerInstances of inBatches(arns, DESCRIBE_INSTANCES_MAX)) {
    const command = new DescribeContainerInstancesCommand({ cluster: listing.cluster, containerInstances });
    const seenAt = listing.clock.now();
    const answer = await listing.client.send(command, sendOptions(listing.signal));
    found.push(...(answer.containerInstances ?? []).map((instance) => readContainerInstance(instance, seenAt)));
  }
  return found;
}

/** Services that are not INACTIVE. */
export async function listServices(listing: Listing): Promise<Service[]> {
  const { client, cluster, signal } = listing;
  const arns = await allPages(async (token) => {
    const input = { cluster, maxResults: LIST_MAX, ...nextPage(token) };
    const answer = await client.send(new ListServicesCommand(input), sendOptions(signal));
    return { items: answer.serviceArns ?? [], nextToken: answer.nextToken };
  });
  return describeServices(listing, arns);
}

/** Those of these names or ARNs that are not INACTIVE and use our instances; one that is unknown is left out. */
export async function describeServices(listing: Listing, names: readonly string[]): Promise<Service[]> {
  const { client, cluster, signal } = listing;
  const found: Service[] = [];
  for (const services of inBatches(names, DESCRIBE_SERVICES_MAX)) {
    const answer = await client.send(new DescribeServicesCommand({ cluster, services }), sendOptions(signal));
    const live = (answer.services ?? []).filter((service) => service.status !== 'INACTIVE' && isPlacedOnEc2(service));
    found.push(...live.map(readService));
  }
  return found;
}

/** Fargate, external and capacity-provider tasks never come to a fleet's instances, so they are no demand on it. */
function isPlacedOnEc2({ launchType, capacityProviderStrategy = [] }: AwsService): boolean {
  return launchType === undefined ? capacityProviderStrategy.length === 0 : launchType === 'EC2';
}

/** Tasks by filter, as they are now. */
export async function listTasks(listing: Listing, filter: TaskFilter): Promise<Task[]> {
  return describeTasks(listing, await listTaskArns(listing, filter));
}

export type TaskFilter = Pick<ListTasksCommandInput, 'containerInstance' | 'desiredStatus'>;

export async function listTaskArns({ client, cluster, signal }: Listing, filter: TaskFilter): Promise<string[]> {
  return allPages(async (token) => {
    const input = { cluster, maxResults: LIST_MAX, ...filter, ...nextPage(token) };
    const answer = await client.send(new ListTasksCommand(input), sendOptions(signal));
    return { items: answer.taskArns ?? [], nextToken: answer.nextToken };
  });
}

/** One that ended since it was listed is MISSING here: it is simply no longer there. */
export async function describeTasks({ client, cluster, signal }: Listing, arns: readonly string[]): Promise<Task[]> {
  const found: Task[] = [];
  for (const tasks of inBatches(arns, DESCRIBE_TASKS_MAX)) {
    const answer = await client.send(new DescribeTasksCommand({ cluster, tasks }), sendOptions(signal));
    found.push(...(answer.tasks ?? []).map(readTask));
  }
  return found;
}

function nextPage(token: string | undefined): { nextToken?: string } {
  return token === undefined ? {} : { nextToken: token };
}
