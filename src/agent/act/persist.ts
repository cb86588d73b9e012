// Tries one thing until it works or its time is over. The agent's only answer to a world that fails: said once when it
// starts failing, when the reason changes and when it lasts, never fatal. An error that is not the world's is a bug and flies.
import type { Clock } from '../../ports/clock.ts';
import { Failure } from '../../ports/failure.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Rng } from '../../ports/rng.ts';
import { withinTime } from '../../ports/time-limit.ts';
import { type Backoff, backoffDelayMs } from '../../runtime/backoff.ts';

/**
 * The first retry follows at once, as most failures are gone by then. The cap keeps a fleet that was noticed together from
 * leaving unused what ECS gives (40 writes a second after a burst of 100): with a mean pause of 1 s even the last few dozen
 * ask often enough. A call that ECS throttles takes nothing from the others.
 */
const BACKOFF: Backoff = { baseMs: 100, capMs: 2_000 };

/** By then some six attempts have failed, and of an interruption notice's two minutes a twelfth is over. */
const LASTING_MS = 10_000;

export interface Persistence {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
}

export interface Endeavour {
  /** For the log: "setting this container instance DRAINING". */
  readonly doing: string;
  /** No attempt starts after this instant (epoch milliseconds), but there is always a first. */
  readonly untilAt: number;
  /** Bound on one attempt. */
  readonly limitMs: number;
  /** After an attempt that ECS throttled, in place of the usual: for what can wait until others had their turn. */
  readonly whenThrottled?: Backoff;
}

/** The result and the number of attempts it took; null when the time was over or the signal aborted. */
export async function persist<Result>(
  persistence: Persistence,
  { doing, untilAt, limitMs, whenThrottled = BACKOFF }: Endeavour,
  signal: AbortSignal,
  attempt: (signal: AbortSignal) => Promise<Result>,
): Promise<{ readonly result: Result; readonly attempts: number } | null> {
  const { clock, rng } = persistence;
  const tell = failureTeller(persistence, doing);
  let backoff = BACKOFF;
  for (let attempts = 1; !signal.aborted; attempts += 1) {
    try {
      const result = await withinTime({ clock, limitMs, signal }, attempt);
      return { result, attempts };
    } catch (err) {
      if (!(err instanceof Failure) || err.kind === 'bug') throw err;
      if (signal.aborted) return null;
      tell(err, attempts);
      backoff = err.code === 'throttled' ? whenThrottled : BACKOFF;
    }
    // However long it can wait, it is not put off for good.
    const longestMs = backoff === BACKOFF ? BACKOFF.capMs : Math.max(BACKOFF.capMs, (untilAt - clock.now()) / 2);
    const pauseMs = Math.min(backoffDelayMs(attempts - 1, backoff, rng), longestMs);
    // What comes next may not wait for a retry that is not to be.
    if (clock.now() + pauseMs >= untilAt) break;
    await clock.sleep(pauseMs, signal);
  }
  return null;
}

function failureTeller({ clock, logger }: Persistence, doing: string) {
  const sinceMs = clock.monotonicMs();
  let lastCode: string | null = null;
  let isToldToLast = false;
  return (err: Failure, attempts: number): void => {
    if (err.code !== lastCode) logger.warn({ doing, err, attempts }, 'a call failed and will be tried again');
    lastCode = err.code;
    if (isToldToLast || clock.monotonicMs() - sinceMs < LASTING_MS) return;
    isToldToLast = true;
    logger.error({ doing, err, attempts }, 'a call still fails: what it is for is not done, and it is tried again');
  };
}
