// The readiness gate: services that ask for the attribute spotkeeper.ready=yes never land on an instance without its log
// and monitoring daemons. The gate looks at what runs here and writes the attribute when it changes, once at each start
// (what stands there may be from before a reboot) and again when the instance has registered as another.
//
// What cannot be seen changes nothing: the ECS agent that restarts takes no task with it.
import { ATTRIBUTE } from '../../model/attributes.ts';
import type { ContainerInstanceArn } from '../../model/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import { Failure } from '../../ports/failure.ts';
import type { Logger } from '../../ports/logger.ts';
import type { EcsAgentIntrospection, LocalTask } from '../../ports/metadata.ts';
import type { Rng } from '../../ports/rng.ts';
import { withinTime } from '../../ports/time-limit.ts';
import { type Self, WRITE_LIMIT_MS } from '../act/self.ts';
import { Pace } from '../tasks/pace.ts';
import { DaemonServices, type DaemonServicesOptions, isRunning } from './daemon-services.ts';
import { Daemons } from './daemons.ts';

export interface RequiredDaemons {
  /** Names of DAEMON services. */
  readonly services: readonly string[];
  /** Families of which the agent keeps one task running here itself. */
  readonly families: readonly string[];
}

export interface GateOptions {
  readonly required: RequiredDaemons;
  readonly introspection: Pick<EcsAgentIntrospection, 'tasks'>;
  /** This container instance as of now, waiting until there is one; throws Failure. */
  readonly ourselves: (signal: AbortSignal) => Promise<Self>;
  readonly serviceOf: DaemonServicesOptions['serviceOf'];
  /** While the instance is being emptied no daemon is restarted, and the attribute is left alone. */
  readonly isHeld: () => boolean;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
}

export interface Readiness {
  /** As last written; null before that. */
  readonly isReady: boolean | null;
  /** Required services and families of which nothing runs here, as last seen. */
  readonly missing: readonly string[];
}

/** Until it is ready every second keeps work away; afterwards a daemon that dies may be missed for a few. */
const UNREADY_LOOK_MS = 1_000;
const READY_LOOK_MS = 5_000;
/** With nothing required there is only the registration to look at. */
const IDLE_LOOK_MS = 60_000;
const LIST_LIMIT_MS = 2_000;
/** Set DRAINING by somebody else, it is looked at again after this. */
const LEFT_ALONE_MS = 30_000;

interface Written {
  readonly arn: ContainerInstanceArn;
  readonly isReady: boolean;
}

export class ReadinessGate {
  readonly #options: GateOptions;
  readonly #services: DaemonServices;
  readonly #daemons: Daemons;
  readonly #pace: Pace;
  #written: Written | null = null;
  #missing: readonly string[] = [];
  #leftAloneUntilMs = Number.NEGATIVE_INFINITY;
  #failing: string | null = null;

  constructor(options: GateOptions) {
    const { required, ourselves } = options;
    const openCluster = async (signal: AbortSignal) => (await ourselves(signal)).cluster;
    this.#options = options;
    this.#services = new DaemonServices({ ...options, services: required.services, openCluster });
    this.#daemons = new Daemons({ ...options, families: required.families });
    this.#pace = new Pace(options, { baseMs: 1_000, capMs: 60_000 });
  }

  get readiness(): Readiness {
    return { isReady: this.#written?.isReady ?? null, missing: this.#missing };
  }

  /** Keeps the gate until the signal aborts. */
  async keep(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.#look(signal);
      await this.#options.clock.sleep(this.#pauseMs(), signal);
    }
  }

  async #look(signal: AbortSignal): Promise<void> {
    if (this.#options.isHeld()) return;
    try {
      const self = await this.#options.ourselves(signal);
      const tasks = this.#isAnythingRequired() ? await this.#list(signal) : [];
      this.#missing = await this.#missingIn(tasks, signal);
      await this.#say(self, this.#missing.length === 0, signal);
      await this.#daemons.look(tasks, signal);
    } catch (err) {
      if (!(err instanceof Failure) || err.kind === 'bug') throw err;
      this.#options.logger.debug({ err }, 'what runs here cannot be seen; readiness stays as it is');
    }
  }

  async #missingIn(tasks: readonly LocalTask[], signal: AbortSignal): Promise<string[]> {
    const running = new Set(tasks.filter(isRunning).map(({ family }) => family));
    const families = this.#options.required.families.filter((family) => !running.has(family));
    return [...(await this.#services.missingIn(tasks, signal)), ...families];
  }

  async #list(signal: AbortSignal): Promise<readonly LocalTask[]> {
    const { clock, introspection } = this.#options;
    return withinTime({ clock, limitMs: LIST_LIMIT_MS, signal }, (within) => introspection.tasks(within));
  }

  /** Writes it where it differs from what was written. */
  async #say(self: Self, isReady: boolean, signal: AbortSignal): Promise<void> {
    const { clock, logger, isHeld } = this.#options;
    if (this.#written?.arn === self.arn && this.#written.isReady === isReady) return;
    if (!this.#pace.isDue || clock.monotonicMs() < this.#leftAloneUntilMs) return;
    try {
      if (!isReady && (await this.#isDraining(self, signal))) {
        this.#leftAloneUntilMs = clock.monotonicMs() + LEFT_ALONE_MS;
        return;
      }
      if (isHeld()) return;
      await withinTime({ clock, limitMs: WRITE_LIMIT_MS, signal }, (within) =>
        self.cluster.setAttribute(self.arn, ATTRIBUTE.ready, isReady ? 'yes' : 'no', within),
      );
      this.#pace.succeeded();
      this.#failing = null;
      const hadDaemons = this.#written?.isReady === true;
      this.#written = { arn: self.arn, isReady };
      // That they are still missing at a start is how every start begins.
      const tell = hadDaemons ? logger.warn.bind(logger) : logger.info.bind(logger);
      if (isReady) logger.info({}, 'this container instance is marked as ready');
      else tell({ missing: this.#missing }, 'this container instance is marked as not ready: daemons are missing');
    } catch (err) {
      if (!(err instanceof Failure) || err.kind === 'bug') throw err;
      this.#pace.failed();
      if (!signal.aborted) this.#tellFailure(err, isReady);
    }
  }

  #tellFailure(err: Failure, isReady: boolean): void {
    const { logger } = this.#options;
    if (err.code === this.#failing) return;
    this.#failing = err.code;
    // A permission that is missing does not come by itself, and what a drain needs may be missing with it.
    const tell = err.kind === 'operator' ? logger.error.bind(logger) : logger.warn.bind(logger);
    tell({ err, isReady }, 'readiness cannot be written and will be tried again');
  }

  /** By whomever: its daemons are being moved away, and that is no news. What cannot be read in time counts as no. */
  async #isDraining({ cluster, arn }: Self, signal: AbortSignal): Promise<boolean> {
    const { clock, logger } = this.#options;
    try {
      const seen = await withinTime({ clock, limitMs: WRITE_LIMIT_MS, signal }, (within) =>
        cluster.containerInstance(arn, within),
      );
      return seen?.status === 'DRAINING';
    } catch (err) {
      if (!(err instanceof Failure) || err.kind === 'bug') throw err;
      logger.debug({ err }, 'it is not known whether this container instance drains');
      return false;
    }
  }

  #isAnythingRequired(): boolean {
    const { services, families } = this.#options.required;
    return services.length + families.length > 0;
  }

  #pauseMs(): number {
    if (this.#written === null) return UNREADY_LOOK_MS;
    if (!this.#isAnythingRequired()) return IDLE_LOOK_MS;
    return this.#written.isReady && this.#missing.length === 0 ? READY_LOOK_MS : UNREADY_LOOK_MS;
  }
}
