// What a task needs, as the ECS scheduler reserves it, from its definition.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html
//
// Two things are told and not counted here. An inference accelerator is reached over the network and takes nothing of
// the instance; what an instance must be able to do for it stands in `requiresAttributes`, as for every capability. And
// whether EC2 placement holds to `runtimePlatform` is not documented; a task on the wrong processor would not run, so the
// shape asks for it in any case.
import type { TaskDefinition as AwsTaskDefinition, ContainerDefinition, PortMapping } from '@aws-sdk/client-ecs';
import { taskDefinitionArn } from '../model/ids.ts';
import type { HostPort } from '../model/resources.ts';
import type { TaskDefinition } from '../model/service.ts';
import type { CpuArchitecture, OperatingSystem, RequiredAttribute } from '../model/task-shape.ts';
import { Failure } from '../ports/failure.ts';
import { readTaskSize, type Wrong } from './task-size.ts';

/**
 * The definition in our words.
 * @throws Failure `unreadable` for a size, a port or a platform that cannot be read; the message names it
 */
export function readTaskDefinition(definition: AwsTaskDefinition): TaskDefinition {
  const { taskDefinitionArn: arn, family, containerDefinitions: containers = [] } = definition;
  if (arn === undefined || arn === '')
    throw new Failure('unreadable', 'the description of a task definition has no ARN');
  const wrong = (what: string) => new Failure('unreadable', `task definition ${arn} cannot be read: ${what}`);
  const timeouts = containers.flatMap(({ stopTimeout }) => stopTimeout ?? []);
  return {
    arn: taskDefinitionArn(arn),
    family: family ?? familyOf(arn),
    shape: {
      ...readTaskSize(definition, wrong),
      eniSlots: definition.networkMode === 'awsvpc' ? 1 : 0,
      hostPorts: hostPortsOf(definition, containers, wrong),
      architecture: architectureOf(definition, wrong),
      operatingSystem: operatingSystemOf(definition, wrong),
      requiredAttributes: requiredAttributesOf(definition),
      expressions: expressionsOf(definition),
      isDistinct: false,
      group: null,
    },
    stopTimeoutMs: timeouts.length === 0 ? null : Math.max(...timeouts) * 1000,
  };
}

function familyOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1).replace(/:\d+$/, '');
}

/**
 * `awsvpc` tasks have an address of their own. In `host` mode the container's port is the instance's. In `bridge` mode,
 * which is the default, a missing host port or 0 and every port of a range is given out freely and binds nothing.
 */
function hostPortsOf(
  { networkMode }: AwsTaskDefinition,
  containers: readonly ContainerDefinition[],
  wrong: Wrong,
): HostPort[] {
  if (networkMode === 'awsvpc' || networkMode === 'none') return [];
  const ports = containers
    .flatMap(({ portMappings = [] }) => portMappings)
    .flatMap((mapping) => hostPortOf(mapping, networkMode === 'host', wrong));
  return [...new Set(ports)].sort();
}

function hostPortOf(mapping: PortMapping, isHostMode: boolean, wrong: Wrong): HostPort[] {
  const { hostPort = 0, containerPort = 0, protocol = 'tcp' } = mapping;
  const port = isHostMode && hostPort === 0 ? containerPort : hostPort;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw wrong(`${port} is no host port`);
  return port === 0 ? [] : [`${protocol}:${port}`];
}

function architectureOf({ runtimePlatform }: AwsTaskDefinition, wrong: Wrong): CpuArchitecture | null {
  const { cpuArchitecture } = runtimePlatform ?? {};
  switch (cpuArchitecture) {
    case undefined:
      return null;
    case 'X86_64':
      return 'x86_64';
    case 'ARM64':
      return 'arm64';
    default:
      throw wrong(`its CPU architecture ${String(cpuArchitecture)} is unknown`);
  }
}

/** `LINUX`, or one of many names that begin with `WINDOWS_SERVER_`. */
function operatingSystemOf({ runtimePlatform }: AwsTaskDefinition, wrong: Wrong): OperatingSystem | null {
  const family = runtimePlatform?.operatingSystemFamily;
  if (family === undefined) return null;
  if (family === 'LINUX') return 'linux';
  if (family.startsWith('WINDOWS')) return 'windows';
  throw wrong(`its operating system family ${String(family)} is unknown`);
}

/**
 * All of them, the capabilities that every ordinary instance has included: which those are changes with the ECS agent.
 */
function requiredAttributesOf({ requiresAttributes = [] }: AwsTaskDefinition): RequiredAttribute[] {
  const byKey = new Map<string, RequiredAttribute>();
  for (const { name, value = null } of requiresAttributes) {
    if (name !== undefined) byKey.set(JSON.stringify([name, value]), { name, value });
  }
  return [...byKey.keys()].sort().flatMap((key) => byKey.get(key) ?? []);
}

/** A definition may hold `memberOf` alone. An expression that is missing stays, empty: whoever parses it says so. */
function expressionsOf({ placementConstraints = [] }: AwsTaskDefinition): string[] {
  return [...new Set(placementConstraints.map(({ expression = '' }) => expression.trim()))].sort();
}
