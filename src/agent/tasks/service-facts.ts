// What is known of the services whose tasks run here: whether ECS keeps one on every instance, and how long their load
// balancers hold a leaving task.
import type { Service } from '../../model/service.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Cluster } from '../../ports/cluster.ts';
import type { LoadBalancers } from '../../ports/load-balancers.ts';
import { MOST_REMEMBERED, Remembered } from './remembered.ts';

type Facts = Pick<Service, 'schedulingStrategy' | 'targetGroups'>;

// A service that is gone, or never was: nothing more can be learned of it.
const NOTHING_SPECIAL: Facts = { schedulingStrategy: 'REPLICA', targetGroups: [] };

export class ServiceFacts {
  readonly #clock: Clock;
  readonly #facts = new Remembered<string, Facts>(MOST_REMEMBERED);
  readonly #delaysMs = new Remembered<string, number>(MOST_REMEMBERED);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  isDaemon(name: string): boolean {
    return this.#facts.get(name)?.schedulingStrategy === 'DAEMON';
  }

  /** The longest of its target groups; 0 without one, or while it is not known. */
  deregistrationMs(name: string): number {
    return Math.max(0, ...this.#targetGroupsOf(name).map((targetGroup) => this.#delaysMs.get(targetGroup) ?? 0));
  }

  /** Those that are older than this, or not known at all. */
  unread(names: readonly string[], ageMs: number): string[] {
    const nowMs = this.#clock.monotonicMs();
    return names.filter((name) => this.#facts.ageMs(name, nowMs) >= ageMs);
  }

  /** Target groups of these services whose delay is older than this, or not known at all. */
  unreadDelays(names: readonly string[], ageMs: number): string[] {
    const nowMs = this.#clock.monotonicMs();
    const targetGroups = new Set(names.flatMap((name) => this.#targetGroupsOf(name)));
    return [...targetGroups].filter((targetGroup) => this.#delaysMs.ageMs(targetGroup, nowMs) >= ageMs);
  }

  async learn(names: readonly string[], cluster: Cluster, signal: AbortSignal): Promise<void> {
    const found = new Map((await cluster.servicesNamed(names, signal)).map((service) => [service.name, service]));
    const nowMs = this.#clock.monotonicMs();
    for (const name of names) {
      const { schedulingStrategy, targetGroups } = found.get(name) ?? NOTHING_SPECIAL;
      this.#facts.set(name, { schedulingStrategy, targetGroups }, nowMs);
    }
  }

  async learnDelays(targetGroups: readonly string[], loadBalancers: LoadBalancers, signal: AbortSignal): Promise<void> {
    for (const targetGroup of targetGroups) {
      const delayMs = await loadBalancers.deregistrationDelayMs(targetGroup, signal);
      this.#delaysMs.set(targetGroup, delayMs, this.#clock.monotonicMs());
    }
  }

  #targetGroupsOf(name: string): readonly string[] {
    return this.#facts.get(name)?.targetGroups ?? [];
  }
}
