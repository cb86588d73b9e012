// Says in the log what somebody on call must know of: a pool that is being taken back, and launches that come to nothing.
// When it starts and when it ends, never at every pass.
import { formatInstant } from '../model/instant.ts';
import type { PlanReport } from '../plan/report.ts';
import type { Logger } from '../ports/logger.ts';

export class AlarmLog {
  readonly #logger: Logger;
  #pools: readonly string[] = [];
  #isStopped = false;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** @param report of a pass that saw enough to say; a blind one ends nothing */
  note({ storms, launches, target }: Pick<PlanReport, 'storms' | 'launches' | 'target'>): void {
    if (target.reason === 'blind') return;
    const pools = storms.map(({ pool }) => pool);
    for (const { pool, notices } of storms) {
      if (this.#pools.includes(pool)) continue;
      this.#logger.warn({ pool, notices }, 'a pool is being taken back: all of it counts as lost, and nobody retires');
    }
    for (const pool of this.#pools) {
      if (!pools.includes(pool)) this.#logger.warn({ pool }, 'a pool is no longer being taken back');
    }
    this.#pools = pools;
    const isStopped = launches.stoppedSince !== null;
    if (isStopped && !this.#isStopped) {
      this.#logger.error(
        { failed: launches.failed, nextTry: instant(launches.nextTryAt) },
        'what is launched never joins the cluster: nothing more is asked for but one instance now and then',
      );
    }
    if (!isStopped && this.#isStopped) this.#logger.warn({}, 'launches join the cluster again');
    this.#isStopped = isStopped;
  }
}

function instant(at: number | null): string | null {
  return at === null ? null : formatInstant(at);
}
