// An EC2 instance type in our words: what one instance of it offers to tasks.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceTypeInfo.html
import type { InstanceTypeInfo } from '@aws-sdk/client-ec2';
import type { InstanceType } from '../model/instance.ts';
import type { CpuArchitecture } from '../model/task-shape.ts';
import { trunkSlots } from './trunk-limits.ts';

// One vCPU is 1024 of ECS's cpu units.
const CPU_UNITS_PER_VCPU = 1024;

/**
 * null for a type whose name, vCPUs, memory or processor EC2 does not tell, or tells as none that ECS tasks run on (`i386`
 * or macOS alone): nothing can be planned with it.
 */
export function readInstanceType(from: InstanceTypeInfo): InstanceType | null {
  const { InstanceType: name = '', VCpuInfo, MemoryInfo } = from;
  const { DefaultVCpus: vcpus = 0 } = VCpuInfo ?? {};
  const { SizeInMiB: memoryMiB = 0 } = MemoryInfo ?? {};
  const architecture = architectureOf(from);
  if (name === '' || architecture === null || !(vcpus > 0) || !(memoryMiB > 0)) return null;
  return {
    name,
    nominal: { cpuUnits: vcpus * CPU_UNITS_PER_VCPU, memoryMiB },
    gpus: gpusOf(from),
    architecture,
    // The first network interface is the instance's own.
    eniSlots: Math.max(0, (from.NetworkInfo?.MaximumNetworkInterfaces ?? 0) - 1),
    eniSlotsWithTrunk: trunkSlots(name),
  };
}

function architectureOf({ ProcessorInfo }: InstanceTypeInfo): CpuArchitecture | null {
  const supported = ProcessorInfo?.SupportedArchitectures ?? [];
  return (['arm64', 'x86_64'] as const).find((known) => supported.includes(known)) ?? null;
}

/**
 * Whole GPUs that the ECS agent would register, which are NVIDIA's only: AMD's (g4ad) and Habana's (dl1) stand in the same
 * list. A type with a fraction of a GPU counts none.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-gpu.html
 */
function gpusOf({ GpuInfo }: InstanceTypeInfo): number {
  const gpus = (GpuInfo?.Gpus ?? []).filter(({ Manufacturer = 'NVIDIA' }) => /nvidia/i.test(Manufacturer));
  return gpus.reduce((sum, { Count = 0 }) => sum + Count, 0);
}
