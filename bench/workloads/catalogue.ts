// Instance types and pools for made-up clusters: families with a fixed ratio of memory to cpu in four sizes, as EC2
// builds them. The network interfaces are those of EC2's ordinary Nitro families.
import type { InstanceType } from '../../src/model/instance.ts';
import type { CpuArchitecture } from '../../src/model/task-shape.ts';

export interface Pool {
  readonly type: InstanceType;
  readonly zone: string;
  /** Of how many parts of the cluster this pool is one. */
  readonly share: number;
}

interface Family {
  readonly name: string;
  readonly gibPerVcpu: number;
  readonly architecture: CpuArchitecture;
  readonly gpus: number;
}

const SIZES = [
  { name: 'large', vcpus: 2, eniSlots: 2, trunk: 10 },
  { name: 'xlarge', vcpus: 4, eniSlots: 3, trunk: 20 },
  { name: '2xlarge', vcpus: 8, eniSlots: 3, trunk: 40 },
  { name: '4xlarge', vcpus: 16, eniSlots: 7, trunk: 60 },
] as const;

/** The first five are one of each kind, so that small catalogues have every kind too. */
const FAMILIES: readonly Family[] = [
  ...['m5', 'c5', 'r5', 'm6g', 'g4dn', 'm6i', 'c6i', 'r6i', 'c6g', 'm5a', 'c5a', 'r5a', 'm7i', 'c7i', 'r7i'].map(
    familyOf,
  ),
];

function familyOf(name: string): Family {
  const gibPerVcpu = name.startsWith('c') ? 2 : name.startsWith('r') ? 8 : 4;
  return {
    name,
    gibPerVcpu,
    architecture: /^[a-z]\dg$/.test(name) ? 'arm64' : 'x86_64',
    gpus: name === 'g4dn' ? 1 : 0,
  };
}

/** The first `count` types of the catalogue, at most 60. */
export function instanceTypes(count: number): InstanceType[] {
  return FAMILIES.flatMap((family) => SIZES.map((size) => typeOf(family, size))).slice(0, count);
}

/** So many pools over three zones, or over six when there are more than a hundred. */
export function poolsOf(count: number): Pool[] {
  const zones = ['a', 'b', 'c', 'd', 'e', 'f'].slice(0, count > 100 ? 6 : 3).map((letter) => `us-east-1${letter}`);
  const types = instanceTypes(Math.ceil(count / zones.length));
  const pools = types.flatMap((type, index) => zones.map((zone) => ({ type, zone, share: shareOf(type, index) })));
  return pools.slice(0, count);
}

/** Uneven, as fleets are, and fewer of what fewer tasks need. */
function shareOf(type: InstanceType, index: number): number {
  if (type.gpus > 0) return 0.3;
  if (type.architecture === 'arm64') return 0.35;
  return 1 + (index % 3);
}

function typeOf({ name, gibPerVcpu, architecture, gpus }: Family, size: (typeof SIZES)[number]): InstanceType {
  return {
    name: `${name}.${size.name}`,
    nominal: { cpuUnits: size.vcpus * 1024, memoryMiB: size.vcpus * gibPerVcpu * 1024 },
    gpus: gpus * Math.max(1, size.vcpus / 4),
    architecture,
    eniSlots: size.eniSlots,
    eniSlotsWithTrunk: size.trunk,
  };
}

/** What the ECS agent registers of a type's memory: about 95 %, less what the machine keeps for itself. */
export function registeredMemory({ nominal }: InstanceType): number {
  return Math.floor(nominal.memoryMiB * 0.95) - 64;
}
