// Rooms and shapes as arrays of numbers: the form in which thousands of instances are packed dozens of times in a few
// milliseconds, and which a worker thread is handed as it is. Rows are rooms, columns are shapes.
//
// Everything that only one task of an instance can hold (a host port, the one place of a `distinctInstance` group) is a
// claim: one bit of a row. What a row's own state forbids for one shape (an expression over `task:group`) is a bit as well,
// set from the start.
import type { TaskShape } from '../../model/task-shape.ts';
import { isExclusive, quotient, type Room } from '../room.ts';
import { groundsOf, layoutOf, rowFacts } from './row-facts.ts';
import { everyRow, looseness, rowOrder } from './row-order.ts';

/** What is free, row by row. The only part of a table that packing changes, and therefore copied before. */
export interface Free {
  /** −1 for a row that is out of the question. */
  readonly cpu: Int32Array;
  readonly memory: Int32Array;
  readonly gpus: Int32Array;
  readonly enis: Int32Array;
  /** `words` words a row. */
  readonly claims: Int32Array;
}

/** A table, but for what is counted on it. */
export type Grid = Omit<Table, 'fits'>;

export interface Table {
  readonly rows: number;
  readonly columns: number;
  /** Words of claims a row. */
  readonly words: number;
  readonly free: Free;
  /** How many tasks of each column fit on each row while it is as `free` says: `fits[row * columns + column]`. */
  readonly fits: Int32Array;
  /** What one task takes, column by column. */
  readonly need: {
    readonly cpu: Int32Array;
    readonly memory: Int32Array;
    readonly gpus: Int32Array;
    readonly enis: Int32Array;
    /** Claims that must be free, and those that are taken then; `words` words a column. */
    readonly watched: Int32Array;
    readonly taken: Int32Array;
    /** 1 where at most one task stands on a row. */
    readonly exclusive: Uint8Array;
  };
  /** The ground class of each row, and whether a column may stand on a class: `allowed[class * columns + column]`. */
  readonly classOf: Uint16Array;
  readonly allowed: Uint8Array;
  /** 1 for a column that some class does not allow. */
  readonly constrained: Uint8Array;
  /** Columns in packing order: hardest first. */
  readonly columnOrder: Uint16Array;
  /** Rows in packing order: tightest first. */
  readonly rowOrder: Uint32Array;
}

/** @param shapes distinct, in a stable order: they become the columns */
export function tableOf(rooms: readonly Room[], shapes: readonly TaskShape[]): Table {
  const layout = layoutOf(shapes);
  const { words, watched, taken } = layout.claims;
  const free = noRoom(rooms.length, words);
  const facts = rooms.map((room) => rowFacts(room, layout));
  rooms.forEach((room, row) => {
    free.cpu[row] = room.cpuUnits;
    free.memory[row] = room.memoryMiB;
    free.gpus[row] = room.gpus;
    free.enis[row] = room.eniSlots;
  });
  if (words > 0) {
    facts.forEach(({ claims }, row) => {
      free.claims.set(claims, row * words);
    });
  }
  const need = {
    cpu: Int32Array.from(shapes, ({ cpuUnits }) => cpuUnits),
    memory: Int32Array.from(shapes, ({ memoryMiB }) => memoryMiB),
    gpus: Int32Array.from(shapes, ({ gpus }) => gpus),
    enis: Int32Array.from(shapes, ({ eniSlots }) => eniSlots),
    watched,
    taken,
    exclusive: Uint8Array.from(shapes, (shape) => (isExclusive(shape) ? 1 : 0)),
  };
  const { classOf, allowed } = groundsOf(facts, layout);
  const constrained = constrainedIn(allowed, shapes.length);
  const table: Grid = {
    rows: rooms.length,
    columns: shapes.length,
    words,
    free,
    need,
    classOf,
    allowed,
    constrained,
    columnOrder: hardestFirst(shapes, constrained),
    rowOrder: rowOrder(looseness(free, need), everyRow(rooms.length)),
  };
  const fits = new Int32Array(rooms.length * shapes.length);
  facts.forEach((each, row) => {
    each.fits ??= fitsOn(table, row);
    fits.set(each.fits, row * shapes.length);
  });
  return { ...table, fits };
}

function fitsOn(table: Grid, row: number): Int32Array {
  const fits = new Int32Array(table.columns);
  for (let column = 0; column < fits.length; column += 1) {
    fits[column] = fitOn(table, table.free, row, column);
  }
  return fits;
}

function noRoom(rows: number, words: number): Free {
  const zeros = () => new Int32Array(rows);
  return { cpu: zeros(), memory: zeros(), gpus: zeros(), enis: zeros(), claims: new Int32Array(rows * words) };
}

function constrainedIn(allowed: Uint8Array, columns: number): Uint8Array {
  const constrained = new Uint8Array(columns);
  allowed.forEach((allows, at) => {
    if (allows === 0) constrained[at % columns] = 1;
  });
  return constrained;
}

export function copyOf({ cpu, memory, gpus, enis, claims }: Free): Free {
  return {
    cpu: cpu.slice(),
    memory: memory.slice(),
    gpus: gpus.slice(),
    enis: enis.slice(),
    claims: claims.slice(),
  };
}

/** Nothing fits on this row any more. */
export function close(free: Free, row: number): void {
  free.cpu[row] = -1;
}

/** How many tasks of a column fit on a row; the same answer that `countThatFit` gives for room and shape. */
export function fitOn(table: Grid, free: Free, row: number, column: number): number {
  const { need } = table;
  const cpu = need.cpu[column] ?? 0;
  const memory = need.memory[column] ?? 0;
  const freeCpu = free.cpu[row] ?? -1;
  const freeMemory = free.memory[row] ?? 0;
  if (freeCpu < cpu || freeMemory < memory) return 0;
  if (table.constrained[column] === 1 && !isAllowed(table, row, column)) return 0;
  if (table.words > 0 && isClaimed(table, free, row, column)) return 0;
  const special = specialFit(table, free, row, column);
  if (special === 0 || need.exclusive[column] === 1) return Math.min(1, special);
  return Math.min(special, quotient(freeCpu, cpu), quotient(freeMemory, memory));
}

/** How many fit by what few tasks need. */
function specialFit({ need }: Grid, free: Free, row: number, column: number): number {
  const gpus = need.gpus[column] ?? 0;
  const enis = need.enis[column] ?? 0;
  return Math.min(quotient(free.gpus[row] ?? 0, gpus), quotient(free.enis[row] ?? 0, enis));
}

/** Moves tasks in. Changes `free`. */
export function take(table: Table, free: Free, row: number, column: number, count: number): void {
  const { need, words } = table;
  free.cpu[row] = (free.cpu[row] ?? 0) - (need.cpu[column] ?? 0) * count;
  free.memory[row] = (free.memory[row] ?? 0) - (need.memory[column] ?? 0) * count;
  free.gpus[row] = (free.gpus[row] ?? 0) - (need.gpus[column] ?? 0) * count;
  free.enis[row] = (free.enis[row] ?? 0) - (need.enis[column] ?? 0) * count;
  for (let word = 0; word < words; word += 1) {
    const at = row * words + word;
    free.claims[at] = (free.claims[at] ?? 0) | (need.taken[column * words + word] ?? 0);
  }
}

function isAllowed({ allowed, classOf, columns }: Grid, row: number, column: number): boolean {
  return allowed[(classOf[row] ?? 0) * columns + column] === 1;
}

/** Whether a claim that a task of the column needs is held on the row. */
export function isClaimed({ words, need }: Grid, free: Free, row: number, column: number): boolean {
  for (let word = 0; word < words; word += 1) {
    if (((free.claims[row * words + word] ?? 0) & (need.watched[column * words + word] ?? 0)) !== 0) return true;
  }
  return false;
}

/**
 * What has least choice comes first, then what is largest: exclusive shapes and those that not every instance may host,
 * then by the greatest share of the largest need in any dimension. Columns are in a stable order, which decides ties.
 */
function hardestFirst(shapes: readonly TaskShape[], constrained: Uint8Array): Uint16Array {
  const most = (of: (shape: TaskShape) => number) => shapes.reduce((max, shape) => Math.max(max, of(shape)), 1);
  const cpu = most((shape) => shape.cpuUnits);
  const memory = most((shape) => shape.memoryMiB);
  const gpus = most((shape) => shape.gpus);
  const rank = shapes.map((shape, column) => ({
    column,
    choice: (constrained[column] === 1 ? 2 : 0) + (isExclusive(shape) ? 1 : 0),
    size: Math.max(shape.cpuUnits / cpu, shape.memoryMiB / memory, shape.gpus / gpus),
  }));
  rank.sort((a, b) => b.choice - a.choice || b.size - a.size || a.column - b.column);
  return Uint16Array.from(rank, ({ column }) => column);
}
