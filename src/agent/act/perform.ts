// Does one step. It decides nothing: which steps there are, and when, is `respond`'s.
import type { Logger } from '../../ports/logger.ts';
import type { Memory } from '../respond/memory.ts';
import type { Cause, Moment, Step, StopTask } from '../respond/steps.ts';
import type { SignalKind } from '../signals/signal.ts';
import type { Marks } from './marks.ts';
import { persist } from './persist.ts';
import { type Acting, ourselves, WRITE_LIMIT_MS } from './self.ts';

/** How somebody outside is told; bounded in time, and never rejects: nobody who is told may be in the way. */
export type Tell = (moment: Moment, cause: Cause, signal: AbortSignal) => Promise<void>;

export interface Performing extends Acting {
  readonly marks: Marks;
  readonly runHooks: Tell;
  readonly sendWebhooks: Tell;
}

export interface Performance {
  readonly step: Step;
  readonly cause: Cause | null;
  /** Until when it is tried, epoch milliseconds. */
  readonly untilAt: number;
  /** Notes before it is done that DRAINING will be ours. */
  readonly rememberDrain: () => Promise<void>;
}

/** The words by which cordons of ours are told from an operator's. */
export const OUR_CORDONS: ReadonlySet<string> = new Set(['rebalance', 'maintenance']);

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
      return marks.drain({ isOwnerAsked: step.isOwnerAsked, untilAt, remember: rememberDrain }, signal);
    case 'write-notice':
      return marks.writeNotice(step.value, untilAt, signal);
    case 'cordon':
      return marks.cordon(step.value, untilAt, signal);
    case 'undrain':
      return marks.undrain(untilAt, signal);
    case 'uncordon':
      return marks.uncordon(OUR_CORDONS, untilAt, signal);
    case 'clear-notice':
      return marks.clearNotice(untilAt, signal);
    case 'stop-task':
      return stopTask(performing, step, performance, signal);
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

/** Of what a step leaves behind, what must be remembered before it is done: a crash in between may not lose it. */
export function memoryBefore(memory: Memory, step: Step, cause: Cause | null, now: number): Memory {
  switch (step.kind) {
    case 'cordon':
      return { ...memory, cordoned: memory.cordoned ?? { cause: cause?.key ?? step.value, since: now } };
    case 'write-notice':
      return { ...memory, notice: memory.notice ?? step.value };
    default:
      return memory;
  }
}

async function stopTask(
  performing: Performing,
  { taskArn, taskKind }: StopTask,
  { untilAt, cause }: Performance,
  signal: AbortSignal,
): Promise<boolean> {
  const logger: Logger = performing.logger;
  const why = cause === null ? 'the instance ends' : WHY[cause.kind];
  const reason = `spotkeeper: ${why}, and the stop timeout must fit before that`;
  const doing = `stopping task ${taskArn}`;
  const stopped = await persist(performing, { doing, untilAt, limitMs: WRITE_LIMIT_MS }, signal, async (within) => {
    const { cluster } = await ourselves(performing, within);
    await cluster.stopTask(taskArn, reason, within);
  });
  if (stopped !== null) logger.info({ taskArn, taskKind }, 'task told to stop in time for its stop timeout');
  else if (!signal.aborted) logger.error({ doing }, 'given up for now: the time for it is over');
  return stopped !== null;
}
