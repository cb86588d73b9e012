// The ECS reads one request at a time. Translates and nothing else: what is asked, and when, the observer decides.
import {
  type Service as AwsService,
  DescribeContainerInstancesCommand,
  DescribeServicesCommand,
  DescribeTasksCommand,
  type ECSClient,
  ListContainerInstancesCommand,
  type ListContainerInstancesCommandInput,
  ListServicesCommand,
  ListTasksCommand,
} from '@aws-sdk/client-ecs';
import { ATTRIBUTE } from '../model/attributes.ts';
import { containerInstanceArn, serviceArn, shortName, taskArn } from '../model/ids.ts';
import type { Clock } from '../ports/clock.ts';
import { type Answer, type ClusterReads, type InstanceQuery, MOST } from '../ports/cluster-reads.ts';
import { calling } from './aws-error.ts';
import { sendOptions } from './clients.ts';
import { readContainerInstance, readTask } from './ecs-entities.ts';
import { readService } from './ecs-service.ts';

export interface ReadsOptions {
  readonly client: ECSClient;
  readonly cluster: string;
  readonly clock: Clock;
}

export function createClusterReads({ client, cluster, clock }: ReadsOptions): ClusterReads {
  const maxResults = MOST.listed;
  return {
    listContainerInstances: (query, page, signal) =>
      calling(`listing container instances of cluster ${cluster}${DETAIL[query.kind]}`, async () => {
        const input = { cluster, maxResults, ...queryInput(query), ...onPage(page) };
        const answer = await client.send(new ListContainerInstancesCommand(input), sendOptions(signal));
        return answered(answer, (answer.containerInstanceArns ?? []).map(containerInstanceArn));
      }),

    describeContainerInstances: (arns, signal) =>
      calling(`describing container instances of cluster ${cluster}`, async () => {
        const command = new DescribeContainerInstancesCommand({ cluster, containerInstances: [...arns] });
        // Of before the request: an instance is at least as fresh as it says.
        const seenAt = clock.now();
        const answer = await client.send(command, sendOptions(signal));
        return answered(
          answer,
          (answer.containerInstances ?? []).map((instance) => readContainerInstance(instance, seenAt)),
        );
      }),

    listServices: (page, signal) =>
      calling(`listing services of cluster ${cluster}`, async () => {
        const command = new ListServicesCommand({ cluster, maxResults, ...onPage(page) });
        const answer = await client.send(command, sendOptions(signal));
        return answered(answer, (answer.serviceArns ?? []).map(serviceArn));
      }),

    describeServices: (arnsOrNames, signal) =>
      calling(`describing services of cluster ${cluster}`, async () => {
        const command = new DescribeServicesCommand({ cluster, services: [...arnsOrNames] });
        const answer = await client.send(command, sendOptions(signal));
        const live = (answer.services ?? []).filter(({ status }) => status !== 'INACTIVE');
        return answered(answer, live.filter(isPlacedOnEc2).map(readService));
      }),

    listTasks: ({ on, desiredStatus }, page, signal) =>
      calling(
        on === null ? `listing tasks of cluster ${cluster}` : `listing tasks on container instance ${shortName(on)}`,
        async () => {
          const where = on === null ? {} : { containerInstance: on };
          const command = new ListTasksCommand({ cluster, maxResults, desiredStatus, ...where, ...onPage(page) });
          const answer = await client.send(command, sendOptions(signal));
          return answered(answer, (answer.taskArns ?? []).map(taskArn));
        },
      ),

    describeTasks: (arns, signal) =>
      calling(`describing tasks of cluster ${cluster}`, async () => {
        const command = new DescribeTasksCommand({ cluster, tasks: [...arns] });
        const answer = await client.send(command, sendOptions(signal));
        return answered(answer, (answer.tasks ?? []).map(readTask));
      }),
  };
}

const DETAIL: Readonly<Record<InstanceQuery['kind'], string>> = {
  all: '',
  draining: ' that drain',
  named: ' by EC2 instance id',
  marked: ' with a notice or a mark',
  unsettled: ' that are new or not connected',
};

/**
 * In the cluster query language.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/cluster-query-language.html
 */
function queryInput(query: InstanceQuery): Pick<ListContainerInstancesCommandInput, 'status' | 'filter'> {
  switch (query.kind) {
    case 'all':
      return {};
    case 'draining':
      return { status: 'DRAINING' };
    case 'named':
      return { filter: `ec2InstanceId in [${query.instanceIds.join(', ')}]` };
    case 'marked':
      return { filter: `attribute:${ATTRIBUTE.notice} exists or attribute:${ATTRIBUTE.retiring} exists` };
    case 'unsettled':
      return { filter: `registeredAt >= ${queryInstant(query.registeredSince)} or agentConnected == false` };
    default:
      return query satisfies never;
  }
}

/** To the second, as in the guide's examples. */
function queryInstant(at: number): string {
  return new Date(at).toISOString().replace(/\.\d{3}Z$/, 'Z');
}

function onPage(page: string | null): { nextToken?: string } {
  return page === null ? {} : { nextToken: page };
}

interface AwsAnswer {
  readonly nextToken?: string | undefined;
  readonly $metadata: { readonly attempts?: number | undefined };
}

function answered<Item>({ nextToken, $metadata }: AwsAnswer, items: readonly Item[]): Answer<Item> {
  return {
    items,
    next: nextToken === undefined || nextToken === '' ? null : nextToken,
    tries: $metadata.attempts ?? 1,
  };
}

/** Fargate, external and capacity-provider tasks never come to a fleet's instances, so they are no demand on it. */
function isPlacedOnEc2({ launchType, capacityProviderStrategy = [] }: AwsService): boolean {
  return launchType === undefined ? capacityProviderStrategy.length === 0 : launchType === 'EC2';
}
