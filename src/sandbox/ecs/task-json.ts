// A task as DescribeTasks shows it.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html
import type { EcsTask } from '../../world/ecs/task.ts';
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
    attachments: [],
    attributes: [{ name: 'ecs.cpu-architecture', value: architecture }],
    overrides: { containerOverrides: definition.containers.map(({ name }) => ({ name })) },
    lastStatus: task.lastStatus,
    desiredStatus: task.desiredStatus,
    healthStatus: 'UNKNOWN',
    cpu: String(task.need.cpuUnits),
    memory: String(task.need.memoryMiB),
    containers: definition.containers.map((container) => containerJson(task, container)),
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

function containerJson(task: EcsTask, { name, image, cpu, memory }: ContainerDefinition): object {
  return {
    containerArn: task.arn.replace(':task/', ':container/').concat(`/${name}`),
    taskArn: task.arn,
    name,
    image,
    lastStatus: task.lastStatus === 'STOPPING' ? 'RUNNING' : task.lastStatus,
    exitCode: task.exitCode ?? undefined,
    networkBindings: [],
    networkInterfaces: [],
    healthStatus: 'UNKNOWN',
    cpu: String(cpu),
    memory: memory === null ? undefined : String(memory),
  };
}

function instant(at: number | null): Date | undefined {
  return at === null ? undefined : new Date(at);
}
