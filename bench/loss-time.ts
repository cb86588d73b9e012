// The loss of every pool, one after the other, as the controller has it checked: in the product's own thread, with what
// handing it over costs the event loop, and whether the loop goes on meanwhile.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { PoolCheck } from '../src/plan/capacity/pool-check.ts';
import { plan } from '../src/plan/decide.ts';
import { NO_MEMORY } from '../src/plan/memory.ts';
import { createWorkerCheck } from '../src/runtime/worker-check.ts';
import { type Effort, type Timing, timingOf } from './measure.ts';
import { withPending } from './workloads/churn.ts';
import { aCluster, type ClusterSize } from './workloads/cluster.ts';
import { BENCH_POLICY } from './workloads/policy.ts';

const PENDING = 0.01;

export interface LossTime {
  readonly size: ClusterSize;
  /** Pools with something to lose; all were checked. */
  readonly pools: number;
  /** Of these, how many leave something without a place. */
  readonly atRisk: number;
  /** From the question to the answer. */
  readonly timing: Timing;
  /** The part of it that holds up the event loop: the tables are copied over. */
  readonly handOver: Timing;
  /** The longest that the loop stood still while a check was under way. */
  readonly stalledMs: number;
}

export async function measureLosses(size: ClusterSize, seed: number, effort: Effort): Promise<LossTime> {
  const { snapshot, filled } = aCluster(size, seed);
  const waiting = withPending(snapshot, Math.round(filled.tasks * PENDING));
  const { fullCheck: made } = plan({
    snapshot: waiting,
    policy: BENCH_POLICY,
    memory: NO_MEMORY,
    now: waiting.observedAt,
  });
  if (made === null) throw new Error('a pass over so few pools looks at all of them itself');
  const fullCheck = made();
  const thread = new URL('./bench-pool-check.mjs', import.meta.url);
  const check = createWorkerCheck<PoolCheck, string[]>('checking the loss of every pool', thread);
  // The thread keeps no process alive, and while it works nothing else here would.
  const alive = setInterval(() => {}, 1_000);
  try {
    // The first one starts the thread, and its compiler is cold.
    const atRisk = await check.run(fullCheck);
    return {
      size,
      pools: fullCheck.pools.length,
      atRisk: atRisk.length,
      ...(await timedChecks(check.run, fullCheck, effort)),
    };
  } finally {
    clearInterval(alive);
    await check.close();
  }
}

async function timedChecks(run: (work: PoolCheck) => Promise<unknown>, work: PoolCheck, effort: Effort) {
  const [whole, handOver]: [number[], number[]] = [[], []];
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  for (let spent = 0; whole.length < 3 || (spent < effort.spendMs && whole.length < effort.mostRuns); ) {
    const startedAt = performance.now();
    const answer = run(work);
    handOver.push(performance.now() - startedAt);
    await answer;
    const took = performance.now() - startedAt;
    whole.push(took);
    spent += took;
  }
  delay.disable();
  return { timing: timingOf(whole), handOver: timingOf(handOver), stalledMs: delay.max / 1e6 };
}
