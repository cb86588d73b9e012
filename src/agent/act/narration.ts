// What the log tells of a response: what is answered, who will be stopped when, and when nobody is left. A level is told
// when it changes, never every time it is derived.
import { isDeepStrictEqual } from 'node:util';
import type { TaskArn } from '../../model/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Cause } from '../respond/cause.ts';
import { GIVEN_UP_AFTER_MS } from '../respond/causes.ts';
import type { Response } from '../respond/respond.ts';
import type { StopStep } from '../respond/steps.ts';
import type { Signals } from '../signals/signal.ts';

export class Narration {
  readonly #clock: Clock;
  readonly #logger: Logger;
  #cause: Cause | null = null;
  #protected: readonly TaskArn[] = [];
  #isDrained = false;
  #isSilent = false;
  #planned: ReadonlySet<TaskArn> = new Set();

  constructor({ clock, logger }: { readonly clock: Clock; readonly logger: Logger }) {
    this.#clock = clock;
    this.#logger = logger;
  }

  tell({ cause, isDrained, protectedTasks, steps }: Response, { interruption }: Signals): void {
    if (cause?.key !== this.#cause?.key) this.#tellCause(cause);
    this.#cause = cause;
    this.#tellSilence(cause?.kind === 'interruption' && interruption === null ? cause : null);
    if (!isDeepStrictEqual(protectedTasks, this.#protected) && protectedTasks.length > 0) {
      this.#logger.info({ protectedTasks }, 'cordoned and not drained for now: tasks here are protected, or may be');
    }
    this.#protected = protectedTasks;
    this.#tellStops(steps.filter((step): step is StopStep => step.kind === 'stop-task'));
    if (isDrained && !this.#isDrained) this.#logger.info({}, 'drained: every task here that is waited for has ended');
    this.#isDrained = isDrained;
  }

  #tellCause(cause: Cause | null): void {
    if (cause === null) {
      const over = this.#cause === null ? {} : { signal: this.#cause.kind, action: this.#cause.action };
      this.#logger.info(over, 'the signal is over: nothing is left to answer');
      return;
    }
    const { kind, action, deadlineAt } = cause;
    const until =
      deadlineAt === null
        ? {}
        : { deadline: isoOf(deadlineAt), leftSeconds: Math.round((deadlineAt - this.#clock.now()) / 1_000) };
    this.#logger.info({ signal: kind, action, ...until }, 'answering a signal');
  }

  /** A notice that has come before is not there any more: an operator who looks wonders what is still being answered. */
  #tellSilence(cause: Cause | null): void {
    if (cause !== null && cause.deadlineAt !== null && !this.#isSilent) {
      const until = isoOf(cause.deadlineAt + GIVEN_UP_AFTER_MS);
      this.#logger.warn({ until }, 'the notice has disappeared, which is no all-clear: it is answered for a while yet');
    }
    this.#isSilent = cause !== null;
  }

  /** When it changes other than by shrinking. */
  #tellStops(steps: readonly StopStep[]): void {
    const known = this.#planned;
    this.#planned = new Set(steps.map(({ taskArn }) => taskArn));
    if (steps.every(({ taskArn }) => known.has(taskArn))) return;
    const stops = steps.map(({ at, taskArn, taskKind }) => ({ at: isoOf(at), taskArn, taskKind }));
    this.#logger.info({ stops }, 'tasks that are still here at these instants will be stopped');
  }
}

const isoOf = (instant: number): string => new Date(instant).toISOString();
