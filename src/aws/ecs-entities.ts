// ECS entities in our words. Optional fields of AWS shapes end here.
import type { ContainerInstance as AwsContainerInstance, Task as AwsTask } from '@aws-sdk/client-ecs';
import type { ContainerInstance, ContainerInstanceStatus } from '../model/container-instance.ts';
import { containerInstanceArn, instanceId, taskArn, taskDefinitionArn } from '../model/ids.ts';
import type { Task, TaskStatus } from '../model/service.ts';
import { readGpus, readResources, readTakenPorts } from './ecs-resources.ts';

/** @param seenAt when it was asked for, epoch milliseconds: it is at least this fresh */
export function readContainerInstance(from: AwsContainerInstance, seenAt: number): ContainerInstance {
  return {
    arn: containerInstanceArn(from.containerInstanceArn ?? ''),
    instanceId: instanceId(from.ec2InstanceId ?? ''),
    // ECS documents exactly these values; anything new would offer no capacity, which is the safe reading.
    status: (from.status ?? 'INACTIVE') as ContainerInstanceStatus,
    agentConnected: from.agentConnected ?? false,
    capacityProvider: from.capacityProviderName ?? null,
    agentVersion: from.versionInfo?.agentVersion ?? null,
    registered: readResources(from.registeredResources),
    remaining: readResources(from.remainingResources),
    gpus: readGpus(from.registeredResources),
    takenPorts: readTakenPorts(from.remainingResources),
    runningTaskCount: from.runningTasksCount ?? 0,
    pendingTaskCount: from.pendingTasksCount ?? 0,
    registeredAt: from.registeredAt?.getTime() ?? 0,
    version: from.version ?? 0,
    seenAt,
    attributes: Object.fromEntries((from.attributes ?? []).map(({ name, value }) => [name ?? '', value ?? ''])),
  };
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
