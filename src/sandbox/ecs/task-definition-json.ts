// A task definition as DescribeTaskDefinition shows it: the fields this world knows.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html
import type { EcsTaskDefinition } from '../../world/ecs/task-definition.ts';
import type { ContainerDefinition } from '../../world/ecs/task-need.ts';
import { constraintJson } from './placement-input.ts';

export function taskDefinitionJson(definition: EcsTaskDefinition): object {
  return {
    taskDefinitionArn: definition.arn,
    family: definition.family,
    revision: definition.revision,
    status: 'ACTIVE',
    networkMode: definition.networkMode,
    cpu: definition.cpu === null ? undefined : String(definition.cpu),
    memory: definition.memory === null ? undefined : String(definition.memory),
    containerDefinitions: definition.containers.map(containerDefinitionJson),
    placementConstraints: definition.placementConstraints.map(constraintJson),
    runtimePlatform: platformJson(definition),
    taskRoleArn: definition.taskRoleArn,
    executionRoleArn: definition.executionRoleArn,
    // External instances know neither network interfaces nor GPUs of their own.
    compatibilities: definition.need.eniSlots + definition.need.gpus > 0 ? ['EC2'] : ['EXTERNAL', 'EC2'],
    requiresCompatibilities:
      definition.requiresCompatibilities.length === 0 ? undefined : definition.requiresCompatibilities,
    requiresAttributes: definition.requiresAttributes.map((name) => ({ name })),
    volumes: [],
    registeredAt: new Date(definition.registeredAt),
  };
}

function platformJson({ cpuArchitecture, operatingSystemFamily }: EcsTaskDefinition): object | undefined {
  if (cpuArchitecture === null && operatingSystemFamily === undefined) return undefined;
  return { cpuArchitecture: cpuArchitecture?.toUpperCase(), operatingSystemFamily };
}

function containerDefinitionJson(container: ContainerDefinition): object {
  const { gpus = 0 } = container;
  return {
    name: container.name,
    image: container.image,
    cpu: container.cpu,
    memory: container.memory ?? undefined,
    memoryReservation: container.memoryReservation ?? undefined,
    essential: container.essential,
    portMappings: container.portMappings,
    stopTimeout: container.stopTimeout ?? undefined,
    privileged: container.isPrivileged === true ? true : undefined,
    logConfiguration: container.logDriver === undefined ? undefined : { logDriver: container.logDriver },
    resourceRequirements: gpus === 0 ? undefined : [{ type: 'GPU', value: String(gpus) }],
    environment: [],
    mountPoints: [],
    volumesFrom: [],
  };
}
