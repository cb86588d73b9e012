// Tells the controllers that there is something to see. It carries no facts, as they stand in ECS by then; whoever is told
// looks for himself. It is nobody's duty to be there: what fails is tried again for a few seconds, and then the leader finds
// it without us.
import type { Clock } from '../../ports/clock.ts';
import { Failure } from '../../ports/failure.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Poker } from '../../ports/poker.ts';
import type { Rng } from '../../ports/rng.ts';
import { withinTime } from '../../ports/time-limit.ts';
import { type Backoff, backoffDelayMs } from '../../runtime/backoff.ts';

export interface ControllersOptions {
  /** `http://host:port`, all of them. */
  readonly addresses: readonly string[];
  readonly poker: Poker;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
}

/** They answer in a millisecond, in the same region. */
const ATTEMPT_MS = 1_000;

/** As long as a standby may take to lead; later the leader has looked by himself. */
const ROUNDS = 4;
const BACKOFF: Backoff = { baseMs: 1_000, capMs: 4_000 };

/** What the leader answers. */
const TAKEN = 202;

/** Resolves when the leader has been told or it is given up; it never rejects for what the world does. */
export async function tellControllers(options: ControllersOptions, signal: AbortSignal): Promise<void> {
  const { addresses, clock, rng, logger } = options;
  if (addresses.length === 0) return;
  for (let round = 0; ; round += 1) {
    const statuses = await Promise.all(addresses.map((address) => statusOf(address, options, signal)));
    if (statuses.includes(TAKEN)) return logger.info({ round }, 'the leading controller is told to look');
    if (signal.aborted) return;
    if (round + 1 === ROUNDS) {
      const answers = Object.fromEntries(addresses.map((address, index) => [address, statuses[index]]));
      return logger.info({ answers }, 'no controller has let itself be told to look; the leader finds it by itself');
    }
    await clock.sleep(backoffDelayMs(round, BACKOFF, rng), signal);
  }
}

/** null without an answer. */
async function statusOf(address: string, options: ControllersOptions, signal: AbortSignal): Promise<number | null> {
  const { poker, clock, logger } = options;
  try {
    return await withinTime({ clock, limitMs: ATTEMPT_MS, signal }, (within) => poker.poke(address, within));
  } catch (err) {
    if (!(err instanceof Failure)) throw err;
    logger.debug({ err }, 'a controller does not answer');
    return null;
  }
}
