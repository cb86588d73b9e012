// The instance types EC2 sells in this world, and what an ECS agent on each of them registers. It is the world's own
// truth: the planner must learn sizes as it does from AWS, so nothing outside the world and its doors reads this table.
import type { Resources } from '../../model/resources.ts';

export type Architecture = 'x86_64' | 'arm64';
type Size = keyof typeof SIZES;

export interface CatalogueType {
  readonly name: string;
  readonly vcpus: number;
  /** As sold. */
  readonly memoryMiB: number;
  /** What the ECS agent registers: 1024 units a vCPU, and the memory the kernel leaves of the nominal size. */
  readonly registered: Resources;
  readonly architecture: Architecture;
  readonly networkInterfaces: number;
  readonly ipv4PerInterface: number;
  /** USD an hour, Linux, us-east-1. */
  readonly onDemandPerHour: number;
}

/** vCPUs and ENI limits, which all families below share. */
const SIZES = {
  large: { vcpus: 2, networkInterfaces: 3, ipv4PerInterface: 10 },
  xlarge: { vcpus: 4, networkInterfaces: 4, ipv4PerInterface: 15 },
  '2xlarge': { vcpus: 8, networkInterfaces: 4, ipv4PerInterface: 15 },
  '4xlarge': { vcpus: 16, networkInterfaces: 8, ipv4PerInterface: 30 },
} as const;

interface Family {
  readonly name: string;
  readonly architecture: Architecture;
  readonly memoryPerVcpuMiB: number;
  /** Price of `large`; the other sizes cost in proportion to their vCPUs, as on AWS. */
  readonly largePerHour: number;
  readonly registeredMiB: Readonly<Record<Size, number>>;
}

// Registered memory: m5.large, m5.xlarge, c5.large and c5.xlarge are published measurements (AMIs of about 2018) and
// m6i.large a reported one of a newer AMI. The others lose a share like their nearest measured relative, a little less
// as they grow, since the kernel's part does not grow in proportion.
const FAMILIES: readonly Family[] = [
  {
    name: 'm5',
    architecture: 'x86_64',
    memoryPerVcpuMiB: 4096,
    largePerHour: 0.096,
    registeredMiB: { large: 7690, xlarge: 15586, '2xlarge': 31378, '4xlarge': 62890 },
  },
  {
    name: 'm6i',
    architecture: 'x86_64',
    memoryPerVcpuMiB: 4096,
    largePerHour: 0.096,
    registeredMiB: { large: 7820, xlarge: 15766, '2xlarge': 31666, '4xlarge': 63456 },
  },
  {
    name: 'm6a',
    architecture: 'x86_64',
    memoryPerVcpuMiB: 4096,
    largePerHour: 0.0864,
    registeredMiB: { large: 7808, xlarge: 15746, '2xlarge': 31630, '4xlarge': 63400 },
  },
  {
    name: 'm6g',
    architecture: 'arm64',
    memoryPerVcpuMiB: 4096,
    largePerHour: 0.077,
    registeredMiB: { large: 7836, xlarge: 15790, '2xlarge': 31700, '4xlarge': 63520 },
  },
  {
    name: 'c5',
    architecture: 'x86_64',
    memoryPerVcpuMiB: 2048,
    largePerHour: 0.085,
    registeredMiB: { large: 3714, xlarge: 7634, '2xlarge': 15480, '4xlarge': 31170 },
  },
  {
    name: 'c6i',
    architecture: 'x86_64',
    memoryPerVcpuMiB: 2048,
    largePerHour: 0.085,
    registeredMiB: { large: 3790, xlarge: 7772, '2xlarge': 15700, '4xlarge': 31540 },
  },
  {
    name: 'r5',
    architecture: 'x86_64',
    memoryPerVcpuMiB: 8192,
    largePerHour: 0.126,
    registeredMiB: { large: 15588, xlarge: 31382, '2xlarge': 62894, '4xlarge': 126_040 },
  },
  {
    name: 'r6i',
    architecture: 'x86_64',
    memoryPerVcpuMiB: 8192,
    largePerHour: 0.126,
    registeredMiB: { large: 15760, xlarge: 31664, '2xlarge': 63450, '4xlarge': 127_030 },
  },
];

const CATALOGUE: ReadonlyMap<string, CatalogueType> = new Map(
  FAMILIES.flatMap((family) => sizesOf(family).map((type) => [type.name, type] as const)),
);

/** The type of this name, or null when EC2 sells none of that name. */
export function findInstanceType(name: string): CatalogueType | null {
  return CATALOGUE.get(name) ?? null;
}

/** The type of this name; throws a RangeError when EC2 sells none of that name. */
export function instanceTypeOf(name: string): CatalogueType {
  const type = CATALOGUE.get(name);
  if (type === undefined) throw new RangeError(`no instance type ${name}`);
  return type;
}

/** Every type, by family and size. */
export function allInstanceTypes(): readonly CatalogueType[] {
  return [...CATALOGUE.values()];
}

function sizesOf(family: Family): CatalogueType[] {
  // Object.keys forgets the key type; SIZES is a literal, so its keys are exactly Size.
  return (Object.keys(SIZES) as Size[]).map((size) => {
    const { vcpus, networkInterfaces, ipv4PerInterface } = SIZES[size];
    return {
      name: `${family.name}.${size}`,
      vcpus,
      memoryMiB: vcpus * family.memoryPerVcpuMiB,
      registered: { cpuUnits: vcpus * 1024, memoryMiB: family.registeredMiB[size] },
      architecture: family.architecture,
      networkInterfaces,
      ipv4PerInterface,
      onDemandPerHour: (family.largePerHour * vcpus) / SIZES.large.vcpus,
    };
  });
}
