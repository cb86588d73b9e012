// What the bench is asked for on its command line, and how much effort that means.
import { parseArgs } from 'node:util';
import type { Effort } from './measure.ts';
import type { ClusterSize } from './workloads/cluster.ts';

export const PARTS = [
  'plan',
  'packing',
  'losses',
  'mix',
  'gap',
  'observe',
  'agent',
  'notice',
  'notice-to-target',
  'storm',
  'week',
] as const;
export type PartName = (typeof PARTS)[number];

/** Real processes in real time, which no smaller size makes quick, and a week. */
const SLOW: readonly PartName[] = ['agent', 'notice', 'notice-to-target', 'storm', 'week'];

export interface Options {
  readonly quick: boolean;
  readonly write: boolean;
  readonly seed: number;
  readonly parts: readonly PartName[];
  /** Only what a process of its own measures: set by the bench itself. */
  readonly one: string | null;
}

export function readOptions(argv: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      quick: { type: 'boolean', default: false },
      write: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
      only: { type: 'string', multiple: true },
      one: { type: 'string' },
    },
  });
  const only = values.only ?? (values.quick ? PARTS.filter((part) => !SLOW.includes(part)) : PARTS);
  const unknown = only.find((name) => !PARTS.some((part) => part === name));
  if (unknown !== undefined) throw new Error(`--only ${unknown}: there are ${PARTS.join(', ')}`);
  return {
    quick: values.quick,
    write: values.write,
    seed: Number(values.seed),
    parts: PARTS.filter((part) => only.includes(part)),
    one: values.one ?? null,
  };
}

/** Enough runs that the 99th percentile is more than the slowest of a handful. */
export function effortOf({ quick }: Options): Effort {
  return quick ? { spendMs: 300, mostRuns: 30 } : { spendMs: 4_000, mostRuns: 400 };
}

export function clusterSizes({ quick }: Options): ClusterSize[] {
  const clusters = [
    { instances: 20, tasks: 400 },
    { instances: 200, tasks: 4_000 },
    { instances: 1_000, tasks: 30_000 },
    { instances: 5_000, tasks: 100_000 },
  ];
  if (quick) return clusters.slice(0, 2).map((cluster) => ({ ...cluster, shapes: 60, pools: 60 }));
  return clusters.flatMap((cluster) =>
    [60, 300].flatMap((shapes) => [60, 300].map((pools) => ({ ...cluster, shapes, pools }))),
  );
}
