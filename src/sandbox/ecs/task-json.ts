// A task as DescribeTasks shows it.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html
import { type EcsTask, knownStatusOf } from '../../world/ecs/task.ts';
import type { ContainerDefinition } from '../../world/ecs/task-need.ts';

export function taskJson(task: EcsTask): object {
  const { definition, containerInstance, cluster } = task;
  const architecture = containerInstance.attributes.get('ecs.cpu-architecture') ?? undefined;
  return {
    taskArn: task.arn,
    clusterArn: cluster.arn,
    taskDefinitionArn: definition.arn,
    containerInstanceArn: containerInstance.arn,
    availabilityZone: containerInstance.ec2.zone,
    attachments: task.need.eniSlots === 0 ? [] : [interfaceJson(task)],
    attributes: [{ name: 'ecs.cpu-architecture', value: architecture }],
    overrides: { containerOverrides: definition.containers.map(({ name }) => ({ name })) },
    lastStatus: task.lastStatus,
    desiredStatus: task.desiredStatus,
    healthStatus: 'UNKNOWN',
    cpu: String(task.need.cpuUnits),
    memory: String(task.need.memoryMiB),
    containers: definition.containers.map((container, index) =>
      containerJson(task, container, gpusBefore(task, index)),
    ),
    startedBy: task.startedBy ?? undefined,
    group: task.group,
    launchType: 'EC2',
    version: task.version,
    connectivity: 'CONNECTED',
    enableExecuteCommand: false,
    createdAt: new Date(task.createdAt),
    startedAt: instant(task.startedAt),
    stoppingAt: instant(task.stoppingAt),
    executionStoppedAt: task.stoppedAt === null ? undefined : instant(task.endedAt),
    stoppedAt: instant(task.stoppedAt),
    stopCode: task.stopCode ?? undefined,
    stoppedReason: task.stoppedReason ?? undefined,
    tags: [],
  };
}

/** GPUs are handed out in the order of the containers. */
function gpusBefore({ definition }: EcsTask, index: number): number {
  return definition.containers.slice(0, index).reduce((sum, { gpus = 0 }) => sum + gpus, 0);
}

function interfaceJson(task: EcsTask): object {
  const { subnetId } = task.containerInstance.ec2;
  const status = task.lastStatus === 'STOPPED' ? 'DELETED' : 'ATTACHED';
  return { id: task.id, type: 'ElasticNetworkInterface', status, details: [{ name: 'subnetId', value: subnetId }] };
}

function containerJson(
  task: EcsTask,
  { name, image, cpu, memory, gpus = 0 }: ContainerDefinition,
  firstGpu: number,
): object {
  return {
    containerArn: task.arn.replace(':task/', ':container/').concat(`/${name}`),
    taskArn: task.arn,
    name,
    image,
    lastStatus: knownStatusOf(task),
    exitCode: task.exitCode ?? undefined,
    networkBindings: [],
    gpuIds: gpus === 0 ? undefined : task.gpuIds.slice(firstGpu, firstGpu + gpus),
    networkInterfaces: [],
    healthStatus: 'UNKNOWN',
    cpu: String(cpu),
    memory: memory === null ? undefined : String(memory),
  };
}

function instant(at: number | null): Date | undefined {
  return at === null ? undefined : new Date(at);
}
