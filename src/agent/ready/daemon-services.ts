// Which required DAEMON services run here. The ECS agent's list names no service, and whose a new task is the book learns
// only slowly; until it has, a task counts by its family, which one read at the start tells.
import { shortName, type TaskArn } from '../../model/ids.ts';
import type { Service } from '../../model/service.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Cluster } from '../../ports/cluster.ts';
import type { Logger } from '../../ports/logger.ts';
import type { LocalTask } from '../../ports/metadata.ts';
import type { Rng } from '../../ports/rng.ts';
import { Pace } from '../tasks/pace.ts';
import { Reading } from '../tasks/reading.ts';

export interface DaemonServicesOptions {
  readonly services: readonly string[];
  readonly openCluster: (signal: AbortSignal) => Promise<Cluster>;
  /** What the book knows of a task: its service, null for a standalone task, undefined for not yet. */
  readonly serviceOf: (arn: TaskArn) => string | null | undefined;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
}

const CALL_LIMIT_MS = 5_000;
/** While one is missing: it may have got another family by now, which is rare. */
const REREAD_MS = 5 * 60_000;

export class DaemonServices {
  readonly #options: DaemonServicesOptions;
  readonly #reading: Reading;
  readonly #pace: Pace;
  readonly #families = new Map<string, ReadonlySet<string>>();
  readonly #said = new Map<string, string>();
  #readMs = Number.NEGATIVE_INFINITY;

  constructor(options: DaemonServicesOptions) {
    this.#options = options;
    this.#reading = new Reading(options);
    this.#pace = new Pace(options, { baseMs: 2_000, capMs: 60_000 });
  }

  /** The required services that do not run here, by this list of the ECS agent. */
  async missingIn(tasks: readonly LocalTask[], signal: AbortSignal): Promise<string[]> {
    const missing = this.#missingIn(tasks);
    if (missing.length === 0 || !this.#isReadDue()) return missing;
    await this.#read(signal);
    return this.#missingIn(tasks);
  }

  #missingIn(tasks: readonly LocalTask[]): string[] {
    const running = tasks.filter(isRunning);
    return this.#options.services.filter((service) => !running.some((task) => this.#isOf(service, task)));
  }

  #isOf(service: string, { arn, family }: LocalTask): boolean {
    const known = this.#options.serviceOf(arn);
    return known === undefined ? this.#families.get(service)?.has(family) === true : known === service;
  }

  #isReadDue(): boolean {
    return this.#pace.isDue && this.#options.clock.monotonicMs() - this.#readMs >= REREAD_MS;
  }

  async #read(signal: AbortSignal): Promise<void> {
    const { services, openCluster, clock } = this.#options;
    const asked = { what: 'the required daemon services', limitMs: CALL_LIMIT_MS, signal };
    const answer = await this.#reading.of(asked, async (within) =>
      (await openCluster(within)).servicesNamed(services, within),
    );
    if (answer === null) return this.#pace.failed();
    this.#pace.succeeded();
    this.#readMs = clock.monotonicMs();
    for (const service of answer.result) this.#families.set(service.name, familiesOf(service));
    for (const name of services)
      this.#tell(
        name,
        answer.result.find((service) => service.name === name),
      );
  }

  /** What stands in the way for good is an operator's to change; said when it is found, and when it changes. */
  #tell(name: string, service: Service | undefined): void {
    const problem =
      service === undefined
        ? 'a required daemon service does not exist in this cluster: this instance will not become ready'
        : service.schedulingStrategy === 'DAEMON'
          ? ''
          : 'a required daemon service is no DAEMON service: an instance without one of its tasks will not become ready';
    if (problem !== '' && this.#said.get(name) !== problem) this.#options.logger.warn({ service: name }, problem);
    this.#said.set(name, problem);
  }
}

/** One that is told to stop will not be there for who comes next. */
export function isRunning({ knownStatus, desiredStatus }: LocalTask): boolean {
  return knownStatus === 'RUNNING' && desiredStatus !== 'STOPPED';
}

/** Also those of a definition that a deployment replaces or brings. */
function familiesOf({ taskDefinition, deployments }: Service): ReadonlySet<string> {
  const definitions = [taskDefinition, ...deployments.map((deployment) => deployment.taskDefinition)];
  return new Set(definitions.map((arn) => shortName(arn).split(':')[0] ?? ''));
}
