// The full check of losses: every pool, one after the other. It takes longer than a pass may hold up its process, so it is
// plain numbers, made to be handed to a thread of its own; what it finds the next pass looks at itself.
import { type Counts, pack } from './pack.ts';
import { close, copyOf, type Table } from './table.ts';

export interface PoolCheck {
  readonly table: Table;
  readonly pools: readonly {
    readonly name: string;
    /** Rows that are lost with it. */
    readonly rows: Uint32Array;
    /** What must find a place then. */
    readonly counts: Counts;
    /** 1 for a column that has no place elsewhere, so that nothing can be done about it. */
    readonly bound: Uint8Array;
  }[];
}

/** The pools whose loss would leave something without a place. */
export function poolsAtRisk({ table, pools }: PoolCheck): string[] {
  return pools.filter((pool) => !isSurvived(table, pool)).map(({ name }) => name);
}

function isSurvived(table: Table, { rows, counts, bound }: PoolCheck['pools'][number]): boolean {
  const free = copyOf(table.free);
  for (const row of rows) close(free, row);
  return pack(table, free, counts).unplaced.every((count, column) => count === 0 || bound[column] === 1);
}
