// The kernel beside a plain first fit, in the same run on the same rooms: what waits, and the promise. And how much of the
// kernel's time the reading of memory alone would take.

import { assess } from '../src/plan/assess.ts';
import { capacityOf, countsOf } from '../src/plan/capacity/capacity.ts';
import { pack } from '../src/plan/capacity/pack.ts';
import type { Demand } from '../src/plan/demand.ts';
import { ledger } from '../src/plan/ledger.ts';
import { NO_MEMORY } from '../src/plan/memory.ts';
import { pendingOf } from '../src/plan/scenario.ts';
import { firstFit } from './first-fit.ts';
import { measureScan, type ScanSpeed } from './limit.ts';
import { type Effort, type Timing, timed } from './measure.ts';
import { withPending } from './workloads/churn.ts';
import { aCluster, type ClusterSize } from './workloads/cluster.ts';
import { BENCH_POLICY } from './workloads/policy.ts';

export interface PackingTime {
  readonly size: ClusterSize;
  readonly rows: number;
  readonly columns: number;
  /** Tasks to place. */
  readonly tasks: number;
  /** From rooms to an answer: the table, and then the packing. */
  readonly table: Timing;
  readonly pack: Timing;
  readonly firstFit: Timing;
  readonly unplaced: { readonly kernel: number; readonly firstFit: number };
  readonly scan: ScanSpeed;
  /** What one look at each row for each shape takes at the speed of the scan. */
  readonly limitMs: number;
}

/** @param waiting tasks without a place, beside the promise */
export function measurePacking(size: ClusterSize, waiting: number, seed: number, effort: Effort): PackingTime {
  const snapshot = withPending(aCluster(size, seed).snapshot, waiting);
  const input = { snapshot, policy: BENCH_POLICY, memory: NO_MEMORY, now: snapshot.observedAt };
  if (snapshot.fleet === null) throw new Error('a made-up cluster has a fleet');
  const { capacity, rooms, empty, users, promised } = assess(input, snapshot.fleet, ledger(input));
  const wanted: Demand[] = [...pendingOf(users), ...promised];
  const counts = countsOf(capacity, wanted);
  const { table } = capacity;
  const groups = [...capacity.groupCounts.places.keys()];
  const nothing = () => null;
  const scan = measureScan();
  return {
    size,
    rows: table.rows,
    columns: table.columns,
    tasks: wanted.reduce((sum, { count }) => sum + count, 0),
    table: timed(effort, nothing, () => void capacityOf(rooms, capacity.shapes, { empty, groups })),
    pack: timed(effort, nothing, () => void pack(table, table.free, counts)),
    firstFit: timed(effort, nothing, () => void firstFit(capacity.rooms, wanted)),
    unplaced: {
      kernel: pack(table, table.free, counts).unplacedTasks,
      firstFit: firstFit(capacity.rooms, wanted),
    },
    scan,
    limitMs: (table.rows * table.columns * scan.nsPerCell) / 1e6,
  };
}
