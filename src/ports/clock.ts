/** Time as an argument. Production and sandbox pass the machine's clock, the simulator a virtual one. */
export interface Clock {
  /** Wall clock, epoch milliseconds. May step; compare only with instants that came from AWS. */
  now(): number;
  /**
   * Milliseconds from an arbitrary start, the same for every process of one boot, that never step back. The only clock a
   * lease is judged by.
   */
  monotonicMs(): number;
  /** Resolves after the duration, or at once when the signal aborts; it never rejects. */
  sleep(durationMs: number, signal?: AbortSignal): Promise<void>;
}
