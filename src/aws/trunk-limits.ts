// How many `awsvpc` tasks an instance takes with ENI trunking. EC2's API does not tell, so these are AWS's published
// figures, brought to rules: most families follow one of three ladders by size, the rest are named one by one. A family
// that is not named here does not support trunking or is younger than this list, and then nothing is guessed.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/eni-trunking-supported-instance-types.html
// https://github.com/aws/amazon-vpc-resource-controller-k8s/blob/master/pkg/aws/vpc/limits.go (branch interfaces)

type Ladder = Readonly<Record<string, number>>;

const COMMON: Ladder = { medium: 4, large: 10, xlarge: 20, '2xlarge': 40, '3xlarge': 40, '4xlarge': 60, '6xlarge': 60 };

/** Up to the fifth generation, and every Graviton. */
const EARLY: Ladder = { ...COMMON, '8xlarge': 60, '9xlarge': 60, '12xlarge': 60 };
/** Intel and AMD from the sixth generation on, and some that came with them. */
const LATE: Ladder = { ...COMMON, '8xlarge': 90 };
/** Flex sizes have what the size below has elsewhere. */
const FLEX: Ladder = { large: 4, xlarge: 10, '2xlarge': 20, '4xlarge': 40, '8xlarge': 60 };

/**
 * Of every size above a ladder's last one, and of bare metal: the branch interfaces an instance has at most. Where the ECS
 * guide names no figure and the ordinary interfaces would bring the sum above it, they are not counted.
 */
const MOST = 120;

const FAMILIES: readonly (readonly [Ladder, string])[] = [
  [EARLY, 'a1 c5 c5a c5ad c5d c5n m5 m5a m5ad m5d m5dn m5n r5 r5a r5ad r5b r5d r5dn r5n'],
  [EARLY, 'c6g c6gd c6gn m6g m6gd r6g r6gd c7g c7gd c7gn m7g m7gd r7g r7gd x2gd'],
  [EARLY, 'c8g c8gb c8gd c8gn m8g m8gb m8gd m8gn r8g r8gb r8gd r8gn x8g'],
  [EARLY, 'dl1 g4dn g5g g6f gr6f i3en i4g i4i i7ie i8g i8ge im4gn inf1 is4gen'],
  [EARLY, 'p3 p3dn p4d p4de p5 p5en p6-b200 p6-b300 trn1 vt1 x2idn x2iedn'],
  [EARLY, 'u7i-6tb u7i-8tb u7i-12tb u7in-16tb u7in-24tb u7in-32tb'],
  [LATE, 'c6a c6i c6id c6in m6a m6i m6id m6idn m6in r6a r6i r6id r6idn r6in'],
  [LATE, 'c7a c7i m7a m7i r7a r7i r7iz c8a c8i c8ib c8id c8in c8ine'],
  [LATE, 'm8a m8azn m8i m8ib m8id m8in m8ine r8a r8i r8ib r8id r8in x8i'],
  [LATE, 'f2 g5 g6 g6e g7e gr6 i7i inf2 z1d'],
  [FLEX, 'c7i-flex c8i-flex m7i-flex m8i-flex r8i-flex'],
];

/** Whole families, or single sizes, that follow no ladder; a size that is missing here follows its family's. */
const EXCEPTIONS: Readonly<Record<string, Ladder>> = {
  a1: { medium: 10, metal: 60 },
  d3: { xlarge: 44, '2xlarge': 94, '4xlarge': 120, '8xlarge': 120 },
  d3en: { xlarge: 26, '2xlarge': 60, '4xlarge': 120, '6xlarge': 120, '8xlarge': 120, '12xlarge': 120 },
  f2: { '6xlarge': 90 },
  g4ad: { xlarge: 12, '2xlarge': 12, '4xlarge': 12, '8xlarge': 12, '16xlarge': 12 },
  g4dn: { xlarge: 40 },
  g5: { xlarge: 6, '2xlarge': 19, '4xlarge': 40 },
  g7e: { '2xlarge': 120, '4xlarge': 120, '8xlarge': 120 },
  hpc7g: { '4xlarge': 120, '8xlarge': 120, '16xlarge': 120 },
  i3: { metal: 120 },
  i3en: { large: 6, xlarge: 14, '2xlarge': 30 },
  i4i: {
    xlarge: 8,
    '2xlarge': 28,
    '4xlarge': 58,
    '8xlarge': 118,
    '12xlarge': 118,
    '16xlarge': 248,
    '24xlarge': 118,
    '32xlarge': 498,
    metal: 498,
  },
  i7i: { '12xlarge': 90 },
  i7ie: { large: 20, xlarge: 29, '2xlarge': 29, '3xlarge': 29 },
  i8ge: { large: 20, xlarge: 29, '2xlarge': 29, '3xlarge': 29 },
  inf1: { xlarge: 40 },
  m5zn: { large: 14, xlarge: 31, '2xlarge': 64, '3xlarge': 98, '6xlarge': 120, '12xlarge': 120, metal: 120 },
  trn1: { '2xlarge': 19 },
  trn1n: { '32xlarge': 242 },
  'u-3tb1': { '56xlarge': 12 },
  'u-6tb1': { '56xlarge': 12 },
  x2gd: { medium: 10 },
  x2iedn: { xlarge: 13, '2xlarge': 29, '8xlarge': 120 },
  x2iezn: { '2xlarge': 64, '4xlarge': 120, '6xlarge': 120, '8xlarge': 120, '12xlarge': 120, metal: 120 },
  z1d: { large: 14, xlarge: 30, '2xlarge': 60, '3xlarge': 60 },
};

const LADDERS: ReadonlyMap<string, Ladder> = new Map(
  FAMILIES.flatMap(([ladder, names]) => names.split(' ').map((name) => [name, ladder] as const)),
);

/** `awsvpc` tasks that an instance of this type takes with ENI trunking; null when the type is not known to support it. */
export function trunkSlots(instanceType: string): number | null {
  const [family = '', size = ''] = instanceType.split('.');
  const exception = EXCEPTIONS[family]?.[size];
  if (exception !== undefined) return exception;
  const ladder = LADDERS.get(family);
  if (ladder === undefined || size === '') return null;
  return ladder[size] ?? (isLarge(size) ? MOST : null);
}

/** Bare metal, and 12xlarge or more: what is smaller and in no ladder is a size we have not heard of. */
function isLarge(size: string): boolean {
  const multiple = Number(/^(\d+)xlarge$/.exec(size)?.[1] ?? 0);
  return size.startsWith('metal') || multiple >= 12;
}
