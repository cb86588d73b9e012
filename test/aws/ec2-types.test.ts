import type { InstanceTypeInfo } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { readInstanceType } from '../../src/aws/ec2-types.ts';

const TYPE: InstanceTypeInfo = {
  InstanceType: 'g4dn.12xlarge',
  VCpuInfo: { DefaultVCpus: 48 },
  MemoryInfo: { SizeInMiB: 196_608 },
  ProcessorInfo: { SupportedArchitectures: ['x86_64'] },
  NetworkInfo: { MaximumNetworkInterfaces: 8 },
  GpuInfo: { Gpus: [{ Name: 'T4', Manufacturer: 'NVIDIA', Count: 4 }] },
};
const read = (fields: Partial<InstanceTypeInfo>) => readInstanceType({ ...TYPE, ...fields });

describe('an instance type', () => {
  it('is read with its GPUs, its processor and its room for network interfaces', () => {
    expect(read({})).toEqual({
      name: 'g4dn.12xlarge',
      nominal: { cpuUnits: 49_152, memoryMiB: 196_608 },
      gpus: 4,
      architecture: 'x86_64',
      eniSlots: 7,
      eniSlotsWithTrunk: 60,
    });
  });

  it.each([
    [['arm64'], 'arm64'],
    [['i386', 'x86_64'], 'x86_64'],
  ] as const)('of processors %j is %s', (architectures, expected) => {
    expect(read({ ProcessorInfo: { SupportedArchitectures: [...architectures] } })?.architecture).toBe(expected);
  });

  it.each([
    ['AMD', [{ Manufacturer: 'AMD', Count: 4 }], 0],
    [
      'two NVIDIA models',
      [
        { Manufacturer: 'NVIDIA', Count: 1 },
        { Manufacturer: 'Nvidia', Count: 2 },
      ],
      3,
    ],
    ['an unnamed maker', [{ Count: 1 }], 1],
    ['a fraction of one', [{ Manufacturer: 'NVIDIA', LogicalGpuCount: 1, GpuPartitionSize: 0.125 }], 0],
  ] as const)('with GPUs of %s has %# counted as the ECS agent registers them', (_, gpus, expected) => {
    expect(read({ GpuInfo: { Gpus: gpus.map((gpu) => ({ ...gpu })) } })?.gpus).toBe(expected);
  });

  it('has no room for awsvpc tasks where EC2 tells of no interface', () => {
    expect(readInstanceType({ ...TYPE, NetworkInfo: {} })?.eniSlots).toBe(0);
  });

  it.each<[string, Partial<InstanceTypeInfo>]>([
    ['name', { InstanceType: '' as 'm5.large' }],
    ['vCPUs', { VCpuInfo: {} }],
    ['memory', { MemoryInfo: {} }],
    ['processor', { ProcessorInfo: { SupportedArchitectures: ['x86_64_mac'] } }],
  ])('without a %s is none', (_, fields) => {
    expect(read(fields)).toBeNull();
  });
});
