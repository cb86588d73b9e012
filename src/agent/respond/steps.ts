// What a response consists of. A step is absolute and safe to take twice; it has an id that stays the same for as long
// as the same thing is meant, so that what was done is not done again, before or after a restart.
import type { TaskArn } from '../../model/ids.ts';
import type { SignalKind } from '../signals/signal.ts';
import type { TaskKind } from './situation.ts';

/** When others are told: hooks and webhooks. */
export const MOMENTS = ['notice', 'before-stop', 'drained', 'uncordoned'] as const;
export type Moment = (typeof MOMENTS)[number];

/** What is being answered. */
export interface Cause {
  readonly kind: SignalKind;
  /** The same for the same event, however often it is read, and another for the next: `interruption/terminate/1790000000000`. */
  readonly key: string;
  /** What will happen to the instance: `terminate`, `system-reboot`; null where it says nothing. */
  readonly action: string | null;
  /** Until when every task must have ended, epoch milliseconds; null where nothing says. */
  readonly deadlineAt: number | null;
  /**
   * Nobody takes the instance from us yet: what a drain would cost may be held against it, and task protection is
   * honoured entirely.
   */
  readonly isVoluntary: boolean;
}

interface At {
  readonly id: string;
  /** Epoch milliseconds: the instant to begin it, never before the instant of planning. */
  readonly at: number;
}

export type Step = At &
  (
    | {
        readonly kind: 'drain';
        /**
         * Whether to look first who set it: only what we drained ourselves may we take back. Not where the instance
         * will never come back, as the look costs time.
         */
        readonly isOwnerAsked: boolean;
      }
    | { readonly kind: 'write-notice'; readonly value: string }
    | { readonly kind: 'cordon'; readonly value: string }
    | { readonly kind: 'undrain' | 'clear-notice' | 'uncordon' }
    | { readonly kind: 'run-hooks' | 'send-webhooks'; readonly moment: Moment; readonly cause: Cause }
    | StopTask
  );

export interface StopTask {
  readonly kind: 'stop-task';
  readonly taskArn: TaskArn;
  readonly taskKind: TaskKind;
}

export type StopStep = At & StopTask;
