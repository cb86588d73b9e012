// Starting tasks of a service where its strategies want them, or saying in an event why that is impossible.
import type { EcsContainerInstance } from './container-instance.ts';
import { PlacementFinder } from './placement.ts';
import { SERVICE_DEFAULT } from './placement-strategy.ts';
import type { SchedulerHands } from './scheduler-hands.ts';
import { type EcsService, primaryOf } from './service.ts';
import { placementFailureText, type Shortfall } from './shortfall.ts';
import type { EcsTask } from './task.ts';

/** The placed tasks; fewer than asked for when nothing fits any more, which has then been said. */
export function startSome(service: EcsService, count: number, hands: SchedulerHands): EcsTask[] {
  if (count <= 0) return [];
  if (isStillStuck(service)) {
    sayUnplaceable(service, service.stuck?.closest ?? null, hands);
    return [];
  }
  const question = {
    definition: primaryOf(service).definition,
    group: groupOf(service),
    constraints: service.placementConstraints,
    strategies: service.placementStrategy.length === 0 ? SERVICE_DEFAULT : service.placementStrategy,
  };
  const finder = new PlacementFinder(service.cluster, question, hands.ground.rng);
  const started: EcsTask[] = [];
  while (started.length < count) {
    const task = finder.placeNext((instance) => placeOn(service, instance, hands));
    if (task === null) break;
    started.push(task);
  }
  service.stuck = null;
  if (started.length < count) stuck(service, finder, hands);
  return started;
}

/** Places the service's next task there; it has been wanted since the oldest unanswered want. */
export function placeOn(service: EcsService, containerInstance: EcsContainerInstance, hands: SchedulerHands): EcsTask {
  const { definition, id } = primaryOf(service);
  const wantedAt = service.wants.shift() ?? hands.ground.agenda.now;
  service.events.unsteady();
  return hands.life.place({
    definition,
    containerInstance,
    group: groupOf(service),
    service,
    startedBy: id,
    wantedAt,
  });
}

export function sayUnplaceable(
  service: EcsService,
  closest: { readonly instance: EcsContainerInstance; readonly shortfall: Shortfall } | null,
  { ground: { agenda, history } }: SchedulerHands,
): void {
  const reason = closest?.shortfall ?? 'NO_CONTAINER_INSTANCES';
  const isNews = service.events.sayTrouble(agenda.now, reason, placementFailureText(service.name, closest));
  if (isNews) history.record({ at: agenda.now, kind: 'placement-failed', service: service.name, reason });
}

export function groupOf(service: EcsService): string {
  return `service:${service.name}`;
}

function stuck(service: EcsService, finder: PlacementFinder, hands: SchedulerHands): void {
  const refused = finder.closest();
  const [shortfall] = refused?.shortfalls ?? [];
  const closest = refused === null || shortfall === undefined ? null : { instance: refused.instance, shortfall };
  service.stuck = { at: { ...service.cluster.changes }, closest };
  sayUnplaceable(service, closest, hands);
}

/** Nothing has changed since nothing fitted. Expressions may speak of tasks; everything else only needs room. */
function isStillStuck({ stuck: last, cluster, placementConstraints, deployments }: EcsService): boolean {
  if (last === null || last.at.room !== cluster.changes.room) return false;
  const constraints = [...placementConstraints, ...(deployments[0]?.definition.placementConstraints ?? [])];
  return last.at.tasks === cluster.changes.tasks || !constraints.some(({ type }) => type === 'memberOf');
}
