// The instance types EC2 sells in this world, and what an ECS agent on each of them registers. It is the world's own
// truth: the planner must learn sizes as it does from AWS, so nothing outside the world and its doors reads this table.
import type { Resources } from '../../model/resources.ts';
import { FAMILIES, type Family, type Gpus, type SizeOfFamily } from './families.ts';

export type Architecture = 'x86_64' | 'arm64';

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
  /** `awsvpc` tasks with a trunk interface; null where ECS does not offer trunking. */
  readonly tasksWithTrunk: number | null;
  readonly gpus: Gpus | null;
  readonly isBurstable: boolean;
  /** USD an hour, Linux, us-east-1. */
  readonly onDemandPerHour: number;
}

const CATALOGUE: ReadonlyMap<string, CatalogueType> = new Map(
  FAMILIES.flatMap((family) => family.sizes.map((size) => typeOf(family, size))).map((type) => [type.name, type]),
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

function typeOf(family: Family, size: SizeOfFamily): CatalogueType {
  const { vcpus } = size;
  return {
    name: `${family.name}.${size.name}`,
    vcpus,
    memoryMiB: size.memoryMiB,
    registered: { cpuUnits: vcpus * 1024, memoryMiB: size.registeredMiB },
    architecture: family.architecture,
    networkInterfaces: size.networkInterfaces,
    ipv4PerInterface: size.ipv4PerInterface,
    tasksWithTrunk: size.tasksWithTrunk,
    gpus: size.gpus,
    isBurstable: family.isBurstable,
    onDemandPerHour: size.onDemandPerHour,
  };
}
