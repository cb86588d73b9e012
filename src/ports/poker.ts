/** How a controller is asked to look. */
export interface Poker {
  /**
   * Sends `POST /look` to a controller at `http://host:port` and resolves with the status of its answer. Failures:
   * `timed-out` when the signal aborts, `unavailable` without an answer.
   */
  poke(address: string, signal: AbortSignal): Promise<number>;
}
