// Which tasks have scale-in protection, asked only when a response that is voluntary wants to know. What is not known
// counts as protected: nobody is in a hurry then.
import type { TaskArn } from '../../model/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Cluster } from '../../ports/cluster.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Rng } from '../../ports/rng.ts';
import { Pace } from './pace.ts';
import { Reading } from './reading.ts';
import { MOST_REMEMBERED, Remembered } from './remembered.ts';

/**
 * A task may be protected for one job and then for the next: this is how long a pause between them may go unseen. ECS
 * answers 80 a second of these questions for a whole account, so that a thousand instances may ask at once.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/request-throttling.html
 */
const FRESH_MS = 15_000;

const CALL_LIMIT_MS = 2_000;

export interface ProtectionOptions {
  readonly openCluster: (signal: AbortSignal) => Promise<Cluster>;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
}

export class Protection {
  readonly #options: ProtectionOptions;
  readonly #reading: Reading;
  readonly #pace: Pace;
  readonly #known = new Remembered<TaskArn, boolean>(MOST_REMEMBERED);

  constructor(options: ProtectionOptions) {
    this.#options = options;
    this.#reading = new Reading(options);
    this.#pace = new Pace(options, { baseMs: 2_000, capMs: FRESH_MS });
  }

  /** Those of these service tasks that are protected, or may be. */
  async among(arns: readonly TaskArn[], signal: AbortSignal): Promise<ReadonlySet<TaskArn>> {
    const old = arns.filter((arn) => !this.#isFresh(arn));
    if (old.length > 0 && this.#pace.isDue) await this.#ask(arns, signal);
    return new Set(arns.filter((arn) => !this.#isFresh(arn) || this.#known.get(arn) === true));
  }

  async #ask(arns: readonly TaskArn[], signal: AbortSignal): Promise<void> {
    const asked = { what: 'which tasks are protected', limitMs: CALL_LIMIT_MS, signal };
    const answer = await this.#reading.of(asked, async (within) =>
      (await this.#options.openCluster(within)).protectedTasks(arns, within),
    );
    if (answer === null) return this.#pace.failed();
    this.#pace.succeeded();
    const nowMs = this.#options.clock.monotonicMs();
    for (const arn of arns) this.#known.set(arn, answer.result.has(arn), nowMs);
  }

  #isFresh(arn: TaskArn): boolean {
    return this.#known.ageMs(arn, this.#options.clock.monotonicMs()) < FRESH_MS;
  }
}
