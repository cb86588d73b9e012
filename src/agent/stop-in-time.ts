// The stops of a response: lists what is still wanted here, and at each task's own last moment lists again and stops those
// that ECS has not moved. A listing that fails at that moment stops nothing from being stopped: the last one is used, and
// to stop a task that is stopping already is harmless.
import type { TaskArn } from '../model/ids.ts';
import type { InterruptionNotice } from '../ports/metadata.ts';
import { persist } from './act/persist.ts';
import { respond, type StopStep, stopsIn, type TaskHere } from './respond.ts';
import { givesUpAt, LIST_LIMIT_MS, ourselves, type Responding, WRITE_LIMIT_MS } from './responding.ts';
import { stillWanted, TasksHere } from './tasks-here.ts';

/**
 * How often the list is read while waiting: a task that was placed while DRAINING was on its way, or that ECS's listings
 * showed late, is found. Six readings in two minutes also when a hundred instances are noticed at once.
 */
const RELIST_MS = 20_000;

/**
 * DRAINING goes first, and a list read after it is complete; but the stops of a cluster that does not take DRAINING may
 * not wait for it, so they wait no longer than one attempt.
 */
const HEAD_START_MS = WRITE_LIMIT_MS;

/**
 * Resolves when nothing is left to stop, the time is over or the signal aborts.
 * @param draining aborts when ECS has taken DRAINING
 */
export async function stopInTime(
  responding: Responding,
  notice: InterruptionNotice,
  draining: AbortSignal,
  signal: AbortSignal,
): Promise<void> {
  if ((await responding.whoAmI.untilKnown(signal)) === null) return;
  await new StopInTime(responding, notice, draining).run(signal);
}

class StopInTime {
  readonly #responding: Responding;
  readonly #notice: InterruptionNotice;
  readonly #draining: AbortSignal;
  readonly #tasksHere: TasksHere;
  readonly #untilAt: number;
  readonly #asked = new Set<TaskArn>();
  #known: readonly TaskHere[] = [];
  #nextAt: number;

  constructor(responding: Responding, notice: InterruptionNotice, draining: AbortSignal) {
    this.#responding = responding;
    this.#notice = notice;
    this.#draining = draining;
    this.#tasksHere = new TasksHere(responding.logger);
    this.#untilAt = givesUpAt(notice, responding.clock.now());
    this.#nextAt = this.#untilAt;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#responding;
    const stops: Promise<void>[] = [];
    await this.#sleepUntilDraining(HEAD_START_MS, signal);
    while (!signal.aborted && clock.now() < this.#untilAt) {
      // Only a listing begun after ECS took DRAINING is known to hold everything that will ever be here.
      const isFinal = this.#draining.aborted;
      const isListed = await this.#list(signal);
      const steps = this.#stopSteps();
      const due = steps.filter(({ at }) => at <= clock.now());
      stops.push(...due.map((step) => this.#stop(step, signal)));
      if (isFinal && isListed && steps.length === due.length) break;
      this.#nextAt = steps.find(({ at }) => at > clock.now())?.at ?? this.#untilAt;
      // One millisecond more, because `now` is cut to whole ones and waking too early would list twice.
      const pauseMs = Math.min(this.#nextAt - clock.now(), RELIST_MS) + 1;
      if (isFinal) await clock.sleep(pauseMs, signal);
      else await this.#sleepUntilDraining(pauseMs, signal);
    }
    await Promise.all(stops);
  }

  /** Also wakes as soon as ECS has taken DRAINING. */
  #sleepUntilDraining(limitMs: number, signal: AbortSignal): Promise<void> {
    return this.#responding.clock.sleep(limitMs, AbortSignal.any([signal, this.#draining]));
  }

  /** Tries until the next stop is due, in any case once. */
  async #list(signal: AbortSignal): Promise<boolean> {
    const doing = 'listing the tasks on this container instance';
    const endeavour = { doing, untilAt: this.#nextAt, limitMs: LIST_LIMIT_MS };
    const listed = await persist(this.#responding, endeavour, signal, async (within) =>
      this.#tasksHere.list(await ourselves(this.#responding, within), within),
    );
    if (listed === null) return false;
    this.#tell(listed.result);
    this.#known = listed.result;
    return true;
  }

  #stopSteps(): StopStep[] {
    const { clock, marginMs } = this.#responding;
    const tasks = stillWanted(this.#known, this.#asked);
    return stopsIn(respond({ deadlineAt: this.#notice.deadlineAt, tasks, nowAt: clock.now(), marginMs }));
  }

  async #stop({ taskArn, taskKind }: StopStep, signal: AbortSignal): Promise<void> {
    const { logger } = this.#responding;
    this.#asked.add(taskArn);
    const reason = 'spotkeeper: the instance is being interrupted and the stop timeout must fit before it ends';
    const doing = `stopping task ${taskArn}`;
    const endeavour = { doing, untilAt: this.#untilAt, limitMs: WRITE_LIMIT_MS };
    const stopped = await persist(this.#responding, endeavour, signal, async (within) => {
      const { cluster } = await ourselves(this.#responding, within);
      await cluster.stopTask(taskArn, reason, within);
    });
    if (stopped !== null) logger.info({ taskArn, taskKind }, 'task told to stop in time for its stop timeout');
    else if (!signal.aborted) logger.error({ doing }, 'given up: the time of the notice is over');
  }

  /** Says what is planned when it changes other than by shrinking. */
  #tell(listed: readonly TaskHere[]): void {
    const known = new Set(this.#known.map(({ arn }) => arn));
    if (listed.every(({ arn }) => known.has(arn))) return;
    const { clock, logger, marginMs } = this.#responding;
    const situation = { deadlineAt: this.#notice.deadlineAt, tasks: listed, nowAt: clock.now(), marginMs };
    const stops = stopsIn(respond(situation)).map(({ at, taskArn, taskKind }) => ({
      at: new Date(at).toISOString(),
      taskArn,
      taskKind,
    }));
    logger.info({ stops }, 'tasks that are still here at these instants will be stopped');
  }
}
