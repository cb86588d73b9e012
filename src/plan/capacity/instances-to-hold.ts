// How many empty instances of one type hold a demand.
import type { Counts } from './pack.ts';
import { fitOn, type Table, take } from './table.ts';

/**
 * The least number found; null when one of the tasks does not fit even an empty instance.
 * @param table one row a type, each empty
 */
export function instancesToHold(table: Table, row: number, counts: Counts): number | null {
  if (counts.some((count, column) => count > 0 && fitOn(table, table.free, row, column) === 0)) return null;
  return orders(table).reduce((least, order) => Math.min(least, filled(table, row, counts, order)), Infinity);
}

/** Fills one instance after the other, hardest tasks first. Equal instances are filled alike, and counted at once. */
function filled(table: Table, row: number, counts: Counts, order: Uint16Array): number {
  const left = counts.slice();
  let instances = 0;
  while (left.some((count) => count > 0)) {
    const load = loadOf(table, row, left, order);
    let alike = Number.POSITIVE_INFINITY;
    load.forEach((count, column) => {
      if (count > 0) alike = Math.min(alike, Math.floor((left[column] ?? 0) / count));
    });
    load.forEach((count, column) => {
      left[column] = (left[column] ?? 0) - count * alike;
    });
    instances += alike;
  }
  return instances;
}

/** What one empty instance takes of the rest. */
function loadOf(table: Table, row: number, left: Counts, order: Uint16Array): Counts {
  const { free } = table;
  const from = row * table.words;
  const one = {
    cpu: free.cpu.slice(row, row + 1),
    memory: free.memory.slice(row, row + 1),
    gpus: free.gpus.slice(row, row + 1),
    enis: free.enis.slice(row, row + 1),
    claims: free.claims.slice(from, from + table.words),
  };
  const alone: Table = { ...table, rows: 1, free: one, classOf: table.classOf.slice(row, row + 1) };
  const load = new Int32Array(table.columns);
  for (const column of order) {
    const count = Math.min(left[column] ?? 0, fitOn(alone, one, 0, column));
    if (count === 0) continue;
    take(alone, one, 0, column, count);
    load[column] = count;
  }
  return load;
}

function orders(table: Table): Uint16Array[] {
  const { cpu, memory } = table.need;
  const by = (of: (column: number) => number) => table.columnOrder.slice().sort((a, b) => of(b) - of(a) || a - b);
  return [table.columnOrder, by((column) => cpu[column] ?? 0), by((column) => memory[column] ?? 0)];
}
