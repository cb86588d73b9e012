// The first two steps of a response: this container instance DRAINING, then the attribute that tells the controller why.
// Both are absolute, so doing them again after a restart changes nothing.
import { ATTRIBUTE, formatNotice } from '../model/attributes.ts';
import type { InterruptionNotice } from '../ports/metadata.ts';
import { persist } from './act/persist.ts';
import { givesUpAt, ourselves, type Responding, type Self, WRITE_LIMIT_MS } from './responding.ts';

/** Resolves when both are done, the time is over or the signal aborts. `onDraining` tells that ECS took the first. */
export async function drainSelf(
  responding: Responding,
  notice: InterruptionNotice,
  signal: AbortSignal,
  onDraining: () => void,
): Promise<void> {
  // A notice may come before the ECS agent has registered; it is acted on as soon as there is something to drain.
  if ((await responding.whoAmI.untilKnown(signal)) === null) return;
  const isDraining = await write(responding, notice, signal, {
    doing: 'setting this container instance DRAINING',
    done: 'this container instance is DRAINING',
    attempt: ({ cluster, arn }, within) => cluster.drain(arn, within),
  });
  if (isDraining) onDraining();
  // Also after a failure: the attribute alone still keeps the controller from counting on this instance.
  const value = formatNotice({ kind: 'interruption', deadlineAt: notice.deadlineAt });
  await write(responding, notice, signal, {
    doing: `writing the attribute ${ATTRIBUTE.notice}`,
    done: 'the notice is written on this container instance',
    attempt: ({ cluster, arn }, within) => cluster.setAttribute(arn, ATTRIBUTE.notice, value, within),
  });
}

interface Write {
  readonly doing: string;
  readonly done: string;
  readonly attempt: (self: Self, signal: AbortSignal) => Promise<void>;
}

async function write(
  responding: Responding,
  notice: InterruptionNotice,
  signal: AbortSignal,
  { doing, done, attempt }: Write,
): Promise<boolean> {
  const { clock, logger } = responding;
  const startedAtMs = clock.monotonicMs();
  const endeavour = { doing, untilAt: givesUpAt(notice, clock.now()), limitMs: WRITE_LIMIT_MS };
  const written = await persist(responding, endeavour, signal, async (within) =>
    attempt(await ourselves(responding, within), within),
  );
  if (written === null) {
    if (!signal.aborted) logger.error({ doing }, 'given up: the time of the notice is over');
    return false;
  }
  logger.info({ attempts: written.attempts, tookMs: Math.round(clock.monotonicMs() - startedAtMs) }, done);
  return true;
}
