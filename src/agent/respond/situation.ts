// Everything a response follows from: plain values, so that the same situation always gives the same steps.
import type { TaskArn } from '../../model/ids.ts';
import type { MaintenanceCode } from '../../ports/metadata.ts';
import type { Signals } from '../signals/signal.ts';
import type { Memory } from './memory.ts';

export type TaskKind = 'standalone' | 'service' | 'daemon';

/** A task on this instance that has not ended. */
export interface TaskHere {
  readonly arn: TaskArn;
  readonly kind: TaskKind;
  /** SIGTERM to SIGKILL. */
  readonly stopTimeoutMs: number;
  /** How long its load balancers keep sending to it after they were told: ECS sends SIGTERM only then. 0 without one. */
  readonly deregistrationMs: number;
  /** Somebody told it to stop already: nothing is left to do but to wait. */
  readonly isStopping: boolean;
  /** By ECS task scale-in protection. */
  readonly isProtected: boolean;
}

export interface TasksHere {
  readonly tasks: readonly TaskHere[];
  /** Listed after ECS took DRAINING, so that nobody can be missing who will ever be here. */
  readonly isComplete: boolean;
}

/** `wait`: never stopped, and waited for. `leave`: never stopped, and nobody waits for them. */
type StandalonePolicy = 'wait' | 'stop-in-time' | 'leave';

export interface ResponseSettings {
  /** Kept between the end of a task's stop timeout and the deadline. */
  readonly marginMs: number;
  readonly standalone: StandalonePolicy;
  readonly rebalance: { readonly response: 'ignore' | 'cordon' | 'drain'; readonly liftAfterMs: number };
  readonly maintenance: {
    readonly response: 'ignore' | 'drain';
    /** How long before an event may begin the drain does. */
    readonly aheadMs: number;
    readonly ignoredCodes: readonly MaintenanceCode[];
  };
  /** `deadlineMs`: how long an Auto Scaling group waits, counted from when we saw what it wants. */
  readonly targetState: { readonly response: 'ignore' | 'drain'; readonly deadlineMs: number };
  readonly hostShutdown: { readonly response: 'ignore' | 'drain' };
  /** How long hooks may take at one moment; 0 when there are none. */
  readonly hooksLimitMs: number;
  readonly hasWebhooks: boolean;
}

/** Instants are epoch milliseconds. */
export interface Situation {
  readonly now: number;
  /** Maintenance that might begin before this was the cause of the boot, or is over all the same. */
  readonly bootedAt: number;
  readonly signals: Signals;
  /** null while nobody has looked: a voluntary drain waits, as a task may be protected; nothing else does. */
  readonly here: TasksHere | null;
  readonly memory: Memory;
  readonly settings: ResponseSettings;
}
