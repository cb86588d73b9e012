// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceTypes.html
import type { Gpus } from '../../world/ec2/families.ts';
import { allInstanceTypes, type CatalogueType, findInstanceType } from '../../world/ec2/instance-types.ts';
import { type ApiAction, ApiError, type ApiInput } from '../api.ts';
import { applyFilters } from './filters.ts';
import { invalidValue, pageOf, texts } from './input.ts';

const PAGE_LIMITS = [5, 100] as const;
const MAX_NAMES = 100;

const FILTERS: Readonly<Record<string, (type: CatalogueType) => string>> = {
  'bare-metal': () => 'false',
  'burstable-performance-supported': ({ isBurstable }) => String(isBurstable),
  'current-generation': () => 'true',
  hypervisor: () => 'nitro',
  'instance-type': ({ name }) => name,
  'memory-info.size-in-mib': ({ memoryMiB }) => String(memoryMiB),
  'processor-info.supported-architecture': ({ architecture }) => architecture,
  'vcpu-info.default-vcpus': ({ vcpus }) => String(vcpus),
};

/** Sizes as sold: what the ECS agent registers is not in this answer, on AWS neither. */
export const describeInstanceTypes: ApiAction = ({ input }) => {
  const isFilter = (name: string) => Object.hasOwn(FILTERS, name);
  const chosen = applyFilters(input, named(input), isFilter, (type, name) => [FILTERS[name]?.(type) ?? '']);
  const { items, nextToken } = pageOf(input, chosen, PAGE_LIMITS);
  return { instanceTypeSet: items.map(describeType), nextToken };
};

function named(input: ApiInput): readonly CatalogueType[] {
  const names = [...new Set(texts(input, 'InstanceType'))];
  if (names.length === 0) return allInstanceTypes();
  if (names.length > MAX_NAMES)
    throw invalidValue(`At most ${MAX_NAMES} instance types can be described in one request.`);
  const unknown = names.filter((name) => findInstanceType(name) === null);
  if (unknown.length > 0) {
    throw new ApiError(
      'InvalidInstanceType',
      `The following supplied instance types do not exist: [${unknown.join(', ')}]`,
    );
  }
  return names.flatMap((name) => findInstanceType(name) ?? []);
}

function describeType(type: CatalogueType) {
  // A vCPU is a hyperthread on x86_64 and a core on Graviton.
  const threadsPerCore = type.architecture === 'arm64' ? 1 : 2;
  return {
    instanceType: type.name,
    currentGeneration: true,
    freeTierEligible: false,
    supportedUsageClasses: ['on-demand', 'spot'],
    supportedRootDeviceTypes: ['ebs'],
    supportedVirtualizationTypes: ['hvm'],
    bareMetal: false,
    hypervisor: 'nitro',
    processorInfo: { supportedArchitectures: [type.architecture] },
    vCpuInfo: {
      defaultVCpus: type.vcpus,
      defaultCores: type.vcpus / threadsPerCore,
      defaultThreadsPerCore: threadsPerCore,
    },
    memoryInfo: { sizeInMiB: type.memoryMiB },
    instanceStorageSupported: false,
    networkInfo: {
      maximumNetworkInterfaces: type.networkInterfaces,
      maximumNetworkCards: 1,
      defaultNetworkCardIndex: 0,
      networkCards: [{ networkCardIndex: 0, maximumNetworkInterfaces: type.networkInterfaces }],
      ipv4AddressesPerInterface: type.ipv4PerInterface,
      enaSupport: 'required',
    },
    burstablePerformanceSupported: type.isBurstable,
    gpuInfo: type.gpus === null ? undefined : gpuInfo(type.gpus),
  };
}

function gpuInfo({ count, name, memoryMiB }: Gpus) {
  return {
    gpus: [{ name, manufacturer: 'NVIDIA', count, memoryInfo: { sizeInMiB: memoryMiB } }],
    totalGpuMemoryInMiB: count * memoryMiB,
  };
}
