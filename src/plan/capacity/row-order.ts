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
  return Float64Array.from(free.cpu, (units, row) => units * cpu + (free.memory[row] ?? 0) * memory);
}

/**
 * Rows by ascending value; rows of one bucket in the order they are in.
 * @param among only these rows; all of them by default
 */
export function rowOrder(values: Float64Array, among?: Uint32Array): Uint32Array {
  const rows = among ?? Uint32Array.from(values, (_, row) => row);
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    const value = values[row] ?? 0;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  const scale = most > least ? (BUCKETS - 1) / (most - least) : 0;
  const starts = new Uint32Array(BUCKETS + 1);
  const bucketOf = (row: number) => Math.floor(((values[row] ?? 0) - least) * scale);
  for (const row of rows) {
    const after = bucketOf(row) + 1;
    starts[after] = (starts[after] ?? 0) + 1;
  }
  for (let bucket = 1; bucket <= BUCKETS; bucket += 1) {
    starts[bucket] = (starts[bucket] ?? 0) + (starts[bucket - 1] ?? 0);
  }
  const order = new Uint32Array(rows.length);
  for (const row of rows) {
    const bucket = bucketOf(row);
    const at = starts[bucket] ?? 0;
    order[at] = row;
    starts[bucket] = at + 1;
  }
  return order;
}

function sum(values: Int32Array): number {
  return values.reduce((total, value) => total + value, 0);
}
