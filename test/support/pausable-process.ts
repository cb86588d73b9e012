// A process as its host sees it: it can be stopped at any line, and goes on from there later, or never. What is on its way
// over the network goes on without it.
import type { Clock } from '../../src/ports/clock.ts';

export class PausableProcess {
  readonly clock: Clock;
  #isStopped = false;
  readonly #waiting: (() => void)[] = [];

  constructor(clock: Clock) {
    this.clock = {
      now: () => clock.now(),
      monotonicMs: () => clock.monotonicMs(),
      sleep: async (durationMs, signal) => {
        await clock.sleep(durationMs, signal);
        await this.running();
      },
    };
  }

  /** SIGSTOP. Without `wake` it is a SIGKILL. */
  stop(): void {
    this.#isStopped = true;
  }

  /** SIGCONT. */
  wake(): void {
    this.#isStopped = false;
    for (const resume of this.#waiting.splice(0)) resume();
  }

  /** Resolves as soon as the process runs: whatever comes from outside is seen only then. */
  async running(): Promise<void> {
    while (this.#isStopped) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }
}
