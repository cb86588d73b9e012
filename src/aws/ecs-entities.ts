// ECS entities in our words. Optional fields of AWS shapes end here.
import type {
  ContainerInstance as AwsContainerInstance,
  Service as AwsService,
  Task as AwsTask,
} from '@aws-sdk/client-ecs';
import type { ContainerInstance, ContainerInstanceStatus } from '../model/container-instance.ts';
import { containerInstanceArn, instanceId, serviceArn, taskArn, taskDefinitionArn } from '../model/ids.ts';
import type { Service, Task, TaskStatus } from '../model/service.ts';
import { readResources, readTakenPorts } from './ecs-resources.ts';

export function readContainerInstance(from: AwsContainerInstance): ContainerInstance {
  return {
    arn: containerInstanceArn(from.containerInstanceArn ?? ''),
    instanceId: instanceId(from.ec2InstanceId ?? ''),
    // ECS documents exactly these values; anything new would offer no capacity, which is the safe reading.
    status: (from.status ?? 'INACTIVE') as ContainerInstanceStatus,
    agentConnected: from.agentConnected ?? false,
    registered: readResources(from.registeredResources),
    remaining: readResources(from.remainingResources),
    takenPorts: readTakenPorts(from.remainingResources),
    runningTaskCount: from.runningTasksCount ?? 0,
    pendingTaskCount: from.pendingTasksCount ?? 0,
    registeredAt: from.registeredAt?.getTime() ?? 0,
    attributes: Object.fromEntries((from.attributes ?? []).map(({ name, value }) => [name ?? '', value ?? ''])),
  };
}

// ECS's own defaults for services that set none.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
const DEFAULT_MINIMUM_HEALTHY_PERCENT = 100;
const DEFAULT_MAXIMUM_PERCENT = 200;

export function readService(from: AwsService): Service {
  return {
    arn: serviceArn(from.serviceArn ?? ''),
    name: from.serviceName ?? '',
    schedulingStrategy: from.schedulingStrategy === 'DAEMON' ? 'DAEMON' : 'REPLICA',
    taskDefinition: taskDefinitionArn(from.taskDefinition ?? ''),
    desiredCount: from.desiredCount ?? 0,
    runningCount: from.runningCount ?? 0,
    pendingCount: from.pendingCount ?? 0,
    minimumHealthyPercent: from.deploymentConfiguration?.minimumHealthyPercent ?? DEFAULT_MINIMUM_HEALTHY_PERCENT,
    maximumPercent: from.deploymentConfiguration?.maximumPercent ?? DEFAULT_MAXIMUM_PERCENT,
    isDeploying: (from.deployments ?? []).length > 1,
    placementFailure: newestPlacementFailure(from),
  };
}

/** Events come newest first; one that is older than the last steady state is history. Matched loosely, as AWS words it in two ways. */
function newestPlacementFailure(from: AwsService): string | null {
  for (const { message = '' } of from.events ?? []) {
    if (/unable to place (a task|tasks)\b/i.test(message)) return message;
    if (/has reached a steady state/i.test(message)) return null;
  }
  return null;
}

export function readTask(from: AwsTask): Task {
  return {
    arn: taskArn(from.taskArn ?? ''),
    group: from.group ?? '',
    taskDefinition: taskDefinitionArn(from.taskDefinitionArn ?? ''),
    containerInstanceArn:
      from.containerInstanceArn === undefined ? null : containerInstanceArn(from.containerInstanceArn),
    // As above: documented values only.
    lastStatus: (from.lastStatus ?? 'PENDING') as TaskStatus,
    desiredStatus: from.desiredStatus === 'STOPPED' ? 'STOPPED' : 'RUNNING',
  };
}
