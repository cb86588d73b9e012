import type { TaskDefinition as AwsTaskDefinition, ContainerDefinition } from '@aws-sdk/client-ecs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTaskDefinition } from '../../src/aws/ecs-definitions.ts';
import { NO_SHAPE } from '../../src/model/task-shape.ts';
import { Failure } from '../../src/ports/failure.ts';

const ARN = 'arn:aws:ecs:us-east-1:123456789012:task-definition/web:3';
const definition = (fields: Partial<AwsTaskDefinition> = {}): AwsTaskDefinition => ({
  taskDefinitionArn: ARN,
  family: 'web',
  ...fields,
});
const shapeOf = (fields: Partial<AwsTaskDefinition>) => readTaskDefinition(definition(fields)).shape;
const containers = (...containerDefinitions: ContainerDefinition[]) => ({ containerDefinitions });

function failureOf(fields: Partial<AwsTaskDefinition>): Failure {
  try {
    readTaskDefinition(definition(fields));
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('it was read');
}

describe('the size of a task', () => {
  it.each([
    ['1024', '2048', 1024, 2048],
    ['1 vCPU', '2 GB', 1024, 2048],
    ['.5vcpu', '0.5GB', 512, 512],
    ['0.25 VCPU', '1 gb', 256, 1024],
  ])('of cpu %s and memory %s is %i units and %i MiB', (cpu, memory, cpuUnits, memoryMiB) => {
    expect(shapeOf({ cpu, memory })).toMatchObject({ cpuUnits, memoryMiB });
  });

  it('is the task level where it is set, dimension by dimension, and the sum of its containers where it is not', () => {
    const two = containers({ cpu: 100, memory: 300 }, { cpu: 200, memory: 500 });
    expect(shapeOf({ cpu: '1024', memory: '4096', ...two })).toMatchObject({ cpuUnits: 1024, memoryMiB: 4096 });
    expect(shapeOf({ cpu: '1024', ...two })).toMatchObject({ cpuUnits: 1024, memoryMiB: 800 });
    expect(shapeOf({ memory: '4096', ...two })).toMatchObject({ cpuUnits: 300, memoryMiB: 4096 });
    expect(shapeOf({ cpu: '', memory: '0', ...two })).toMatchObject({ cpuUnits: 300, memoryMiB: 800 });
  });

  it('counts a reservation and not the limit above it, and the limit where nothing is reserved', () => {
    expect(shapeOf(containers({ memory: 512, memoryReservation: 128 })).memoryMiB).toBe(128);
    expect(shapeOf(containers({ memory: 512, memoryReservation: 0 })).memoryMiB).toBe(512);
    expect(shapeOf(containers({ memoryReservation: 128 })).memoryMiB).toBe(128);
  });

  it('counts shared memory and tmpfs mounts beside the containers, but inside a memory size of the task', () => {
    const linuxParameters = {
      sharedMemorySize: 64,
      tmpfs: [
        { containerPath: '/a', size: 32 },
        { containerPath: '/b', size: 16 },
      ],
    };
    expect(shapeOf(containers({ memory: 100, linuxParameters }, { memory: 1 })).memoryMiB).toBe(213);
    expect(shapeOf({ memory: '400', ...containers({ memory: 100, linuxParameters }) }).memoryMiB).toBe(400);
  });

  it('counts the GPUs of all containers, and nothing of the instance for an inference accelerator', () => {
    const gpu = (value: string) => ({ resourceRequirements: [{ type: 'GPU' as const, value }] });
    const accelerator = { resourceRequirements: [{ type: 'InferenceAccelerator' as const, value: 'device_1' }] };
    expect(shapeOf(containers(gpu('2'), gpu('1'), {}, accelerator)).gpus).toBe(3);
  });

  it('is the sum of its containers for every list of containers', () => {
    const container = fc.record({ cpu: fc.nat(4096), memory: fc.nat(65_536) });
    fc.assert(
      fc.property(fc.array(container), (list) => {
        const { cpuUnits, memoryMiB } = shapeOf(containers(...list));
        expect(cpuUnits).toBe(list.reduce((sum, { cpu }) => sum + cpu, 0));
        expect(memoryMiB).toBe(list.reduce((sum, { memory }) => sum + memory, 0));
      }),
    );
  });
});

describe('the host ports of a task', () => {
  const portMappings = [
    { containerPort: 80, hostPort: 8080 },
    { containerPort: 53, hostPort: 5353, protocol: 'udp' as const },
    { containerPort: 443, hostPort: 0 },
    { containerPort: 9090 },
    { containerPortRange: '7000-7010' },
  ];

  it.each([
    [undefined, ['tcp:8080', 'udp:5353']],
    ['bridge', ['tcp:8080', 'udp:5353']],
    ['host', ['tcp:443', 'tcp:8080', 'tcp:9090', 'udp:5353']],
    ['awsvpc', []],
    ['none', []],
  ] as const)('in network mode %s are the fixed ones: %j', (networkMode, hostPorts) => {
    const shape = shapeOf({ ...(networkMode && { networkMode }), ...containers({ portMappings }) });
    expect(shape.hostPorts).toEqual(hostPorts);
  });

  it('are told once each, though two protocols of one number are two ports', () => {
    const one = { portMappings: [{ hostPort: 53 }, { hostPort: 53, protocol: 'udp' as const }] };
    expect(shapeOf(containers(one, one)).hostPorts).toEqual(['tcp:53', 'udp:53']);
  });
});

describe('what a task asks of its instance', () => {
  it('is a slot for a network interface in mode awsvpc, and in no other', () => {
    expect(shapeOf({ networkMode: 'awsvpc' }).eniSlots).toBe(1);
    expect(shapeOf({ networkMode: 'bridge' }).eniSlots).toBe(0);
    expect(shapeOf({}).eniSlots).toBe(0);
  });

  it('is the platform where the definition names one', () => {
    expect(shapeOf({ runtimePlatform: { cpuArchitecture: 'ARM64', operatingSystemFamily: 'LINUX' } })).toMatchObject({
      architecture: 'arm64',
      operatingSystem: 'linux',
    });
    expect(
      shapeOf({ runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } }),
    ).toMatchObject({ architecture: 'x86_64', operatingSystem: 'windows' });
    expect(shapeOf({})).toMatchObject({ architecture: null, operatingSystem: null });
  });

  it('is every attribute once, sorted, with the capabilities of ordinary instances', () => {
    const requiresAttributes = [
      { name: 'stack', value: 'blue' },
      { name: 'ecs.capability.task-eni' },
      { name: 'com.amazonaws.ecs.capability.docker-remote-api.1.18' },
      { name: 'ecs.capability.task-eni' },
    ];
    expect(shapeOf({ requiresAttributes }).requiredAttributes).toEqual([
      { name: 'com.amazonaws.ecs.capability.docker-remote-api.1.18', value: null },
      { name: 'ecs.capability.task-eni', value: null },
      { name: 'stack', value: 'blue' },
    ]);
  });

  it('is every expression once, sorted, and the empty one where ECS names none', () => {
    const expressions = ['attribute:b == 1', ' attribute:a == 1', 'attribute:b == 1'];
    const placementConstraints = expressions.map((expression) => ({ type: 'memberOf' as const, expression }));
    expect(shapeOf({ placementConstraints }).expressions).toEqual(['attribute:a == 1', 'attribute:b == 1']);
    expect(shapeOf({ placementConstraints: [{ type: 'memberOf' }] }).expressions).toEqual(['']);
  });

  it('is nothing for an empty definition', () => {
    expect(readTaskDefinition(definition())).toEqual({ arn: ARN, family: 'web', shape: NO_SHAPE, stopTimeoutMs: null });
  });
});

describe('a task definition', () => {
  it('has the longest stop timeout of its containers', () => {
    const read = readTaskDefinition(definition(containers({ stopTimeout: 5 }, {}, { stopTimeout: 90 })));
    expect(read.stopTimeoutMs).toBe(90_000);
  });

  it('has the family its ARN names when ECS leaves the family out', () => {
    expect(readTaskDefinition({ taskDefinitionArn: ARN }).family).toBe('web');
  });

  it.each<[string, Partial<AwsTaskDefinition>, string]>([
    ['a negative cpu', containers({ name: 'app', cpu: -1 }), 'container app: its cpu is -1'],
    ['half a MiB', containers({ name: 'app', memory: 0.5 }), 'container app: its memory is 0.5'],
    ['a negative reservation', containers({ name: 'app', memoryReservation: -5 }), 'its memoryReservation is -5'],
    ['no number', { cpu: 'much' }, 'its cpu is "much"'],
    ['a negative task size', { memory: '-512' }, 'its memory is "-512"'],
    ['a unit of the other dimension', { cpu: '2 GB' }, 'its cpu is "2 GB"'],
    ['a fraction of a unit', { cpu: '0.1 vCPU' }, 'its cpu is "0.1 vCPU"'],
    [
      'half a GPU',
      containers({ name: 'app', resourceRequirements: [{ type: 'GPU', value: '0.5' }] }),
      'container app: "0.5" is no whole number of GPUs',
    ],
    ['a port that none is', containers({ portMappings: [{ hostPort: 70_000 }] }), '70000 is no host port'],
    // A processor AWS may offer one day: the SDK's types do not know it either.
    ['a new processor', { runtimePlatform: { cpuArchitecture: 'RISCV' as 'ARM64' } }, 'CPU architecture RISCV'],
    ['a new system', { runtimePlatform: { operatingSystemFamily: 'PLAN9' as 'LINUX' } }, 'system family PLAN9'],
  ])('with %s is unreadable, and the failure says which and why', (_, fields, what) => {
    const failure = failureOf(fields);
    expect(failure.code).toBe('unreadable');
    expect(failure.message).toContain(`task definition ${ARN} cannot be read: `);
    expect(failure.message).toContain(what);
  });

  it('without an ARN is unreadable', () => {
    expect(() => readTaskDefinition({})).toThrow(expect.objectContaining({ code: 'unreadable' }));
  });
});
