// The one kernel: does this demand fit into these rooms, and what does not? Greedy, hardest shapes first, tightest rooms
// first: the exact question is NP-hard (vector bin packing), and a wrong "no" only buys a little too much, while "yes" is
// a proof. Where the greedy answer is "no" and there are few rooms, more orders are tried.
import { copyOf, type Free, fitOn, type Table, take } from './table.ts';

/** So many tasks of each column. */
export type Counts = Int32Array;

/** Tasks of one column that moved to one row, three numbers each: column, row, count. */
export type Moves = number[];

/** A way to place a demand. */
export interface Packing {
  readonly free: Free;
  /** What found no place. */
  readonly unplaced: Counts;
  readonly unplacedTasks: number;
  readonly moves: Moves;
}

/**
 * Up to this many rooms a "no" is worth a second look: with more of them one hole more or less hardly matters, and the
 * time would.
 */
const FEW_ROWS = 128;

/** Places the demand as well as we can. Changes nothing it is given. */
export function pack(table: Table, free: Free, counts: Counts): Packing {
  const first = packOnce(table, free, counts, table.columnOrder);
  if (first.unplacedTasks === 0 || table.rows > FEW_ROWS) return first;
  let best = first;
  for (const order of otherOrders(table)) {
    const next = packTightest(table, free, counts, order);
    if (next.unplacedTasks < best.unplacedTasks) best = next;
    if (best.unplacedTasks === 0) break;
  }
  return best;
}

/** Rows in the table's own order, each filled as far as it goes. */
function packOnce(table: Table, from: Free, counts: Counts, order: Uint16Array): Packing {
  const free = copyOf(from);
  const unplaced = counts.slice();
  const moves: Moves = [];
  const rows = rowsWithRoom(table, free, counts);
  const { cpu: freeCpu, memory: freeMemory } = free;
  for (const column of order) {
    let left = unplaced[column] ?? 0;
    const cpu = table.need.cpu[column] ?? 0;
    const memory = table.need.memory[column] ?? 0;
    for (let at = 0; left > 0 && at < rows.length; at += 1) {
      const row = rows[at] ?? 0;
      // Nearly every row that has no place fails here, so it is worth not asking further.
      if ((freeCpu[row] ?? -1) < cpu || (freeMemory[row] ?? 0) < memory) continue;
      const fit = fitOn(table, free, row, column);
      if (fit === 0) continue;
      const count = Math.min(fit, left);
      take(table, free, row, column, count);
      moves.push(column, row, count);
      left -= count;
    }
    unplaced[column] = left;
  }
  return { free, unplaced, unplacedTasks: total(unplaced), moves };
}

/** The row that is tightest at that very moment takes each lot: slower, and sometimes right where the other is not. */
function packTightest(table: Table, from: Free, counts: Counts, order: Uint16Array): Packing {
  const free = copyOf(from);
  const unplaced = counts.slice();
  const moves: Moves = [];
  const size = sizer(table, counts);
  for (const column of order) {
    for (let left = unplaced[column] ?? 0; left > 0; ) {
      const row = tightestRow(table, free, column, size);
      if (row === null) break;
      // With each task it only becomes tighter, so it stays the one until it is full.
      const count = Math.min(left, fitOn(table, free, row, column));
      take(table, free, row, column, count);
      moves.push(column, row, count);
      left -= count;
      unplaced[column] = left;
    }
  }
  return { free, unplaced, unplacedTasks: total(unplaced), moves };
}

type Size = (cpu: number, memory: number) => number;

function tightestRow(table: Table, free: Free, column: number, size: Size): number | null {
  let best: number | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (let row = 0; row < table.rows; row += 1) {
    const looseness = size(free.cpu[row] ?? 0, free.memory[row] ?? 0);
    // What is no tighter, or does not fit, is out; the cheaper question first.
    if (looseness >= least || fitOn(table, free, row, column) === 0) continue;
    least = looseness;
    best = row;
  }
  return best;
}

/** Rows on which at least the least of the demand could stand, tightest first. */
function rowsWithRoom(table: Table, free: Free, counts: Counts): Uint32Array {
  let cpu = Number.MAX_SAFE_INTEGER;
  let memory = Number.MAX_SAFE_INTEGER;
  counts.forEach((count, column) => {
    if (count === 0) return;
    cpu = Math.min(cpu, table.need.cpu[column] ?? 0);
    memory = Math.min(memory, table.need.memory[column] ?? 0);
  });
  const { rowOrder } = table;
  const rows = new Uint32Array(rowOrder.length);
  let found = 0;
  for (let at = 0; at < rowOrder.length; at += 1) {
    const row = rowOrder[at] ?? 0;
    if ((free.cpu[row] ?? -1) < cpu || (free.memory[row] ?? 0) < memory) continue;
    rows[found] = row;
    found += 1;
  }
  return rows.subarray(0, found);
}

/** The table's own order, then the shapes by cpu, by memory and by both, whatever their constraints. */
function otherOrders(table: Table): Uint16Array[] {
  const { cpu, memory } = table.need;
  const by = (of: (column: number) => number) => table.columnOrder.slice().sort((a, b) => of(b) - of(a) || a - b);
  const most = (sizes: Int32Array) => sizes.reduce((max, size) => Math.max(max, size), 1);
  const [mostCpu, mostMemory] = [most(cpu), most(memory)];
  return [
    table.columnOrder,
    by((column) => cpu[column] ?? 0),
    by((column) => memory[column] ?? 0),
    by((column) => (cpu[column] ?? 0) / mostCpu + (memory[column] ?? 0) / mostMemory),
  ];
}

/** How much cpu weighs against memory: by what the demand asks of each in all. */
function sizer(table: Table, counts: Counts): Size {
  const asked = (sizes: Int32Array) =>
    Math.max(
      1,
      counts.reduce((sum, count, column) => sum + count * (sizes[column] ?? 0), 0),
    );
  const [cpuAsked, memoryAsked] = [asked(table.need.cpu), asked(table.need.memory)];
  return (cpu, memory) => cpu / cpuAsked + memory / memoryAsked;
}

export function total(counts: Counts): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
