// Keeps one task of each required family running on this instance. ECS has no restart policy for tasks that are not a
// service's, so the agent is theirs. Whether and when to start one is decided in restart.ts.
import type { TaskArn } from '../../model/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import { Failure, type FailureCode } from '../../ports/failure.ts';
import type { Logger } from '../../ports/logger.ts';
import type { LocalTask } from '../../ports/metadata.ts';
import type { Rng } from '../../ports/rng.ts';
import { withinTime } from '../../ports/time-limit.ts';
import type { Self } from '../act/self.ts';
import {
  afterLook,
  afterRefusal,
  afterStart,
  type DaemonState,
  isDue,
  NEVER_STARTED,
  postponed,
  type Seen,
} from './restart.ts';

export interface DaemonsOptions {
  readonly families: readonly string[];
  /** This container instance; throws Failure while it is not known. */
  readonly ourselves: (signal: AbortSignal) => Promise<Self>;
  /** Nothing is started while it says so: the instance is being emptied. */
  readonly isHeld: () => boolean;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
}

// Longer than ECS ever needs: an answer that is given up may mean a task all the same, and costs half a minute.
const START_LIMIT_MS = 5_000;

/** After these nobody knows whether ECS took the request. */
const LOST_ANSWERS: ReadonlySet<FailureCode> = new Set(['timed-out', 'unavailable']);

/** Who started a task, as ECS shows it. */
const STARTED_BY = 'spotkeeper';

export class Daemons {
  readonly #options: DaemonsOptions;
  readonly #states = new Map<string, DaemonState>();
  /** Why each is not started, as last said. */
  readonly #said = new Map<string, string>();

  constructor(options: DaemonsOptions) {
    this.#options = options;
  }

  /** Starts what is missing in this list of the ECS agent, if it is time. */
  async look(tasks: readonly LocalTask[], signal: AbortSignal): Promise<void> {
    await Promise.all(this.#options.families.map((family) => this.#lookAt(family, tasks, signal)));
  }

  async #lookAt(family: string, tasks: readonly LocalTask[], signal: AbortSignal): Promise<void> {
    const { clock, rng, isHeld } = this.#options;
    if (isHeld()) return;
    const before = this.#states.get(family) ?? NEVER_STARTED;
    const after = afterLook(before, seenOf(family, tasks), clock.monotonicMs(), rng.next());
    this.#states.set(family, after);
    this.#tell(family, before, after);
    if (!isDue(after, clock.monotonicMs())) return;
    this.#states.set(family, await this.#start(family, after, signal));
  }

  async #start(family: string, state: DaemonState, signal: AbortSignal): Promise<DaemonState> {
    const { clock, rng, logger } = this.#options;
    let sentMs: number | null = null;
    const onSend = () => {
      // From when it may exist: an answer that comes late does not make it younger.
      sentMs = clock.monotonicMs();
    };
    try {
      const taskArn = await withinTime({ clock, limitMs: START_LIMIT_MS, signal }, (within) =>
        this.#startUnlessDraining(family, within, onSend),
      );
      if (taskArn === null) return postponed(state, clock.monotonicMs());
      logger.info({ family, taskArn }, 'a required daemon is started on this instance');
      return afterStart(state, taskArn, sentMs ?? clock.monotonicMs());
    } catch (err) {
      if (!(err instanceof Failure) || err.kind === 'bug') throw err;
      const isAnswerLost = sentMs !== null && LOST_ANSWERS.has(err.code);
      if (!signal.aborted) {
        this.#say(family, err.message, () =>
          logger.warn({ family, err }, 'a required daemon cannot be started here; it will be tried again'),
        );
      }
      if (isAnswerLost) return afterStart(state, null, sentMs ?? clock.monotonicMs());
      return afterRefusal(state, clock.monotonicMs(), rng.next());
    }
  }

  /** null when the instance takes no tasks now. StartTask passes by all placement, so we look ourselves. */
  async #startUnlessDraining(family: string, signal: AbortSignal, onSend: () => void): Promise<TaskArn | null> {
    const { ourselves, isHeld, logger } = this.#options;
    const { cluster, arn } = await ourselves(signal);
    const status = (await cluster.containerInstance(arn, signal))?.status ?? 'unknown to ECS';
    if (isHeld()) return null;
    if (status === 'ACTIVE') {
      onSend();
      return cluster.startTask(arn, family, STARTED_BY, signal);
    }
    this.#say(family, status, () =>
      logger.info({ family, status }, 'a required daemon is not started while the instance takes no tasks'),
    );
    return null;
  }

  #tell(family: string, before: DaemonState, after: DaemonState): void {
    const { clock, logger } = this.#options;
    if (after.kind === 'alive' && after.runningSinceMs !== null) {
      const wasRunning = before.kind === 'alive' && before.runningSinceMs !== null;
      if (!wasRunning) logger.info({ family }, 'a required daemon runs');
      this.#said.delete(family);
    }
    if (after.kind !== 'waiting' || before.kind === 'waiting') return;
    const inSeconds = Math.ceil((after.notBeforeMs - clock.monotonicMs()) / 1_000);
    const { failures } = after;
    const what = before.kind === 'alive' ? 'has ended' : 'did not come up';
    logger.warn({ family, failures, inSeconds }, `a required daemon ${what} and will be started again`);
  }

  /** Once, until the reason changes or one runs. */
  #say(family: string, why: string, say: () => void): void {
    if (this.#said.get(family) === why) return;
    this.#said.set(family, why);
    say();
  }
}

/** One that is stopping is still there: a second beside it would find its ports taken. */
function seenOf(family: string, tasks: readonly LocalTask[]): Seen {
  const ours = tasks.filter((task) => task.family === family);
  const ended = new Set(ours.filter(({ knownStatus }) => knownStatus === 'STOPPED').map(({ arn }) => arn));
  const has = (status: LocalTask['knownStatus']) => ours.some(({ knownStatus }) => knownStatus === status);
  return { is: has('RUNNING') ? 'running' : has('PENDING') ? 'pending' : 'absent', ended };
}
