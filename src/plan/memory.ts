/** What one pass tells the next. Losing it (a restart, a new leader) only makes the next scale-in wait again. */
export interface Memory {
  /** Since when an instance could leave without breaking any promise; epoch milliseconds, null when none could. */
  readonly surplusSince: number | null;
}

export const NO_MEMORY: Memory = { surplusSince: null };
