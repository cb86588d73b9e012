// One real agent process per running instance, started at every boot and killed when the power goes. What it keeps on disk
// is the instance's own and outlives its boots; what it keeps in its runtime directory does not.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
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
  /** Holds the disks of all instances; whoever made it removes it. */
  readonly folder: string;
}

export class Agents implements InstanceLifeListener {
  readonly #options: AgentsOptions;
  /** Instances that are up, and which of their boots this is. */
  readonly #up = new Map<string, number>();
  /** The last thing done about each instance's agent: the next waits for it. */
  readonly #last = new Map<string, Promise<void>>();
  #isClosed = false;

  constructor(options: AgentsOptions) {
    this.#options = options;
  }

  onBooted({ id, bootCount }: Ec2Instance): void {
    if (this.#isClosed) return;
    this.#up.set(id, bootCount);
    this.#next(id, () => this.#start(id, bootCount));
  }

  onPowerOff({ id }: Ec2Instance): void {
    this.#up.delete(id);
    this.#next(id, () => this.#options.processes.cut(agentName(id)));
  }

  onTerminated({ id }: Ec2Instance): void {
    this.#next(id, async () => {
      await rm(join(this.#options.folder, id), { recursive: true, force: true });
      this.#last.delete(id);
    });
  }

  /** Starts no more agents; resolves when none is being started or ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#up.clear();
    await Promise.all(this.#last.values());
  }

  async #start(instanceId: string, boot: number): Promise<void> {
    const urls = await this.#options.urlsOf(instanceId);
    const directories = await makeDirectories(join(this.#options.folder, instanceId));
    // The power may have gone while the ports were being opened.
    if (urls === null || this.#up.get(instanceId) !== boot) return;
    const name = agentName(instanceId);
    this.#options.processes.start({
      name,
      args: ['agent'],
      environment: {
        ...this.#options.environment,
        ...this.#options.environmentFor(name),
        ...directories,
        ...onItsOwnInstance(urls, `${instanceId}-${boot}`),
      },
    });
  }

  #next(instanceId: string, act: () => Promise<void>): void {
    this.#last.set(instanceId, (this.#last.get(instanceId) ?? Promise.resolve()).then(act));
  }
}

/** What the environment of a real instance gives an agent by itself, and many instances on one machine cannot. */
export function onItsOwnInstance(urls: InstanceUrls, bootId: string): Record<string, string> {
  return {
    AWS_EC2_METADATA_SERVICE_ENDPOINT: urls.metadata,
    SPOTKEEPER_ECS_AGENT_ENDPOINT: urls.introspection,
    SPOTKEEPER_BOOT_ID: bootId,
    // Any free port.
    SPOTKEEPER_NOTICE_PORT: '0',
  };
}

/** The directories systemd would make, as their variables. The runtime directory is empty at each boot. */
export async function makeDirectories(disk: string): Promise<Record<string, string>> {
  const [state, runtime] = [join(disk, 'state'), join(disk, 'run')];
  await rm(runtime, { recursive: true, force: true });
  await Promise.all([state, runtime].map((path) => mkdir(path, { recursive: true, mode: 0o750 })));
  return { SPOTKEEPER_STATE_DIRECTORY: state, SPOTKEEPER_RUNTIME_DIRECTORY: runtime };
}

/** The name under which an instance's agent runs and calls. */
export function agentName(instanceId: string): string {
  return `agent ${instanceId}`;
}
