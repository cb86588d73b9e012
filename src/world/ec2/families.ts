// The figures of the instance types, by family: a table and nothing else.
// Registered memory is published (AMIs of about 2018) for t3.medium, c5.large, c5.xlarge, m5.large, m5.xlarge and
// g4dn.xlarge, and reported for m6i.large. All other values are estimates: they lose a share like their nearest published
// relative, a little less as they grow, since the kernel's part does not grow in proportion.
// Interfaces: https://docs.aws.amazon.com/ec2/latest/instancetypes/ (network specifications), and with a trunk
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/eni-trunking-supported-instance-types.html

export interface Gpus {
  readonly count: number;
  readonly name: string;
  readonly memoryMiB: number;
}

export interface SizeOfFamily {
  readonly name: string;
  readonly vcpus: number;
  readonly memoryMiB: number;
  readonly registeredMiB: number;
  readonly networkInterfaces: number;
  readonly ipv4PerInterface: number;
  readonly tasksWithTrunk: number | null;
  readonly gpus: Gpus | null;
  readonly onDemandPerHour: number;
}

export interface Family {
  readonly name: string;
  readonly architecture: 'x86_64' | 'arm64';
  readonly isBurstable: boolean;
  readonly sizes: readonly SizeOfFamily[];
}

/** vCPUs and interfaces, which the families of general use share. */
const GENERAL = [
  { name: 'large', vcpus: 2, networkInterfaces: 3, ipv4PerInterface: 10, tasksWithTrunk: 10, gpus: null },
  { name: 'xlarge', vcpus: 4, networkInterfaces: 4, ipv4PerInterface: 15, tasksWithTrunk: 20, gpus: null },
  { name: '2xlarge', vcpus: 8, networkInterfaces: 4, ipv4PerInterface: 15, tasksWithTrunk: 40, gpus: null },
  { name: '4xlarge', vcpus: 16, networkInterfaces: 8, ipv4PerInterface: 30, tasksWithTrunk: 60, gpus: null },
] as const;

/**
 * @param largePerHour price of `large`; the other sizes cost in proportion to their vCPUs, as on AWS
 * @param registeredMiB of large, xlarge, 2xlarge and 4xlarge
 */
function general(
  name: string,
  architecture: Family['architecture'],
  memoryPerVcpuMiB: number,
  largePerHour: number,
  registeredMiB: readonly [number, number, number, number],
): Family {
  const sizes = GENERAL.map((size, index) => ({
    ...size,
    memoryMiB: size.vcpus * memoryPerVcpuMiB,
    registeredMiB: registeredMiB[index] ?? 0,
    onDemandPerHour: (largePerHour * size.vcpus) / 2,
  }));
  return { name, architecture, isBurstable: false, sizes };
}

const T4: Gpus = { count: 1, name: 'T4', memoryMiB: 16_384 };
const A10G: Gpus = { count: 1, name: 'A10G', memoryMiB: 22_888 };

type Row = readonly [
  name: string,
  vcpus: number,
  memoryMiB: number,
  registeredMiB: number,
  networkInterfaces: number,
  ipv4PerInterface: number,
  tasksWithTrunk: number | null,
  onDemandPerHour: number,
  gpus?: Gpus,
];

function sizesOf(rows: readonly Row[]): SizeOfFamily[] {
  return rows.map((row) => {
    const [name, vcpus, memoryMiB, registeredMiB, networkInterfaces, ipv4PerInterface, tasksWithTrunk] = row;
    const sizes = { name, vcpus, memoryMiB, registeredMiB, networkInterfaces, ipv4PerInterface, tasksWithTrunk };
    return { ...sizes, onDemandPerHour: row[7], gpus: row[8] ?? null };
  });
}

const T3 = sizesOf([
  ['medium', 2, 4_096, 3_840, 3, 6, null, 0.0416],
  ['large', 2, 8_192, 7_690, 3, 12, null, 0.0832],
  ['xlarge', 4, 16_384, 15_586, 4, 15, null, 0.1664],
  ['2xlarge', 8, 32_768, 31_378, 4, 15, null, 0.3328],
]);

const G4DN = sizesOf([
  ['xlarge', 4, 16_384, 15_731, 3, 10, null, 0.526, T4],
  ['2xlarge', 8, 32_768, 31_500, 3, 10, null, 0.752, T4],
  ['12xlarge', 48, 196_608, 189_200, 8, 30, null, 3.912, { ...T4, count: 4 }],
]);

const G5 = sizesOf([
  ['xlarge', 4, 16_384, 15_720, 4, 15, 6, 1.006, A10G],
  ['2xlarge', 8, 32_768, 31_480, 4, 15, 19, 1.212, A10G],
  ['12xlarge', 48, 196_608, 189_150, 15, 50, 120, 5.672, { ...A10G, count: 4 }],
]);

export const FAMILIES: readonly Family[] = [
  general('m5', 'x86_64', 4_096, 0.096, [7_690, 15_586, 31_378, 62_890]),
  general('m6i', 'x86_64', 4_096, 0.096, [7_820, 15_766, 31_666, 63_456]),
  general('m6a', 'x86_64', 4_096, 0.0864, [7_808, 15_746, 31_630, 63_400]),
  general('m6g', 'arm64', 4_096, 0.077, [7_836, 15_790, 31_700, 63_520]),
  general('m7g', 'arm64', 4_096, 0.0816, [7_840, 15_796, 31_710, 63_540]),
  general('c5', 'x86_64', 2_048, 0.085, [3_714, 7_634, 15_480, 31_170]),
  general('c6i', 'x86_64', 2_048, 0.085, [3_790, 7_772, 15_700, 31_540]),
  general('r5', 'x86_64', 8_192, 0.126, [15_588, 31_382, 62_894, 126_040]),
  general('r6i', 'x86_64', 8_192, 0.126, [15_760, 31_664, 63_450, 127_030]),
  { name: 't3', architecture: 'x86_64', isBurstable: true, sizes: T3 },
  { name: 'g4dn', architecture: 'x86_64', isBurstable: false, sizes: G4DN },
  { name: 'g5', architecture: 'x86_64', isBurstable: false, sizes: G5 },
];
