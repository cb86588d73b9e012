// When the services of a cluster are looked at: every so often, and soon after something has changed. DAEMON services come
// first, so that their tasks are on a new instance before anything else is.
import type { Ground } from '../ground.ts';
import type { EcsCluster } from './cluster.ts';
import type { EcsContainerInstance } from './container-instance.ts';
import { reviewDaemon, startDaemonOn } from './daemon-scheduler.ts';
import { forgetOld } from './forget.ts';
import { reviewReplica } from './replica-scheduler.ts';
import type { EcsService } from './service.ts';
import type { TaskLife } from './task-life.ts';

/** Long enough that one call's changes are looked at together, short against everything else here. */
const PROMPT_MS = 50;

export class Scheduler {
  readonly #ground: Ground;
  readonly #life: TaskLife;
  readonly #poked = new Set<EcsCluster>();

  constructor(ground: Ground, life: TaskLife) {
    this.#ground = ground;
    this.#life = life;
  }

  watch(cluster: EcsCluster): void {
    this.#ground.agenda.every(this.#ground.settings.schedulerMs, () => this.reviewNow(cluster));
  }

  /** Something changed: look soon. */
  poke(cluster: EcsCluster): void {
    if (this.#poked.has(cluster)) return;
    this.#poked.add(cluster);
    this.#ground.agenda.after(PROMPT_MS, () => {
      this.#poked.delete(cluster);
      this.#review(cluster, (service) => service.isTouched || service.stuck !== null);
    });
  }

  /** Starts the DAEMON services' tasks on an instance that has just registered, before anything else is there. */
  joined(instance: EcsContainerInstance): void {
    const hands = { ground: this.#ground, life: this.#life };
    for (const service of instance.cluster.services.values()) {
      if (service.schedulingStrategy === 'DAEMON') startDaemonOn(service, instance, hands);
    }
  }

  /** Looks at every service: DAEMON ones first. */
  reviewNow(cluster: EcsCluster): void {
    this.#review(cluster, () => true);
  }

  /** @param isDue whether a REPLICA service is worth a look: time alone brings others forward, and every pass looks at them */
  #review(cluster: EcsCluster, isDue: (service: EcsService) => boolean): void {
    const hands = { ground: this.#ground, life: this.#life };
    for (const service of cluster.services.values()) {
      if (service.schedulingStrategy === 'DAEMON') reviewDaemon(service, hands);
    }
    for (const service of cluster.services.values()) {
      if (service.schedulingStrategy === 'REPLICA' && isDue(service)) reviewReplica(service, hands);
    }
    forgetOld(cluster, this.#ground.agenda.now);
  }
}
