// How many empty instances of one type hold a demand.
import type { Counts } from './pack.ts';
import { type Free, fitOn, type Table, take } from './table.ts';

/**
 * The least number found; null when one of the tasks does not fit even an empty instance.
 * @param table one row a type, each empty
 */
export function instancesToHold(table: Table, row: number, counts: Counts): number | null {
  const wanted = table.columnOrder.filter((column) => (counts[column] ?? 0) > 0);
  if (wanted.some((column) => fitOn(table, table.free, row, column) === 0)) return null;
  const one = alone(table, row);
  return orders(table, wanted).reduce((least, order) => Math.min(least, filled(one, counts, order)), Infinity);
}

/** Fills one instance after the other, hardest tasks first. Equal instances are filled alike, and counted at once. */
function filled(one: Table, counts: Counts, order: Uint16Array): number {
  const left = counts.slice();
  const load = new Int32Array(order.length);
  const scratch = emptied(one);
  let instances = 0;
  for (let missing = sum(left); missing > 0; ) {
    empty(one.free, scratch);
    let alike = Number.MAX_SAFE_INTEGER;
    for (let at = 0; at < order.length; at += 1) {
      const column = order[at] ?? 0;
      const wanted = left[column] ?? 0;
      const count = wanted === 0 ? 0 : Math.min(wanted, fitOn(one, scratch, 0, column));
      load[at] = count;
      if (count === 0) continue;
      take(one, scratch, 0, column, count);
      alike = Math.min(alike, Math.floor(wanted / count));
    }
    for (let at = 0; at < order.length; at += 1) {
      const moved = (load[at] ?? 0) * alike;
      const column = order[at] ?? 0;
      left[column] = (left[column] ?? 0) - moved;
      missing -= moved;
    }
    instances += alike;
  }
  return instances;
}

/** A table of this one row. */
function alone(table: Table, row: number): Table {
  const { free, words } = table;
  const one: Free = {
    cpu: free.cpu.slice(row, row + 1),
    memory: free.memory.slice(row, row + 1),
    gpus: free.gpus.slice(row, row + 1),
    enis: free.enis.slice(row, row + 1),
    claims: free.claims.slice(row * words, (row + 1) * words),
  };
  return { ...table, rows: 1, free: one, classOf: table.classOf.slice(row, row + 1) };
}

function emptied({ words }: Table): Free {
  const one = () => new Int32Array(1);
  return { cpu: one(), memory: one(), gpus: one(), enis: one(), claims: new Int32Array(words) };
}

function empty(from: Free, into: Free): void {
  into.cpu.set(from.cpu);
  into.memory.set(from.memory);
  into.gpus.set(from.gpus);
  into.enis.set(from.enis);
  into.claims.set(from.claims);
}

function orders({ need: { cpu, memory } }: Table, wanted: Uint16Array): Uint16Array[] {
  const by = (of: (column: number) => number) => wanted.slice().sort((a, b) => of(b) - of(a) || a - b);
  return [wanted, by((column) => cpu[column] ?? 0), by((column) => memory[column] ?? 0)];
}

function sum(counts: Counts): number {
  return counts.reduce((total, count) => total + count, 0);
}
