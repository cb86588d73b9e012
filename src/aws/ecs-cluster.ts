// The Cluster port over the ECS API. Translates and nothing else.
import {
  type Cluster as AwsCluster,
  type ClusterField,
  DeleteAttributesCommand,
  DescribeClustersCommand,
  ECSClient,
  PutAttributesCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateContainerInstancesStateCommand,
} from '@aws-sdk/client-ecs';
import { type ContainerInstanceArn, shortName } from '../model/ids.ts';
import { ordersIn } from '../model/orders.ts';
import type { Service, Task } from '../model/service.ts';
import type { Clock } from '../ports/clock.ts';
import type { Cluster } from '../ports/cluster.ts';
import { type ClusterReads, MOST, type TaskQuery } from '../ports/cluster-reads.ts';
import { Failure } from '../ports/failure.ts';
import { calling } from './aws-error.ts';
import { type ClientSettings, clientOptions, ownClient, sendOptions } from './clients.ts';
import { DefinitionMemory } from './definition-memory.ts';
import { readIntents } from './ecs-intents.ts';
import { createClusterReads } from './ecs-reads.ts';
import { protectedTasks, startTask, stopTask } from './ecs-tasks.ts';
import { unknownTags } from './ecs-unknown-tags.ts';
import { allPages, inBatches } from './paging.ts';

/** An ECS client as all our processes use it. */
export function createEcsClient(settings: ClientSettings): ECSClient {
  return ownClient(new ECSClient(clientOptions(settings)), settings);
}

export interface ClusterOptions {
  readonly cluster: string;
  readonly client: ECSClient;
  readonly writer?: ECSClient;
  readonly clock: Clock;
}

/**
 * The cluster through `client` for listings and `writer` for changes: two clients, because the SDK's retry budget is
 * per client and a throttled listing must not eat the tries of an urgent drain. Without `writer` one client does both.
 */
export function createEcsCluster(options: ClusterOptions): Cluster {
  const { cluster, client, writer = client, clock } = options;
  const reads = createClusterReads({ client, cluster, clock });
  const definitions = new DefinitionMemory({ client, clock });

  return {
    ...reads,

    async verify(signal) {
      await describeCluster({ client, cluster, signal }, `looking up cluster ${cluster}`);
    },

    async containerInstance(arn, signal) {
      const { items } = await reads.describeContainerInstances([arn], signal);
      return items[0] ?? null;
    },

    async servicesNamed(names, signal) {
      const found: Service[] = [];
      for (const batch of inBatches(names, MOST.services)) {
        found.push(...(await reads.describeServices(batch, signal)).items);
      }
      return found;
    },

    taskDefinition: (arn, signal) => definitions.find(arn, signal),

    async operatorWords(signal) {
      const doing = `reading the tags of cluster ${cluster}`;
      const { tags = [] } = await describeCluster({ client, cluster, signal }, doing, ['TAGS']);
      return {
        orders: ordersIn(tags),
        async intents() {
          const { intents, malformed } = await readIntents(tags, clock.now(), (name) => definitions.find(name, signal));
          return { intents, malformed: [...malformed, ...unknownTags(tags)] };
        },
      };
    },

    async setTag(key, value, signal) {
      const doing = `setting the tag ${key} of cluster ${cluster}`;
      const { clusterArn: resourceArn } = await describeCluster({ client, cluster, signal }, doing);
      const command = new TagResourceCommand({ resourceArn, tags: [{ key, value }] });
      await calling(doing, () => writer.send(command, sendOptions(signal)));
    },

    async removeTag(key, signal) {
      const doing = `removing the tag ${key} from cluster ${cluster}`;
      const { clusterArn: resourceArn } = await describeCluster({ client, cluster, signal }, doing);
      const command = new UntagResourceCommand({ resourceArn, tagKeys: [key] });
      await calling(doing, () => writer.send(command, sendOptions(signal)));
    },

    async tasksOn(on, signal) {
      const wanted = await allTasks(reads, { on, desiredStatus: 'RUNNING' }, signal);
      const ending = await allTasks(reads, { on, desiredStatus: 'STOPPED' }, signal);
      return [...wanted, ...ending].filter(({ lastStatus }) => lastStatus !== 'STOPPED' && lastStatus !== 'DELETED');
    },

    drain: (arn, signal) => setState({ reads, writer, cluster, arn, status: 'DRAINING', signal }),
    reactivate: (arn, signal) => setState({ reads, writer, cluster, arn, status: 'ACTIVE', signal }),

    setAttribute: (arn, name, value, signal) =>
      calling(`setting attribute ${name} on container instance ${shortName(arn)}`, async () => {
        const attributes = [{ name, value, targetType: 'container-instance' as const, targetId: arn }];
        await writer.send(new PutAttributesCommand({ cluster, attributes }), sendOptions(signal));
      }),

    removeAttribute: (arn, name, signal) =>
      calling(`removing attribute ${name} from container instance ${shortName(arn)}`, async () => {
        const attributes = [{ name, targetType: 'container-instance' as const, targetId: arn }];
        await writer.send(new DeleteAttributesCommand({ cluster, attributes }), sendOptions(signal));
      }),

    startTask: (on, family, startedBy, signal) => startTask({ writer, cluster, on, family, startedBy, signal }),

    protectedTasks: (arns, signal) => protectedTasks({ client, cluster, arns, signal }),

    stopTask: (arn, reason, signal) => stopTask({ writer, cluster, arn, reason, signal }),
  };
}

/** The cluster with what `include` names; `cluster-not-found` when it does not exist or is not ACTIVE. */
async function describeCluster(
  { client, cluster, signal }: { client: ECSClient; cluster: string; signal: AbortSignal | undefined },
  doing: string,
  include: ClusterField[] = [],
): Promise<AwsCluster> {
  const command = new DescribeClustersCommand({ clusters: [cluster], include });
  const answer = await calling(doing, () => client.send(command, sendOptions(signal)));
  const found = answer.clusters?.[0];
  if (found?.status === 'ACTIVE') return found;
  const what = found === undefined ? 'does not exist' : `is ${found.status ?? 'in no known state'}`;
  throw new Failure('cluster-not-found', `cluster ${cluster} ${what} in this account and region`);
}

async function allTasks(reads: ClusterReads, query: TaskQuery, signal?: AbortSignal): Promise<Task[]> {
  const arns = await allPages(async (token) => {
    const { items, next } = await reads.listTasks(query, token ?? null, signal);
    return { items, nextToken: next ?? undefined };
  });
  const found: Task[] = [];
  for (const batch of inBatches(arns, MOST.tasks)) found.push(...(await reads.describeTasks(batch, signal)).items);
  return found;
}

interface StateChange {
  readonly reads: ClusterReads;
  readonly writer: ECSClient;
  readonly cluster: string;
  readonly arn: ContainerInstanceArn;
  readonly status: 'ACTIVE' | 'DRAINING';
  readonly signal: AbortSignal | undefined;
}

/**
 * ECS answers 200 with a `failures` list whose reasons are not documented for this call (and neither is what it says
 * when the instance is in that state already), so what counts is the state the instance is in afterwards.
 */
async function setState({ reads, writer, cluster, arn, status, signal }: StateChange): Promise<void> {
  const doing = `setting container instance ${shortName(arn)} ${status}`;
  await calling(doing, async () => {
    const command = new UpdateContainerInstancesStateCommand({ cluster, containerInstances: [arn], status });
    const answer = await writer.send(command, sendOptions(signal));
    const failure = answer.failures?.[0];
    if (failure === undefined) return;
    const { items } = await reads.describeContainerInstances([arn], signal);
    if (items[0]?.status !== status) {
      throw new Failure('refused', `${doing}: ECS answered ${failure.reason ?? 'without a reason'}`);
    }
  });
}
