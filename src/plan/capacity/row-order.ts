// In which order rooms are tried. Sorting thousands of rows for every question would cost more than the questions, so
// rows are ordered by bucket: rows whose looseness differs by less than a thousandth count as equal.

const BUCKETS = 1024;

interface Sizes {
  readonly cpu: Int32Array;
  readonly memory: Int32Array;
}

/** How much is free on each row, cpu and memory weighed by what the shapes need of each on the whole. */
export function looseness(free: Sizes, need: Sizes): Float64Array {
  const cpu = 1 / Math.max(1, sum(need.cpu));
  const memory = 1 / Math.max(1, sum(need.memory));
  const values = new Float64Array(free.cpu.length);
  for (let row = 0; row < values.length; row += 1) {
    values[row] = (free.cpu[row] ?? 0) * cpu + (free.memory[row] ?? 0) * memory;
  }
  return values;
}

/** The numbers from 0 to `count` − 1. */
export function everyRow(count: number): Uint32Array {
  const rows = new Uint32Array(count);
  for (let row = 0; row < count; row += 1) rows[row] = row;
  return rows;
}

/**
 * Rows by ascending value; rows of one bucket in the order they are in.
 * @param rows only these
 */
export function rowOrder(values: Float64Array, rows: Uint32Array): Uint32Array {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < rows.length; at += 1) {
    const value = values[rows[at] ?? 0] ?? 0;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const scale = most > least ? (BUCKETS - 1) / (most - least) : 0;
  const bucketOf = (row: number) => Math.floor(((values[row] ?? 0) - least) * scale);
  const starts = new Uint32Array(BUCKETS + 1);
  for (let at = 0; at < rows.length; at += 1) {
    const after = bucketOf(rows[at] ?? 0) + 1;
    starts[after] = (starts[after] ?? 0) + 1;
  }
  for (let bucket = 1; bucket <= BUCKETS; bucket += 1) {
    starts[bucket] = (starts[bucket] ?? 0) + (starts[bucket - 1] ?? 0);
  }
  const order = new Uint32Array(rows.length);
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at] ?? 0;
    const bucket = bucketOf(row);
    const place = starts[bucket] ?? 0;
    order[place] = row;
    starts[bucket] = place + 1;
  }
  return order;
}

function sum(values: Int32Array): number {
  let total = 0;
  for (let at = 0; at < values.length; at += 1) total += values[at] ?? 0;
  return total;
}
