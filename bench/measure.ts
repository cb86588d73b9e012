// How long something takes and how much it allocates. Figures of a running process: the compiler and the garbage
// collector are part of it, as they are in the product.
import { GCProfiler } from 'node:v8';

export interface Timing {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  readonly runs: number;
}

export interface Effort {
  /** Stop when so much time has been measured, or so many runs made; at least three are. */
  readonly spendMs: number;
  readonly mostRuns: number;
}

/** Times `run` on what `prepare` makes for each of its runs; preparing is not measured. */
export function timed<Input>(effort: Effort, prepare: (index: number) => Input, run: (input: Input) => void): Timing {
  const durations: number[] = [];
  for (let spent = 0; durations.length < 3 || (spent < effort.spendMs && durations.length < effort.mostRuns); ) {
    const input = prepare(durations.length);
    const startedAt = performance.now();
    run(input);
    const took = performance.now() - startedAt;
    durations.push(took);
    spent += took;
  }
  return timingOf(durations);
}

export function timingOf(durations: readonly number[]): Timing {
  const sorted = [...durations].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1), runs: sorted.length };
}

/**
 * MiB that one run allocates, on the heap and in array buffers, mean of a few runs. What is in use afterwards and was not
 * before, and what the collector took away in between.
 */
export function allocatedMiB<Input>(inputs: readonly Input[], run: (input: Input) => void): number {
  const profiler = new GCProfiler();
  profiler.start();
  const before = inUse();
  for (const input of inputs) run(input);
  const after = inUse();
  const collected = profiler.stop().statistics.reduce((sum, { beforeGC, afterGC }) => {
    const heap = beforeGC.heapStatistics.usedHeapSize - afterGC.heapStatistics.usedHeapSize;
    const external = beforeGC.heapStatistics.externalMemory - afterGC.heapStatistics.externalMemory;
    return sum + heap + external;
  }, 0);
  return (after - before + collected) / Math.max(1, inputs.length) / 2 ** 20;
}

function inUse(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

export function residentMiB(): number {
  return process.memoryUsage.rss() / 2 ** 20;
}
