// What RegisterTaskDefinition sends, reduced to what decides placement and stopping. What would change placement and is
// not part of this world is refused; everything else the request says is passed over.
import type { TaskDefinitionSpec } from '../../world/ecs/task-definition.ts';
import type { ContainerDefinition, PortMapping } from '../../world/ecs/task-need.ts';
import { ApiError, type ApiInput } from '../api.ts';
import { flag, has, requiredText, structure, structures, text, texts, whole, word } from './input.ts';
import { membershipConstraintsOf } from './placement-input.ts';

const OPERATING_SYSTEMS = [
  'LINUX',
  'WINDOWS_SERVER_2016_FULL',
  'WINDOWS_SERVER_2019_CORE',
  'WINDOWS_SERVER_2019_FULL',
  'WINDOWS_SERVER_2022_CORE',
  'WINDOWS_SERVER_2022_FULL',
  'WINDOWS_SERVER_2025_CORE',
  'WINDOWS_SERVER_2025_FULL',
] as const;
const ARCHITECTURES = { X86_64: 'x86_64', ARM64: 'arm64' } as const;

export function taskDefinitionSpecOf(input: ApiInput): TaskDefinitionSpec {
  if (has(input, 'inferenceAccelerators')) throw unsupported('inferenceAccelerators');
  const platform = structure(input, 'runtimePlatform');
  const architecture = word(platform, 'cpuArchitecture', ['X86_64', 'ARM64'] as const);
  return {
    family: requiredText(input, 'family'),
    networkMode: word(input, 'networkMode', ['bridge', 'host', 'awsvpc', 'none'] as const) ?? 'bridge',
    cpu: sizeOf(text(input, 'cpu'), /^vcpu$/i, 'cpu'),
    memory: sizeOf(text(input, 'memory'), /^gb$/i, 'memory'),
    containers: structures(input, 'containerDefinitions').map(containerOf),
    placementConstraints: membershipConstraintsOf(input),
    cpuArchitecture: architecture === undefined ? null : ARCHITECTURES[architecture],
    ...given('operatingSystemFamily', word(platform, 'operatingSystemFamily', OPERATING_SYSTEMS)),
    ...given('taskRoleArn', text(input, 'taskRoleArn')),
    ...given('executionRoleArn', text(input, 'executionRoleArn')),
    requiresCompatibilities: texts(input, 'requiresCompatibilities') ?? [],
  };
}

function containerOf(input: ApiInput): ContainerDefinition {
  return {
    name: requiredText(input, 'name'),
    image: requiredText(input, 'image'),
    cpu: whole(input, 'cpu', 0, 196_608) ?? 0,
    memory: whole(input, 'memory', 6, 25_000_000) ?? null,
    memoryReservation: whole(input, 'memoryReservation', 6, 25_000_000) ?? null,
    essential: input.essential !== false,
    portMappings: structures(input, 'portMappings').map(portMappingOf),
    stopTimeout: whole(input, 'stopTimeout', 0, 86_400) ?? null,
    gpus: gpusOf(input),
    isPrivileged: flag(input, 'privileged'),
    ...given('logDriver', logDriverOf(input)),
  };
}

/** GPUs are whole numbers written as text; the old accelerators are not of this world. */
function gpusOf(input: ApiInput): number {
  const requirements = structures(input, 'resourceRequirements').map((requirement) => {
    const type = word(requirement, 'type', ['GPU', 'InferenceAccelerator'] as const);
    if (type !== 'GPU') throw unsupported('resourceRequirements');
    const value = requiredText(requirement, 'value');
    if (/^[1-9]\d{0,3}$/.test(value)) return Number(value);
    throw new ApiError('ClientException', `Invalid GPU value '${value}': it must be a whole number above 0.`);
  });
  return requirements.reduce((sum, gpus) => sum + gpus, 0);
}

function logDriverOf(input: ApiInput): string | undefined {
  return has(input, 'logConfiguration') ? requiredText(structure(input, 'logConfiguration'), 'logDriver') : undefined;
}

/** The field when there is something to put into it: absent is not the same as empty. */
function given<Field extends string>(field: Field, value: string | undefined): { [Each in Field]?: string } {
  // One computed key is exactly the field; the compiler widens it to any string.
  return value === undefined ? {} : ({ [field]: value } as { [Each in Field]?: string });
}

function portMappingOf(input: ApiInput): PortMapping {
  return {
    containerPort: whole(input, 'containerPort', 0, 65_535) ?? 0,
    hostPort: whole(input, 'hostPort', 0, 65_535) ?? 0,
    protocol: word(input, 'protocol', ['tcp', 'udp'] as const) ?? 'tcp',
  };
}

/** `1024`, `1 vCPU`, `2 GB`: a number of units, or 1024 times a number with the larger unit. */
function sizeOf(given: string | undefined, largeUnit: RegExp, field: string): number | null {
  if (given === undefined) return null;
  const [, number = '', unit = ''] = /^\s*(\d*\.?\d+)\s*([a-z]*)\s*$/i.exec(given) ?? [];
  const size = Number(number) * (unit === '' ? 1 : 1024);
  if (number === '' || (unit !== '' && !largeUnit.test(unit)) || !Number.isInteger(size)) {
    throw new ApiError('ClientException', `Invalid '${field}' setting for task: '${given}'.`);
  }
  return size;
}

function unsupported(field: string): ApiError {
  return new ApiError('ClientException', `The sandbox has no instances with what ${field} asks for.`);
}
