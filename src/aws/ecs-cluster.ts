// The Cluster port over the ECS API. Translates and nothing else.
import {
  DeleteAttributesCommand,
  DescribeClustersCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
  PutAttributesCommand,
  StopTaskCommand,
  UpdateContainerInstancesStateCommand,
} from '@aws-sdk/client-ecs';
import { type ContainerInstanceArn, shortName, type TaskArn, type TaskDefinitionArn } from '../model/ids.ts';
import type { TaskDefinition } from '../model/service.ts';
import type { Cluster } from '../ports/cluster.ts';
import { Failure } from '../ports/failure.ts';
import { awsErrorName, calling } from './aws-error.ts';
import { type ClientSettings, clientOptions, guardClient, sendOptions } from './clients.ts';
import { readTaskDefinition } from './ecs-definitions.ts';
import {
  describeContainerInstances,
  describeServices,
  describeTasks,
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

/**
 * The cluster through `client` for listings and `writer` for changes: two clients, because the SDK's retry budget is
 * per client and a throttled listing must not eat the tries of an urgent drain. Without `writer` one client does both.
 */
export function createEcsCluster(options: { cluster: string; client: ECSClient; writer?: ECSClient }): Cluster {
  const { cluster, client, writer = client } = options;
  const within = (signal: AbortSignal | undefined) => ({ client, cluster, signal });
  const definitions = new Map<TaskDefinitionArn, TaskDefinition>();
  const running = new TaskMemory();

  return {
    verify: (signal) => verifyCluster(client, cluster, signal),

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

    async taskDefinition(arn, signal) {
      const known = definitions.get(arn) ?? (await describeDefinition(client, arn, signal));
      definitions.set(arn, known);
      return known;
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

    drain: (arn, signal) => setState({ client, writer, cluster, arn, status: 'DRAINING', signal }),
    reactivate: (arn, signal) => setState({ client, writer, cluster, arn, status: 'ACTIVE', signal }),

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

async function verifyCluster(client: ECSClient, cluster: string, signal?: AbortSignal): Promise<void> {
  const doing = `looking up cluster ${cluster}`;
  const answer = await calling(doing, () =>
    client.send(new DescribeClustersCommand({ clusters: [cluster] }), sendOptions(signal)),
  );
  const status = answer.clusters?.[0]?.status;
  if (status === 'ACTIVE') return;
  const what = status === undefined ? 'does not exist' : `is ${status}`;
  throw new Failure('cluster-not-found', `cluster ${cluster} ${what} in this account and region`);
}

function describeDefinition(client: ECSClient, arn: TaskDefinitionArn, signal?: AbortSignal): Promise<TaskDefinition> {
  return calling(`describing task definition ${shortName(arn)}`, async () => {
    const command = new DescribeTaskDefinitionCommand({ taskDefinition: arn });
    const answer = await client.send(command, sendOptions(signal));
    return readTaskDefinition(answer.taskDefinition ?? {});
  });
}

interface StateChange {
  readonly client: ECSClient;
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
async function setState({ client, writer, cluster, arn, status, signal }: StateChange): Promise<void> {
  const doing = `setting container instance ${shortName(arn)} ${status}`;
  await calling(doing, async () => {
    const command = new UpdateContainerInstancesStateCommand({ cluster, containerInstances: [arn], status });
    const answer = await writer.send(command, sendOptions(signal));
    const failure = answer.failures?.[0];
    if (failure === undefined) return;
    const [now] = await describeContainerInstances({ client, cluster, signal }, [arn]);
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
