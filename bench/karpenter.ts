// Tasks a second over the ported mix: how many pending tasks on an empty cluster one plan answers for in a second.
import { plan } from '../src/plan/decide.ts';
import { NO_MEMORY } from '../src/plan/memory.ts';
import { type Effort, type Timing, timed } from './measure.ts';
import { karpenterMix } from './workloads/karpenter-mix.ts';
import { BENCH_POLICY } from './workloads/policy.ts';

export const MIX_SIZES = [1, 50, 100, 500, 1_000, 2_000, 5_000, 10_000] as const;

export interface MixTime {
  readonly tasks: number;
  readonly shapes: number;
  readonly units: number;
  readonly timing: Timing;
  readonly tasksPerSecond: number;
}

/** Nothing is promised and nothing may be lost: the question is Karpenter's, where to put what waits. */
const POLICY = { ...BENCH_POLICY, headroom: { ...BENCH_POLICY.headroom, largestTasks: 0, survive: 'none' as const } };

export function measureMix(tasks: number, seed: number, effort: Effort): MixTime {
  const snapshot = karpenterMix(tasks, seed);
  const once = () => plan({ snapshot, policy: POLICY, memory: NO_MEMORY, now: snapshot.observedAt }).report;
  const { target, shapes } = once();
  const pending = shapes.reduce((sum, line) => sum + line.pending, 0);
  if (pending !== tasks) throw new Error(`the mix of ${tasks} tasks has become ${pending}`);
  const timing = timed(effort, () => null, once);
  return {
    tasks,
    shapes: shapes.length,
    units: target.shortUnits,
    timing,
    tasksPerSecond: tasks / (timing.p50Ms / 1_000),
  };
}
