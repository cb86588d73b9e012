// What is done to single tasks: started on one instance, asked about, stopped.
import { type ECSClient, GetTaskProtectionCommand, StartTaskCommand, StopTaskCommand } from '@aws-sdk/client-ecs';
import { type ContainerInstanceArn, shortName, type TaskArn, taskArn } from '../model/ids.ts';
import { Failure } from '../ports/failure.ts';
import { awsErrorName, calling } from './aws-error.ts';
import { sendOptions } from './clients.ts';
import { inBatches } from './paging.ts';

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_GetTaskProtection.html */
const MOST_PROTECTIONS = 100;

interface Start {
  readonly writer: ECSClient;
  readonly cluster: string;
  readonly on: ContainerInstanceArn;
  readonly family: string;
  readonly startedBy: string;
  readonly signal: AbortSignal | undefined;
}

export async function startTask({ writer, cluster, on, family, startedBy, signal }: Start): Promise<TaskArn> {
  const doing = `starting a task of ${family} on container instance ${shortName(on)}`;
  return calling(doing, async () => {
    const command = new StartTaskCommand({ cluster, taskDefinition: family, containerInstances: [on], startedBy });
    const { tasks, failures } = await writer.send(command, sendOptions(signal));
    const arn = tasks?.[0]?.taskArn;
    if (arn === undefined) throw new Failure('refused', `${doing}: ${failures?.[0]?.reason ?? 'ECS gives no reason'}`);
    return taskArn(arn);
  });
}

interface Protections {
  readonly client: ECSClient;
  readonly cluster: string;
  readonly arns: readonly TaskArn[];
  readonly signal: AbortSignal | undefined;
}

/** Tasks that ECS does not know, or that cannot be protected, are among the failures of the answer: not protected. */
export async function protectedTasks({ client, cluster, arns, signal }: Protections): Promise<ReadonlySet<TaskArn>> {
  const found = new Set<TaskArn>();
  for (const tasks of inBatches(arns, MOST_PROTECTIONS)) {
    const answer = await calling(`reading the scale-in protection of ${tasks.length} tasks`, () =>
      client.send(new GetTaskProtectionCommand({ cluster, tasks }), sendOptions(signal)),
    );
    for (const { taskArn: arn, protectionEnabled } of answer.protectedTasks ?? []) {
      if (protectionEnabled === true && arn !== undefined) found.add(taskArn(arn));
    }
  }
  return found;
}

interface Stop {
  readonly writer: ECSClient;
  readonly cluster: string;
  readonly arn: TaskArn;
  readonly reason: string;
  readonly signal: AbortSignal | undefined;
}

export async function stopTask({ writer, cluster, arn, reason, signal }: Stop): Promise<void> {
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
