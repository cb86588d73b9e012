import type { InstanceId } from '../model/ids.ts';

/** What one pass tells the next. Losing it (a restart, a new leader) only makes us patient again. */
export interface Memory {
  /** Since when an instance could leave without breaking any promise; epoch milliseconds, null when none could. */
  readonly surplusSince: number | null;
  /** Since when each disconnected container instance has been seen so; epoch milliseconds. */
  readonly disconnectedSince: Readonly<Record<InstanceId, number>>;
}

export const NO_MEMORY: Memory = { surplusSince: null, disconnectedSince: {} };
