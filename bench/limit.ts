// What the machine could do at best: how fast it reads numbers out of arrays. A plan that looks once at every row for
// every shape reads rows x shapes cells of cpu and memory; that, at this speed, is the least it could take.
import { timingOf } from './measure.ts';

/** Bytes of a row that decide whether a shape fits in nearly all cases: cpu and memory, four bytes each. */
export const BYTES_PER_CELL = 8;

const RUNS = 200;
/** As many as a large cluster has instances: 40 KiB, which is what the kernel has in its caches as well. */
const ROWS = 5_000;
const SHAPES = 60;

export interface ScanSpeed {
  /** Nanoseconds to compare one row's cpu and memory with a need. */
  readonly nsPerCell: number;
  /** The same as bytes a second. */
  readonly gibPerSecond: number;
}

/** Counts rows with room in two typed arrays, as plain as it can be written. */
export function measureScan(): ScanSpeed {
  const cpu = Int32Array.from({ length: ROWS }, (_, row) => (row * 7_919) % 4_096);
  const memory = Int32Array.from({ length: ROWS }, (_, row) => (row * 104_729) % 16_384);
  let found = 0;
  const durations = Array.from({ length: RUNS }, (_, run) => {
    const startedAt = performance.now();
    for (let shape = 0; shape < SHAPES; shape += 1) found += rowsWithRoom(cpu, memory, 64 * shape, 256 * shape + run);
    return performance.now() - startedAt;
  });
  if (found === 0) throw new Error('the scan found no room at all');
  const nsPerCell = (timingOf(durations).p50Ms * 1e6) / (ROWS * SHAPES);
  return { nsPerCell, gibPerSecond: BYTES_PER_CELL / nsPerCell / 1.073741824 };
}

function rowsWithRoom(cpu: Int32Array, memory: Int32Array, needCpu: number, needMemory: number): number {
  let found = 0;
  for (let row = 0; row < cpu.length; row += 1) {
    if ((cpu[row] ?? 0) >= needCpu && (memory[row] ?? 0) >= needMemory) found += 1;
  }
  return found;
}
