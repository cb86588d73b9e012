// What a task needs, as the ECS scheduler reserves it, from its definition.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
import type { TaskDefinition as AwsTaskDefinition, ContainerDefinition } from '@aws-sdk/client-ecs';
import { taskDefinitionArn } from '../model/ids.ts';
import type { HostPort } from '../model/resources.ts';
import type { TaskDefinition } from '../model/service.ts';

/** The definition in our words. Task-level sizes win over the sum of the containers', as in the ECS agent. */
export function readTaskDefinition(definition: AwsTaskDefinition): TaskDefinition {
  const containers = definition.containerDefinitions ?? [];
  const timeouts = containers.flatMap((container) => container.stopTimeout ?? []);
  return {
    arn: taskDefinitionArn(definition.taskDefinitionArn ?? ''),
    shape: {
      cpuUnits: sizeOf(definition.cpu) ?? sum(containers, (container) => container.cpu ?? 0),
      memoryMiB:
        sizeOf(definition.memory) ??
        sum(containers, (container) => container.memoryReservation ?? container.memory ?? 0),
      hostPorts: hostPortsOf(definition, containers),
    },
    stopTimeoutMs: timeouts.length === 0 ? null : Math.max(...timeouts) * 1000,
  };
}

/** DescribeTaskDefinition gives task sizes as plain numbers in strings, whatever form they were registered in. */
function sizeOf(text: string | undefined): number | null {
  const size = Number(text);
  return text === undefined || text === '' || Number.isNaN(size) ? null : size;
}

function sum(containers: readonly ContainerDefinition[], of: (container: ContainerDefinition) => number): number {
  return containers.reduce((total, container) => total + of(container), 0);
}

/** `awsvpc` tasks have an address of their own; in `bridge` mode host port 0 is given out freely and binds nothing. */
function hostPortsOf(definition: AwsTaskDefinition, containers: readonly ContainerDefinition[]): HostPort[] {
  if (definition.networkMode === 'awsvpc' || definition.networkMode === 'none') return [];
  const ports = containers.flatMap((container) =>
    (container.portMappings ?? []).flatMap((mapping): HostPort[] => {
      const port = definition.networkMode === 'host' ? (mapping.hostPort ?? mapping.containerPort) : mapping.hostPort;
      return port === undefined || port === 0 ? [] : [`${mapping.protocol ?? 'tcp'}:${port}`];
    }),
  );
  return [...new Set(ports)].sort();
}
