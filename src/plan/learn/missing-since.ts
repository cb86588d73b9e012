// How long tasks of a service have been missing. (contract; to be completed)
/** In every look from then on at least this many tasks had no place. */
export interface MissingSince {
  readonly count: number;
  /** Epoch milliseconds. */
  readonly since: number;
}
