// What a process finds on a running instance besides AWS: instance metadata and the ECS agent's introspection, each on a
// port of its own because all instances share one loopback interface here. Opened when somebody first asks where they are,
// since a large cluster has more instances than a process may have sockets; closed at power-off, so after another boot they
// are others.
import type { Ec2Instance, InstanceLifeListener } from '../world/ec2/instance.ts';
import { type Endpoint, type Watch, watched } from './doors/watched.ts';
import { type Listening, listenOnLoopback } from './listen.ts';

/** Base URLs, without a slash at the end. */
export interface InstanceUrls {
  readonly metadata: string;
  readonly introspection: string;
}

/** What answers for one instance. */
export interface InstanceServices {
  metadata(instanceId: string): Endpoint;
  introspection(instanceId: string): Endpoint;
}

interface Open {
  readonly metadata: Listening;
  readonly introspection: Listening;
}

export class InstanceEndpoints implements InstanceLifeListener {
  readonly #watch: Watch;
  readonly #services: InstanceServices;
  readonly #up = new Set<string>();
  readonly #open = new Map<string, Promise<Open>>();
  readonly #closing = new Set<Promise<void>>();

  constructor(watch: Watch, services: InstanceServices) {
    this.#watch = watch;
    this.#services = services;
  }

  onBooted({ id }: Ec2Instance): void {
    this.#up.add(id);
  }

  onPowerOff({ id }: Ec2Instance): void {
    this.#up.delete(id);
    const opening = this.#open.get(id);
    if (opening === undefined) return;
    this.#open.delete(id);
    const closing = opening.then(closeBoth);
    this.#closing.add(closing);
    closing.finally(() => this.#closing.delete(closing));
  }

  onTerminated(): void {}

  /** Resolves when the instance's ports are open; null for an instance that is not up. Rejects when they cannot be. */
  async urlsOf(instanceId: string): Promise<InstanceUrls | null> {
    if (!this.#up.has(instanceId)) return null;
    const opening = this.#open.get(instanceId) ?? this.#openFor(instanceId);
    this.#open.set(instanceId, opening);
    const { metadata, introspection } = await opening;
    return { metadata: metadata.url, introspection: introspection.url };
  }

  async close(): Promise<void> {
    const open = [...this.#open.values()];
    this.#open.clear();
    this.#up.clear();
    await Promise.all([...open.map(async (opening) => closeBoth(await opening)), ...this.#closing]);
  }

  async #openFor(instanceId: string): Promise<Open> {
    const [metadata, introspection] = await Promise.all([
      listenOnLoopback(watched(this.#watch, { service: 'imds', instanceId }, this.#services.metadata(instanceId))),
      listenOnLoopback(
        watched(this.#watch, { service: 'introspection', instanceId }, this.#services.introspection(instanceId)),
      ),
    ]);
    return { metadata, introspection };
  }
}

async function closeBoth(open: Open): Promise<void> {
  await Promise.all([open.metadata.close(), open.introspection.close()]);
}
