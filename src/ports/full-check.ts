/**
 * Work that takes longer than a pass may hold up the process that holds the lease. One piece at a time; throws `Failure`
 * `unavailable` when whoever does it has died or was closed, and can then be asked again.
 */
export interface FullCheck<Work, Answer> {
  run(work: Work): Promise<Answer>;
  /** Ends whoever does it; a piece that is under way fails. */
  close(): Promise<void>;
}
