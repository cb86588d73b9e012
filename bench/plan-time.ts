// One plan over made-up clusters, as the controller makes it: the first one of a process, then pass after pass with 4 %
// of the instances changed in between. Once with every task placed, once with one task in a hundred waiting.
import type { ClusterSnapshot } from '../src/model/snapshot.ts';
import { plan } from '../src/plan/decide.ts';
import { NO_MEMORY } from '../src/plan/memory.ts';
import { seededRng } from '../src/world/seeded-rng.ts';
import { allocatedMiB, type Effort, residentMiB, type Timing, timed } from './measure.ts';
import { oneChurn, withPending } from './workloads/churn.ts';
import { aCluster, type ClusterSize, type Workload } from './workloads/cluster.ts';
import { BENCH_POLICY } from './workloads/policy.ts';

const CHURN = 0.04;
const PENDING = 0.01;
const ALLOCATION_RUNS = 10;

export interface PlanTime {
  readonly size: ClusterSize;
  readonly filled: Workload['filled'];
  readonly shapeKeys: number;
  readonly cases: readonly PlanCase[];
  /** Of the process: with the cluster alone, and after all plans. */
  readonly residentMiB: { readonly before: number; readonly after: number };
}

export interface PlanCase {
  readonly name: 'steady' | 'pending';
  readonly reason: string;
  readonly tasksWithoutPlace: number;
  /** The first plan; null where the compiler has seen one before. */
  readonly coldMs: number | null;
  readonly warm: Timing;
  readonly allocatedMiB: number;
  /** Nanoseconds of the warm median for each shape and instance. */
  readonly nsPerCell: number;
}

export function measurePlan(size: ClusterSize, seed: number, effort: Effort): PlanTime {
  const { snapshot, filled } = aCluster(size, seed);
  const before = residentMiB();
  const waiting = withPending(snapshot, Math.round(filled.tasks * PENDING));
  const cases = [
    measureCase('steady', snapshot, { size, seed, effort, isFirst: true }),
    measureCase('pending', waiting, { size, seed, effort, isFirst: false }),
  ];
  const shapeKeys = plan({ snapshot, policy: BENCH_POLICY, memory: NO_MEMORY, now: snapshot.observedAt }).report.shapes;
  return { size, filled, shapeKeys: shapeKeys.length, cases, residentMiB: { before, after: residentMiB() } };
}

interface CaseInput {
  readonly size: ClusterSize;
  readonly seed: number;
  readonly effort: Effort;
  readonly isFirst: boolean;
}

function measureCase(name: PlanCase['name'], start: ClusterSnapshot, input: CaseInput): PlanCase {
  const { size, seed, effort, isFirst } = input;
  const rng = seededRng(seed);
  let [snapshot, memory] = [start, NO_MEMORY];
  const once = (seen: ClusterSnapshot) => {
    const planned = plan({ snapshot: seen, policy: BENCH_POLICY, memory, now: seen.observedAt });
    memory = planned.memory;
    return planned.report;
  };
  const next = () => {
    snapshot = oneChurn(snapshot, CHURN, rng);
    return snapshot;
  };
  const coldAt = performance.now();
  const report = once(snapshot);
  const coldMs = performance.now() - coldAt;
  for (let run = 0; run < 5; run += 1) once(next());
  const warm = timed(effort, next, once);
  const inputs = Array.from({ length: ALLOCATION_RUNS }, next);
  return {
    name,
    reason: report.target.reason,
    tasksWithoutPlace: report.shapes.reduce((sum, { pending }) => sum + pending, 0),
    coldMs: isFirst ? coldMs : null,
    warm,
    allocatedMiB: allocatedMiB(inputs, once),
    nsPerCell: (warm.p50Ms * 1e6) / (size.instances * size.shapes),
  };
}

/** Kept apart, so that a plan which sees nothing is not taken for a quick one. */
export function complaintOf({ cases, filled }: PlanTime): string | null {
  const blind = cases.find(({ reason }) => reason === 'blind');
  if (blind !== undefined) return `the plan of ${blind.name} saw nothing`;
  const waiting = cases.find(({ name }) => name === 'pending')?.tasksWithoutPlace ?? 0;
  const expected = Math.round(filled.tasks * PENDING);
  return waiting === expected ? null : `${waiting} tasks wait, and not ${expected}`;
}
