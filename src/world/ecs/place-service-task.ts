// Starting one task of a REPLICA service where its strategies want it, or saying in an event why that is impossible.

import type { EcsContainerInstance } from './container-instance.ts';
import { findPlacement } from './placement.ts';
import { SERVICE_DEFAULT } from './placement-strategy.ts';
import type { SchedulerHands } from './scheduler-hands.ts';
import { aliveTasksOf, type EcsService, primaryOf } from './service.ts';
import { placementFailureText, type Shortfall } from './shortfall.ts';
import type { EcsTask } from './task.ts';

/** The placed task; null when nothing fits, which has then been said. */
export function startOne(service: EcsService, hands: SchedulerHands): EcsTask | null {
  const { definition } = primaryOf(service);
  const question = {
    definition,
    group: groupOf(service),
    constraints: service.placementConstraints,
    strategies: service.placementStrategy.length === 0 ? SERVICE_DEFAULT : service.placementStrategy,
    peers: aliveTasksOf(service),
  };
  const placement = findPlacement(service.cluster, question, hands.ground.rng);
  if (placement.instance !== null) return placeOn(service, placement.instance, hands);
  const [closest] = placement.refused;
  const [shortfall] = closest?.shortfalls ?? [];
  sayUnplaceable(
    service,
    closest === undefined || shortfall === undefined ? null : { instance: closest.instance, shortfall },
    hands,
  );
  return null;
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
