// What a response consists of. A step is absolute and safe to take twice; it has an id that stays the same for as long
// as the same thing is meant, so that what was done is not done again, before or after a restart.
import type { TaskArn } from '../../model/ids.ts';
import type { Cause } from './cause.ts';
import type { TaskKind } from './situation.ts';

/** When others are told: hooks and webhooks. */
export const MOMENTS = ['notice', 'before-stop', 'drained', 'uncordoned'] as const;
export type Moment = (typeof MOMENTS)[number];

interface At {
  readonly id: string;
  /** Epoch milliseconds: the instant to begin it, never before the instant of planning. */
  readonly at: number;
}

/** What it answers. A step that only takes back what was set answers nothing any more. */
interface For {
  readonly cause: Cause;
}

export type Step = At &
  (
    | (For &
        (
          | {
              readonly kind: 'drain';
              /**
               * Whether to look first who set it: only what we drained ourselves may we take back. Not where the instance
               * will never come back, as the look costs time.
               */
              readonly isOwnerAsked: boolean;
            }
          | { readonly kind: 'write-notice' | 'cordon'; readonly value: string }
          | { readonly kind: 'run-hooks' | 'send-webhooks'; readonly moment: Moment }
          | StopTask
        ))
    | { readonly kind: 'undrain' | 'clear-notice' | 'uncordon' }
  );

interface StopTask {
  readonly kind: 'stop-task';
  readonly taskArn: TaskArn;
  readonly taskKind: TaskKind;
}

export type StopStep = At & For & StopTask;
