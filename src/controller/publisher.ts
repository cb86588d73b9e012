// Publishes what a pass found, now and then. It is a courtesy: what fails is told, and nothing waits for it for long.
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { MetricsSink } from '../ports/metrics.ts';
import { withinTime } from '../ports/time-limit.ts';
import { figuresOf } from './figures.ts';
import type { PassResult } from './pass.ts';

/** It may not hold up the next pass. */
const LIMIT_MS = 5_000;

export interface Publishing {
  readonly fleet: string;
  readonly periodMs: number;
  /** Whether single instances have figures of their own. */
  readonly isByInstance: boolean;
}

export class Publisher {
  readonly #options: { readonly metrics: MetricsSink; readonly clock: Clock; readonly logger: Logger };
  #publishedAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: { readonly metrics: MetricsSink; readonly clock: Clock; readonly logger: Logger }) {
    this.#options = options;
  }

  /** Resolves when it is published, not due, or given up; it never rejects. */
  async publish({ report, placementFailures }: PassResult, asked: Publishing, signal: AbortSignal): Promise<void> {
    const { metrics, clock, logger } = this.#options;
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#publishedAtMs < asked.periodMs || report.target.reason === 'blind') return;
    this.#publishedAtMs = nowMs;
    const { fleet, isByInstance } = asked;
    const figures = figuresOf(report, { fleet, placementFailures, isByInstance });
    try {
      await withinTime({ clock, limitMs: LIMIT_MS, signal }, (within) => metrics.publish(figures, within));
    } catch (err) {
      if (!signal.aborted)
        logger.warn({ err }, 'metrics could not be published; the next batch carries the present values');
    }
  }
}
