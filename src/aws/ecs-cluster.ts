// The Cluster port over the ECS API. Translates and nothing else.
import {
  type Cluster as AwsCluster,
  type ClusterField,
  DeleteAttributesCommand,
  DescribeClustersCommand,
  ECSClient,
  PutAttributesCommand,
  StopTaskCommand,
  UpdateContainerInstancesStateCommand,
} from '@aws-sdk/client-ecs';
import { type ContainerInstanceArn, shortName, type TaskArn } from '../model/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { Cluster } from '../ports/cluster.ts';
import { Failure } from '../ports/failure.ts';
import { awsErrorName, calling } from './aws-error.ts';
import { type ClientSettings, clientOptions, guardClient, sendOptions } from './clients.ts';
import { DefinitionMemory } from './definition-memory.ts';
import { readIntents } from './ecs-intents.ts';
import {
  describeContainerInstances,
  describeServices,
  describeTasks,
  type Listing,
  listContainerInstances,
  listServices,
  listTaskArns,
  listTasks,
} from './ecs-listings.ts';
import { TaskMemory } from './task-memory.ts';

/** An ECS client as all our processes use it. */
export function createEcsClient(settings: ClientSettings): ECSClient {
  return guardClient(new ECSClient(clientOptions(settings)), settings.beforeSend);
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
  const within = (signal: AbortSignal | undefined) => ({ client, cluster, clock, signal });
  const definitions = new DefinitionMemory({ client, clock });
  const running = new TaskMemory();

  return {
    async verify(signal) {
      await describeCluster(within(signal), `looking up cluster ${cluster}`);
    },

    containerInstances: (signal) =>
      calling(`listing container instances of cluster ${cluster}`, () => listContainerInstances(within(signal))),

    containerInstance: (arn, signal) =>
      calling(`describing container instance ${shortName(arn)}`, async () => {
        const [found] = await describeContainerInstances(within(signal), [arn]);
        return found ?? null;
      }),

    services: (signal) => calling(`listing services of cluster ${cluster}`, () => listServices(within(signal))),

    servicesNamed: (names, signal) =>
      calling(`describing services of cluster ${cluster}`, () => describeServices(within(signal), names)),

    taskDefinition: (arn, signal) => definitions.find(arn, signal),

    async intents(signal) {
      const doing = `reading the intents of cluster ${cluster}`;
      const { tags = [] } = await describeCluster(within(signal), doing, ['TAGS']);
      return readIntents(tags, clock.now(), (name) => definitions.find(name, signal));
    },

    runningTasks: (signal) =>
      calling(`listing tasks of cluster ${cluster}`, async () => {
        const arns = await listTaskArns(within(signal), { desiredStatus: 'RUNNING' });
        return running.recall(arns, (unknown) => describeTasks(within(signal), unknown));
      }),

    tasksOn: (arn, signal) =>
      calling(`listing tasks on container instance ${shortName(arn)}`, async () => {
        const wanted = await listTasks(within(signal), { containerInstance: arn, desiredStatus: 'RUNNING' });
        const ending = await listTasks(within(signal), { containerInstance: arn, desiredStatus: 'STOPPED' });
        return [...wanted, ...ending].filter(({ lastStatus }) => lastStatus !== 'STOPPED' && lastStatus !== 'DELETED');
      }),

    drain: (arn, signal) => setState({ client, clock, writer, cluster, arn, status: 'DRAINING', signal }),
    reactivate: (arn, signal) => setState({ client, clock, writer, cluster, arn, status: 'ACTIVE', signal }),

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

    stopTask: (arn, reason, signal) => stopTask({ writer, cluster, arn, reason, signal }),
  };
}

/** The cluster with what `include` names; `cluster-not-found` when it does not exist or is not ACTIVE. */
async function describeCluster(
  { client, cluster, signal }: Listing,
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

interface StateChange {
  readonly client: ECSClient;
  readonly clock: Clock;
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
async function setState({ client, clock, writer, cluster, arn, status, signal }: StateChange): Promise<void> {
  const doing = `setting container instance ${shortName(arn)} ${status}`;
  await calling(doing, async () => {
    const command = new UpdateContainerInstancesStateCommand({ cluster, containerInstances: [arn], status });
    const answer = await writer.send(command, sendOptions(signal));
    const failure = answer.failures?.[0];
    if (failure === undefined) return;
    const [now] = await describeContainerInstances({ client, cluster, clock, signal }, [arn]);
    if (now?.status !== status) {
      throw new Failure('refused', `${doing}: ECS answered ${failure.reason ?? 'without a reason'}`);
    }
  });
}

interface Stop {
  readonly writer: ECSClient;
  readonly cluster: string;
  readonly arn: TaskArn;
  readonly reason: string;
  readonly signal: AbortSignal | undefined;
}

async function stopTask({ writer, cluster, arn, reason, signal }: Stop): Promise<void> {
  await calling(`stopping task ${shortName(arn)}`, async () => {
    try {
      await writer.send(new StopTaskCommand({ cluster, task: arn, reason }), sendOptions(signal));
    } catch (error) {
      // ECS forgets a stopped task after a while and then says that it was not found: it is gone, which was the aim.
      if (awsErrorName(error) === 'InvalidParameterException' && /not found/i.test(String(error))) return;
      throw error;
    }
  });
}
