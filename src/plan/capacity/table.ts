// Rooms and shapes as arrays of numbers: the form in which thousands of instances are packed dozens of times in a few
// milliseconds, and which a worker thread is handed as it is. Rows are rooms, columns are shapes.
//
// Everything that only one task of an instance can hold (a host port, the one place of a `distinctInstance` group) is a
// claim: one bit of a row. What a row's own state forbids for one shape (an expression over `task:group`) is a bit as well,
// set from the start.
import type { TaskShape } from '../../model/task-shape.ts';
import { isExclusive, type Room } from '../room.ts';
import { groundClasses } from './ground-classes.ts';
import { looseness, rowOrder } from './row-order.ts';

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

export interface Table {
  readonly rows: number;
  readonly columns: number;
  /** Words of claims a row. */
  readonly words: number;
  readonly free: Free;
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
  const rows = rooms.length;
  const columns = shapes.length;
  const ground = groundClasses(rooms, shapes);
  const claims = claimsOf(rooms, shapes, ground.isBlocked);
  const free: Free = {
    cpu: Int32Array.from(rooms, ({ cpuUnits }) => cpuUnits),
    memory: Int32Array.from(rooms, ({ memoryMiB }) => memoryMiB),
    gpus: Int32Array.from(rooms, ({ gpus }) => gpus),
    enis: Int32Array.from(rooms, ({ eniSlots }) => eniSlots),
    claims: claims.held,
  };
  const need = {
    cpu: Int32Array.from(shapes, ({ cpuUnits }) => cpuUnits),
    memory: Int32Array.from(shapes, ({ memoryMiB }) => memoryMiB),
    gpus: Int32Array.from(shapes, ({ gpus }) => gpus),
    enis: Int32Array.from(shapes, ({ eniSlots }) => eniSlots),
    watched: claims.watched,
    taken: claims.taken,
    exclusive: Uint8Array.from(shapes, (shape) => (isExclusive(shape) ? 1 : 0)),
  };
  const constrained = Uint8Array.from(shapes, (_, column) =>
    ground.allowed.some((allows, at) => at % columns === column && allows === 0) ? 1 : 0,
  );
  const base = { rows, columns, words: claims.words, free, need, classOf: ground.classOf, allowed: ground.allowed };
  return {
    ...base,
    constrained,
    columnOrder: hardestFirst(shapes, constrained),
    rowOrder: rowOrder(looseness(free, need)),
  };
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
export function fitOn(table: Table, free: Free, row: number, column: number): number {
  const { need } = table;
  const cpu = need.cpu[column] ?? 0;
  const memory = need.memory[column] ?? 0;
  const gpus = need.gpus[column] ?? 0;
  const enis = need.enis[column] ?? 0;
  const freeCpu = free.cpu[row] ?? -1;
  const freeMemory = free.memory[row] ?? 0;
  if (freeCpu < cpu || freeMemory < memory) return 0;
  if ((free.gpus[row] ?? 0) < gpus || (free.enis[row] ?? 0) < enis) return 0;
  if (table.constrained[column] === 1 && !isAllowed(table, row, column)) return 0;
  if (table.words > 0 && isClaimed(table, free, row, column)) return 0;
  if (need.exclusive[column] === 1) return 1;
  let fit = Number.MAX_SAFE_INTEGER;
  if (cpu > 0) fit = Math.floor(freeCpu / cpu);
  if (memory > 0) fit = Math.min(fit, Math.floor(freeMemory / memory));
  if (gpus > 0) fit = Math.min(fit, Math.floor((free.gpus[row] ?? 0) / gpus));
  if (enis > 0) fit = Math.min(fit, Math.floor((free.enis[row] ?? 0) / enis));
  return fit;
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

function isAllowed({ allowed, classOf, columns }: Table, row: number, column: number): boolean {
  return allowed[(classOf[row] ?? 0) * columns + column] === 1;
}

function isClaimed({ words, need }: Table, free: Free, row: number, column: number): boolean {
  for (let word = 0; word < words; word += 1) {
    if (((free.claims[row * words + word] ?? 0) & (need.watched[column * words + word] ?? 0)) !== 0) return true;
  }
  return false;
}

interface Claims {
  readonly words: number;
  readonly held: Int32Array;
  readonly watched: Int32Array;
  readonly taken: Int32Array;
}

function claimsOf(
  rooms: readonly Room[],
  shapes: readonly TaskShape[],
  isBlocked: ReadonlyMap<number, Uint8Array>,
): Claims {
  const ports = [...new Set(shapes.flatMap(({ hostPorts }) => hostPorts))].sort();
  const alone = shapes.filter((shape) => isExclusive(shape) && shape.group !== null);
  const groups = [...new Set(alone.flatMap(({ group }) => group ?? []))].sort();
  const blocked = [...isBlocked.keys()];
  const words = Math.ceil((ports.length + groups.length + blocked.length) / 32);
  const held = new Int32Array(rooms.length * words);
  const watched = new Int32Array(shapes.length * words);
  const taken = new Int32Array(shapes.length * words);
  const set = (bits: Int32Array, at: number, bit: number) => {
    const word = at * words + (bit >> 5);
    bits[word] = (bits[word] ?? 0) | (1 << (bit & 31));
  };
  const portBits = new Map(ports.map((port, bit) => [port, bit]));
  const groupBits = new Map(groups.map((group, at) => [group, ports.length + at]));
  shapes.forEach((shape, column) => {
    for (const port of shape.hostPorts) set(taken, column, portBits.get(port) ?? 0);
    const group = isExclusive(shape) && shape.group !== null ? groupBits.get(shape.group) : undefined;
    if (group !== undefined) set(taken, column, group);
  });
  watched.set(taken);
  blocked.forEach((column, at) => set(watched, column, ports.length + groups.length + at));
  if (words > 0) {
    rooms.forEach((room, row) => {
      for (const port of room.takenPorts) {
        const bit = portBits.get(port);
        if (bit !== undefined) set(held, row, bit);
      }
      for (const [group, bit] of groupBits) if (room.groups.has(group)) set(held, row, bit);
      blocked.forEach((column, at) => {
        if (isBlocked.get(column)?.[row] === 1) set(held, row, ports.length + groups.length + at);
      });
    });
  }
  return { words, held, watched, taken };
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
