// A task definition as DescribeTaskDefinition shows it: the fields this world knows.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskDefinition.html
import type { EcsTaskDefinition } from '../../world/ecs/task-definition.ts';
import type { ContainerDefinition } from '../../world/ecs/task-need.ts';
import { constraintJson } from './placement-input.ts';

export function taskDefinitionJson(definition: EcsTaskDefinition): object {
  const { cpuArchitecture } = definition;
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
    runtimePlatform:
      cpuArchitecture === null
        ? undefined
        : { cpuArchitecture: cpuArchitecture.toUpperCase(), operatingSystemFamily: 'LINUX' },
    compatibilities: ['EXTERNAL', 'EC2'],
    requiresCompatibilities:
      definition.requiresCompatibilities.length === 0 ? undefined : definition.requiresCompatibilities,
    requiresAttributes: [],
    volumes: [],
    registeredAt: new Date(definition.registeredAt),
  };
}

function containerDefinitionJson(container: ContainerDefinition): object {
  return {
    name: container.name,
    image: container.image,
    cpu: container.cpu,
    memory: container.memory ?? undefined,
    memoryReservation: container.memoryReservation ?? undefined,
    essential: container.essential,
    portMappings: container.portMappings,
    stopTimeout: container.stopTimeout ?? undefined,
    environment: [],
    mountPoints: [],
    volumesFrom: [],
  };
}
