// Does one step. It decides nothing: which steps there are, and when, is `respond`'s.
import type { Logger } from '../../ports/logger.ts';
import type { Cause } from '../respond/cause.ts';
import type { Moment, Step, StopStep } from '../respond/steps.ts';
import type { SignalKind } from '../signals/signal.ts';
import type { Marks } from './marks.ts';
import { persist } from './persist.ts';
import { type Acting, ourselves, WRITE_LIMIT_MS } from './self.ts';

/** How somebody outside is told; bounded in time, and never rejects: nobody who is told may be in the way. */
type Tell = (moment: Moment, cause: Cause, signal: AbortSignal) => Promise<void>;

export interface Performing extends Acting {
  readonly marks: Marks;
  readonly runHooks: Tell;
  readonly sendWebhooks: Tell;
  /** Asks the controllers to look. Bounded in time, and never rejects. */
  readonly tellControllers: (signal: AbortSignal) => Promise<void>;
}

interface Performance {
  readonly step: Step;
  /** Until when it is tried, epoch milliseconds. */
  readonly untilAt: number;
  /** Notes before it is done that DRAINING will be ours, and for which cause. */
  readonly rememberDrain: (cause: Cause) => Promise<void>;
}

/** The words by which cordons of ours are told from an operator's. */
const OUR_CORDONS: ReadonlySet<string> = new Set(['rebalance', 'maintenance']);

/** What ECS shows as the reason why a task was stopped. */
const WHY: Readonly<Record<SignalKind, string>> = {
  interruption: 'the instance is being interrupted',
  'host-shutdown': 'the host is being stopped',
  'target-state': 'the Auto Scaling group ends the instance',
  maintenance: 'the instance has scheduled maintenance',
  rebalance: 'the instance is to be replaced',
};

/** Resolves when it is done, with true, or given up for now, with false. */
export async function perform(performing: Performing, performance: Performance, signal: AbortSignal): Promise<boolean> {
  const { marks } = performing;
  const { step, untilAt, rememberDrain } = performance;
  switch (step.kind) {
    case 'drain':
      return marks.drain(
        {
          isOwnerAsked: step.isOwnerAsked,
          isUrgent: step.cause.kind === 'interruption',
          untilAt,
          remember: () => rememberDrain(step.cause),
        },
        signal,
      );
    case 'write-notice':
      return marks.writeNotice(
        {
          value: step.value,
          deadlineAt: step.cause.deadlineAt,
          isEnding: !step.cause.isVoluntary,
          untilAt,
          // Nobody waits for it: that the notice is written is all that has to be done.
          onWritten: () => void performing.tellControllers(signal),
        },
        signal,
      );
    case 'cordon':
      return marks.cordon(step.value, untilAt, signal);
    case 'undrain':
      return marks.undrain(untilAt, signal);
    case 'uncordon':
      return marks.uncordon(OUR_CORDONS, untilAt, signal);
    case 'clear-notice':
      return marks.clearNotice(untilAt, signal);
    case 'stop-task':
      return stopTask(performing, step, untilAt, signal);
    case 'run-hooks':
      await performing.runHooks(step.moment, step.cause, signal);
      return true;
    case 'send-webhooks':
      await performing.sendWebhooks(step.moment, step.cause, signal);
      return true;
    default:
      return step satisfies never;
  }
}

async function stopTask(
  performing: Performing,
  { taskArn, taskKind, cause }: StopStep,
  untilAt: number,
  signal: AbortSignal,
): Promise<boolean> {
  const logger: Logger = performing.logger;
  const reason = `spotkeeper: ${WHY[cause.kind]}, and the stop timeout must fit before that`;
  const doing = `stopping task ${taskArn}`;
  const stopped = await persist(performing, { doing, untilAt, limitMs: WRITE_LIMIT_MS }, signal, async (within) => {
    const { cluster } = await ourselves(performing, within);
    await cluster.stopTask(taskArn, reason, within);
  });
  if (stopped !== null) logger.info({ taskArn, taskKind }, 'task told to stop in time for its stop timeout');
  else if (!signal.aborted) logger.error({ doing }, 'given up for now: the time for it is over');
  return stopped !== null;
}
