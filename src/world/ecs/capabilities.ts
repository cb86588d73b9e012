// Capabilities: attributes without a value that say what an ECS agent and its host can do, and which of them a task
// definition needs. ECS computes the latter at registration and places tasks by them.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html (requiresAttributes)
import type { TaskDefinitionSpec } from './task-definition.ts';

const PREFIX = 'com.amazonaws.ecs.capability.';
const LOG_DRIVERS = ['awslogs', 'awsfirelens', 'fluentd', 'gelf', 'journald', 'json-file', 'none', 'splunk', 'syslog'];
const DOCKER_API_MINORS = [17, 18, 19, 20, 21, 22, 23, 24, 25];

/** What an ECS-optimised Linux image offers. */
export const INSTANCE_CAPABILITIES: readonly string[] = [
  'ecs.capability.container-health-check',
  'ecs.capability.execution-role-awslogs',
  'ecs.capability.execution-role-ecr-pull',
  'ecs.capability.task-eni',
  ...DOCKER_API_MINORS.map((minor) => `${PREFIX}docker-remote-api.1.${minor}`),
  `${PREFIX}ecr-auth`,
  ...LOG_DRIVERS.map((driver) => `${PREFIX}logging-driver.${driver}`),
  `${PREFIX}privileged-container`,
  `${PREFIX}task-iam-role`,
  `${PREFIX}task-iam-role-network-host`,
];

/** Sorted, each once. */
export function requiredCapabilities(spec: TaskDefinitionSpec): string[] {
  const { containers, networkMode, taskRoleArn, executionRoleArn } = spec;
  const drivers = containers.flatMap(({ logDriver }) => logDriver ?? []);
  const isEcr = containers.some(({ image }) => /^\d{12}\.dkr\.ecr\./.test(image));
  const hasLogs = drivers.includes('awslogs');
  const hasExecutionRole = executionRoleArn !== undefined;
  const needed: readonly (readonly [boolean, string])[] = [
    ...drivers.map((driver) => [true, `${PREFIX}logging-driver.${driver}`] as const),
    [hasLogs, `${PREFIX}docker-remote-api.1.19`],
    [hasLogs && hasExecutionRole, 'ecs.capability.execution-role-awslogs'],
    [isEcr, `${PREFIX}ecr-auth`],
    [isEcr && hasExecutionRole, 'ecs.capability.execution-role-ecr-pull'],
    [containers.some(({ memoryReservation }) => memoryReservation !== null), `${PREFIX}docker-remote-api.1.21`],
    [containers.some(({ isPrivileged }) => isPrivileged === true), `${PREFIX}privileged-container`],
    [taskRoleArn !== undefined, `${PREFIX}task-iam-role${networkMode === 'host' ? '-network-host' : ''}`],
    [networkMode === 'awsvpc', 'ecs.capability.task-eni'],
  ];
  return [...new Set(needed.flatMap(([isNeeded, name]) => (isNeeded ? [name] : [])))].sort();
}
