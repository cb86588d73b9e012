// The agent's life: it learns who it is, watches for notices and responds once to each. It keeps nothing on disk: after a
// restart the notice is still there, and every step of a response may be taken twice.
import type { Clock } from '../ports/clock.ts';
import type { Cluster } from '../ports/cluster.ts';
import { Failure } from '../ports/failure.ts';
import type { Logger } from '../ports/logger.ts';
import type { EcsAgentIntrospection, InstanceMetadata, InterruptionNotice } from '../ports/metadata.ts';
import type { Rng } from '../ports/rng.ts';
import { withinTime } from '../ports/time-limit.ts';
import { together } from '../runtime/together.ts';
import { drainSelf } from './drain-self.ts';
import { Latest } from './latest.ts';
import type { Responding } from './responding.ts';
import { stopInTime } from './stop-in-time.ts';
import { watchForNotices } from './watch.ts';
import { WhoAmI } from './who-am-i.ts';

export interface AgentOptions {
  readonly metadata: InstanceMetadata;
  readonly introspection: EcsAgentIntrospection;
  /** The named cluster's API. Called for every use, so it should remember; throws Failure. */
  readonly openCluster: (name: string) => Promise<Cluster>;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
  readonly pollMs: number;
  /** Kept between the end of a task's stop timeout and the deadline. */
  readonly stopMarginMs: number;
  readonly startGraceMs?: number;
  /** Once, when the watch runs. */
  readonly onWatching: () => void;
  /** After every poll. */
  readonly onPoll: () => void;
}

// A rehearsal that takes longer than this says that a notice would have a hard time, too.
const REHEARSAL_LIMIT_MS = 10_000;

/**
 * Runs until the signal aborts, then ends at once: what is in flight is given up, as the next start takes it up again.
 * @throws Failure `not-on-ec2` when nothing answers like an instance's metadata service from the start
 */
export async function runAgentService(options: AgentOptions, signal: AbortSignal): Promise<void> {
  const whoAmI = new WhoAmI(options);
  const notices = new Latest<InterruptionNotice>();
  const responding: Responding = { ...options, whoAmI, marginMs: options.stopMarginMs };
  const watch = { ...options, onNotice: (notice: InterruptionNotice) => notices.put(notice) };
  await together(signal, [
    (life) => watchForNotices(watch, life),
    (life) => respondToEach(responding, notices, life),
    (life) => rehearse(responding, life),
  ]);
}

/** A newer notice (another action or time) ends the response to the one before: its steps hold the newer deadline. */
async function respondToEach(responding: Responding, notices: Latest<InterruptionNotice>, signal: AbortSignal) {
  let notice = await notices.next(signal);
  while (notice !== null) {
    const superseded = new AbortController();
    const following = notices.next(signal).then((next) => {
      superseded.abort();
      return next;
    });
    await respondTo(responding, notice, AbortSignal.any([signal, superseded.signal]));
    notice = await following;
  }
}

async function respondTo(responding: Responding, notice: InterruptionNotice, signal: AbortSignal): Promise<void> {
  const { clock, logger } = responding;
  const { action, deadlineAt } = notice;
  const leftSeconds = Math.round((deadlineAt - clock.now()) / 1_000);
  logger.info({ action, deadline: new Date(deadlineAt).toISOString(), leftSeconds }, 'interruption notice');
  const draining = new AbortController();
  await together(signal, [
    (either) => drainSelf(responding, notice, either, () => draining.abort()),
    (either) => stopInTime(responding, notice, draining.signal, either),
  ]);
  if (!signal.aborted) logger.info({}, 'everything that could be done about the notice is done');
}

/**
 * Looks ourselves up in ECS once, long before a notice: the code is loaded, the credentials are at hand, and an operator
 * hears of a missing permission now. It changes nothing and is never fatal.
 */
async function rehearse({ whoAmI, openCluster, clock, logger }: Responding, signal: AbortSignal): Promise<void> {
  const identity = await whoAmI.untilRegistered(signal);
  if (identity === null) return;
  try {
    const self = await withinTime({ clock, limitMs: REHEARSAL_LIMIT_MS, signal }, async (within) => {
      const cluster = await openCluster(identity.cluster);
      return cluster.containerInstance(identity.containerInstanceArn, within);
    });
    logger.info({ status: self?.status ?? 'unknown to ECS' }, 'ECS answers');
  } catch (err) {
    if (!(err instanceof Failure)) throw err;
    if (signal.aborted) return;
    logger.error({ err }, 'ECS does not answer us: as things are, a notice could not be acted on');
  }
}
