// One real agent process per running instance, started at boot and ended when the power goes.
import type { Ec2Instance, InstanceLifeListener } from '../../world/ec2/instance.ts';
import type { InstanceUrls } from '../instance-endpoints.ts';
import type { Processes } from './processes.ts';

export interface AgentsOptions {
  readonly processes: Processes;
  readonly urlsOf: (instanceId: string) => Promise<InstanceUrls | null>;
  /** The AWS_* variables of a caller. */
  readonly environmentFor: (name: string) => Readonly<Record<string, string>>;
  /** Whatever else every agent gets. */
  readonly environment: Readonly<Record<string, string>>;
}

export class Agents implements InstanceLifeListener {
  readonly #options: AgentsOptions;
  readonly #up = new Set<string>();
  readonly #busy = new Set<Promise<void>>();
  #isClosed = false;

  constructor(options: AgentsOptions) {
    this.#options = options;
  }

  onBooted({ id }: Ec2Instance): void {
    if (this.#isClosed) return;
    this.#up.add(id);
    this.#track(this.#start(id));
  }

  onPowerOff({ id }: Ec2Instance): void {
    this.#up.delete(id);
    this.#track(this.#options.processes.stop(agentName(id)));
  }

  onTerminated(): void {}

  /** Starts no more agents; resolves when none is being started or ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#up.clear();
    await Promise.all(this.#busy);
  }

  async #start(instanceId: string): Promise<void> {
    const urls = await this.#options.urlsOf(instanceId);
    // The power may have gone while the ports were being opened.
    if (urls === null || !this.#up.has(instanceId)) return;
    const name = agentName(instanceId);
    this.#options.processes.start({
      name,
      args: ['agent'],
      environment: {
        ...this.#options.environment,
        ...this.#options.environmentFor(name),
        AWS_EC2_METADATA_SERVICE_ENDPOINT: urls.metadata,
        SPOTKEEPER_ECS_AGENT_ENDPOINT: urls.introspection,
      },
    });
  }

  #track(work: Promise<void>): void {
    this.#busy.add(work);
    work.finally(() => this.#busy.delete(work));
  }
}

/** The name under which an instance's agent runs and calls. */
export function agentName(instanceId: string): string {
  return `agent ${instanceId}`;
}
