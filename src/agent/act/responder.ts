// The loop that answers: whenever something has changed, the steps are derived anew from what is known, those that are due
// are begun, and what was done is remembered. A step that is no longer called for is broken off. So a restart anywhere is
// just one more derivation.

import type { Cause } from '../respond/cause.ts';
import type { Mark } from '../respond/memory.ts';
import { type Response, respond } from '../respond/respond.ts';
import type { ResponseSettings, TasksHere } from '../respond/situation.ts';
import { hasDrained } from '../respond/step-ids.ts';
import { afterStep, beforeStep, rememberDrain, withdrawDrain } from '../respond/step-memory.ts';
import type { Step } from '../respond/steps.ts';
import type { SignalBoard } from '../signals/board.ts';
import type { Signals } from '../signals/signal.ts';
import type { TasksBook } from '../tasks/book.ts';
import type { MemoryKeeper } from './keeper.ts';
import { Narration } from './narration.ts';
import { type Performing, perform } from './perform.ts';
import type { ResponseClock } from './response-clock.ts';

export interface ResponderOptions extends Performing {
  readonly clock: ResponseClock;
  readonly board: SignalBoard;
  /** What runs here. It never rejects for what the world does. */
  readonly tasks: Pick<TasksBook, 'now'>;
  readonly keeper: MemoryKeeper;
  readonly settings: ResponseSettings;
  /** Whenever it was derived anew, changed or not. */
  readonly onResponse: (response: Response) => void;
}

/** While something is being answered: how often the tasks here are looked at. It costs one request on this host. */
const LOOK_MS = 1_000;

/** While a signal stands that is not answered yet, or not any more: how often the time alone may change that. */
const WAIT_MS = 30_000;

// A deadline is approximate, and stays in the past when EC2 fails to end the instance: going all the same.
const AT_LEAST_MS = 60_000;

export async function answerSignals(options: ResponderOptions, signal: AbortSignal): Promise<void> {
  await new Responder(options, signal).run();
}

class Responder {
  readonly #options: ResponderOptions;
  readonly #signal: AbortSignal;
  readonly #narration: Narration;
  readonly #running = new Map<string, { readonly step: Step; readonly controller: AbortController }>();
  /** A bug in a step: thrown where the loop waits. */
  #broken: { readonly error: unknown } | null = null;
  /** null while nobody has looked. */
  #here: TasksHere | null = null;
  #isLooking = false;
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #wasDraining = false;
  #wake = new AbortController();

  constructor(options: ResponderOptions, signal: AbortSignal) {
    this.#options = options;
    this.#narration = new Narration(options);
    this.#signal = signal;
  }

  async run(): Promise<void> {
    this.#signal.addEventListener('abort', () => this.#wake.abort());
    while (!this.#signal.aborted && this.#broken === null) {
      const { signals } = this.#options.board;
      const response = this.#derive(signals);
      this.#breakOff(response);
      this.#look(response);
      const now = this.#options.clock.now();
      for (const step of response.steps) if (step.at <= now) this.#begin(step);
      await this.#untilSomethingHappens(response, signals);
    }
    for (const { controller } of this.#running.values()) controller.abort();
    if (this.#broken !== null) throw this.#broken.error;
  }

  #derive(signals: Signals): Response {
    const { keeper, settings, clock, whoAmI } = this.#options;
    if (whoAmI.known !== null) keeper.knowIdentity(whoAmI.known);
    clock.heed(signals.interruption);
    const situation = { now: clock.now(), bootedAt: keeper.bootedAt, signals, here: this.#here, settings };
    const response = respond({ ...situation, memory: keeper.memory });
    clock.follow(response.cause);
    void keeper.keep(response.memory);
    this.#narration.tell(response, signals);
    this.#options.onResponse(response);
    return response;
  }

  /** The tasks are looked at while something is being answered, and not at all otherwise. */
  #look({ cause, memory }: Response): void {
    if (cause === null) this.#here = null;
    if (cause === null || this.#isLooking) return;
    const isDraining = hasDrained(memory);
    const nowMs = this.#options.clock.monotonicMs();
    const isNew = this.#here === null || isDraining !== this.#wasDraining;
    if (!isNew && nowMs - this.#lookedAtMs < LOOK_MS) return;
    this.#wasDraining = isDraining;
    this.#lookedAtMs = nowMs;
    this.#isLooking = true;
    const done = (here: TasksHere) => {
      this.#here = here;
    };
    const asked = { asksProtection: cause.isVoluntary, isDraining, signal: this.#signal };
    // Beside the tasks, as an ECS agent that registers anew is another container instance, on which nothing is set yet.
    const { whoAmI } = this.#options;
    const isWhoKnown = whoAmI.known === null ? Promise.resolve(null) : whoAmI.now(this.#signal);
    void isWhoKnown
      .then(() => this.#options.tasks.now(asked))
      .then(done, (error: unknown) => this.#break(error))
      .finally(() => {
        this.#isLooking = false;
        this.#wake.abort();
      });
  }

  #begin(step: Step): void {
    if (this.#running.has(step.id)) return;
    const controller = new AbortController();
    this.#running.set(step.id, { step, controller });
    void this.#carryOut(step, AbortSignal.any([controller.signal, this.#signal]))
      .catch((error: unknown) => this.#break(error))
      .finally(() => {
        this.#running.delete(step.id);
        this.#wake.abort();
      });
  }

  async #carryOut(step: Step, signal: AbortSignal): Promise<void> {
    const { keeper, clock, logger } = this.#options;
    const before = beforeStep(keeper.memory, step, clock.now());
    if (before !== keeper.memory) await keeper.keep(before);
    const deadlineAt = 'cause' in step ? step.cause.deadlineAt : null;
    const untilAt = Math.max(deadlineAt ?? 0, clock.now() + AT_LEAST_MS);
    let mark: Mark | null = null;
    const remember = async (cause: Cause): Promise<void> => {
      const memory = rememberDrain(keeper.memory, cause, clock.now());
      if (memory === keeper.memory) return;
      mark = memory.drained;
      await keeper.keep(memory);
    };
    const isDone = await perform(this.#options, { step, untilAt, rememberDrain: remember }, signal);
    // A crash in between, or being broken off, leaves it open whether ECS took it: then it is looked at before it is undone.
    if (!isDone && !signal.aborted) await keeper.keep(withdrawDrain(keeper.memory, mark));
    if (!isDone || signal.aborted) return;
    if (step.kind === 'drain' && step.isOwnerAsked && keeper.memory.drained === null) {
      logger.info({}, 'it was out of service before us, or may have been: it will not be taken back');
    }
    await keeper.keep(afterStep(keeper.memory, step));
  }

  /** Whoever is being told hears it to the end: that is bounded in time, and in nobody's way. */
  #breakOff({ cause, steps }: Response): void {
    const called = new Set(steps.map(({ id }) => id));
    for (const [id, { step, controller }] of this.#running) {
      const isTelling = 'moment' in step && step.cause.key === cause?.key;
      if (!called.has(id) && !isTelling) controller.abort();
    }
  }

  #break(error: unknown): void {
    this.#broken ??= { error };
    this.#wake.abort();
  }

  async #untilSomethingHappens({ cause, steps }: Response, signals: Signals): Promise<void> {
    const { clock, board, keeper } = this.#options;
    const wake = new AbortController();
    this.#wake = wake;
    if (this.#signal.aborted) wake.abort();
    const dueMs = steps.filter(({ id }) => !this.#running.has(id)).map(({ at }) => at - clock.now());
    const stands = Object.values(signals).some((one) => one !== null);
    const limitMs = cause !== null || keeper.isWaiting ? LOOK_MS : stands ? WAIT_MS : Number.POSITIVE_INFINITY;
    const pauseMs = Math.max(0, Math.min(limitMs, ...dueMs));
    // One millisecond more, because `now` is cut to whole ones and waking too early would derive twice.
    const pause = Number.isFinite(pauseMs) ? [clock.sleep(pauseMs + 1, wake.signal)] : [];
    const finished = new Promise<void>((resolve) => wake.signal.addEventListener('abort', () => resolve()));
    await Promise.race([board.changed(signals, wake.signal), finished, ...pause]);
    wake.abort();
  }
}
