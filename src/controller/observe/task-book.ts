// Which tasks stand where, as last listed. What a decision needs of a task (its service, its definition, its instance)
// never changes once it is placed, and what stands on an instance is known until the instance's version or its counts of
// tasks change. What is not known now is left out: nobody guesses at it.
import { isDeepStrictEqual } from 'node:util';
import type { ContainerInstance } from '../../model/container-instance.ts';
import type { ContainerInstanceArn, TaskArn } from '../../model/ids.ts';
import type { Task, TasksOnInstance } from '../../model/service.ts';
import type { Clock } from '../../ports/clock.ts';

/** Listed again though nothing seems to have changed: ECS's versions are not promised to tell everything. */
const AUDIT_AFTER_MS = 600_000;

interface Entry {
  readonly standing: TasksOnInstance;
  /** What the instance was like when this was listed. */
  readonly mark: string;
  /** By the monotonic clock. */
  readonly listedAtMs: number;
}

export class TaskBook {
  readonly #clock: Clock;
  readonly #entries = new Map<ContainerInstanceArn, Entry>();
  /** Seen STOPPED on a leaving instance: they stay so, and ECS goes on listing them for an hour. */
  ended: ReadonlySet<TaskArn> = new Set();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** What is known now of these instances, in their order; an entry that did not change is the same object as before. */
  standingOn(instances: readonly ContainerInstance[]): TasksOnInstance[] {
    return instances.flatMap((instance) => {
      const entry = this.#entries.get(instance.arn);
      return entry?.mark === markOf(instance) ? [entry.standing] : [];
    });
  }

  /** What was listed there last, however long ago. */
  lastOn(arn: ContainerInstanceArn): readonly Task[] {
    return this.#entries.get(arn)?.standing.tasks ?? [];
  }

  /** By the monotonic clock; the beginning of time for one that was never listed. */
  listedAtMs(arn: ContainerInstanceArn): number {
    return this.#entries.get(arn)?.listedAtMs ?? Number.NEGATIVE_INFINITY;
  }

  /** Nothing that the instance tells has changed since. */
  isCurrent(instance: ContainerInstance): boolean {
    return this.#entries.get(instance.arn)?.mark === markOf(instance);
  }

  /** Current, and not so old that it is listed again all the same. */
  isFresh(instance: ContainerInstance): boolean {
    if (!this.isCurrent(instance)) return false;
    return countedTasks(instance) === 0 || this.#clock.monotonicMs() - this.listedAtMs(instance.arn) < AUDIT_AFTER_MS;
  }

  keep(instance: ContainerInstance, tasks: readonly Task[]): void {
    // ECS's lists lag. One that is shorter than what the instance itself tells is not what stands there: listed again.
    if (tasks.length < instance.runningTaskCount) {
      this.#entries.delete(instance.arn);
      return;
    }
    const before = this.#entries.get(instance.arn)?.standing;
    const isSame = before !== undefined && isDeepStrictEqual(before.tasks, tasks);
    this.#entries.set(instance.arn, {
      standing: isSame ? before : { containerInstanceArn: instance.arn, tasks },
      mark: markOf(instance),
      listedAtMs: this.#clock.monotonicMs(),
    });
  }

  forgetAllBut(instances: readonly ContainerInstance[]): void {
    const present = new Set(instances.map(({ arn }) => arn));
    for (const arn of this.#entries.keys()) if (!present.has(arn)) this.#entries.delete(arn);
  }
}

/** Whether a pending task is among the running ones is not documented, so there may be fewer. */
export function countedTasks({ runningTaskCount, pendingTaskCount }: ContainerInstance): number {
  return runningTaskCount + pendingTaskCount;
}

function markOf({ version, status, runningTaskCount, pendingTaskCount }: ContainerInstance): string {
  return `${version}/${status}/${runningTaskCount}/${pendingTaskCount}`;
}
