// When passes run: on a cron schedule, and soon after a poke. Never two at once. It is the only user of node-cron, and it
// retries nothing: the next run is the retry.
import { createTask, validateDetailed } from 'node-cron';
import { Failure } from '../ports/failure.ts';

export interface Ticker {
  /** Runs as soon as the present run, if any, is over. Any number of pokes before that make one run. */
  poke(): void;
  /** No run starts any more; resolves when the present one is over. */
  stop(): Promise<void>;
  /** Resolves after `stop`; rejects with the first error a run lets out, after which nothing runs any more. */
  readonly ended: Promise<void>;
}

/**
 * @param schedule cron with an optional field for seconds in front, in the host's time zone
 * @throws Failure `bad-configuration` when the schedule cannot be read
 */
export function startTicker(schedule: string, run: () => Promise<void>): Ticker {
  assertSchedule(schedule);
  const runner = new Runner(run, () => task.destroy());
  const task = createTask(schedule, () => runner.tick(), { suppressMissedWarning: true });
  // The process could not run when it was due (stopped, starved of cpu): late is better than skipped.
  task.on('execution:missed', () => runner.poke());
  task.start();
  return runner;
}

/** @throws Failure `bad-configuration`, naming each field that cannot be read */
export function assertSchedule(schedule: string): void {
  const { valid, errors } = validateDetailed(schedule);
  if (valid) return;
  const reasons = errors.map(({ message }) => message).join('; ');
  throw new Failure('bad-configuration', `reading the schedule "${schedule}": ${reasons}`);
}

class Runner implements Ticker {
  readonly ended: Promise<void>;
  readonly #run: () => Promise<void>;
  readonly #onEnd: () => void;
  #present: Promise<void> | null = null;
  #isPoked = false;
  #isStopped = false;
  #resolveEnded: () => void = () => {};
  #rejectEnded: (error: unknown) => void = () => {};

  constructor(run: () => Promise<void>, onEnd: () => void) {
    this.#run = run;
    this.#onEnd = onEnd;
    this.ended = new Promise((resolve, reject) => {
      this.#resolveEnded = resolve;
      this.#rejectEnded = reject;
    });
  }

  /** A run is due. One that is still going on makes this one needless. */
  tick(): void {
    if (this.#present === null) this.poke();
  }

  poke(): void {
    this.#isPoked = true;
    if (this.#isStopped || this.#present !== null) return;
    this.#present = this.#runWhilePoked();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#onEnd();
    await this.#present;
    this.#resolveEnded();
  }

  async #runWhilePoked(): Promise<void> {
    try {
      while (this.#isPoked && !this.#isStopped) {
        this.#isPoked = false;
        await this.#run();
      }
    } catch (error) {
      this.#isStopped = true;
      this.#onEnd();
      this.#rejectEnded(error);
    } finally {
      this.#present = null;
    }
  }
}
