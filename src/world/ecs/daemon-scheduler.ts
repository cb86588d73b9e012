// One look at one DAEMON service: a task on every ACTIVE container instance that qualifies, none elsewhere; on a draining
// instance it leaves last. Its percentages only matter for a new deployment, where the old task stops before the new one.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_services.html
import { activeContainerInstances } from './cluster.ts';
import type { EcsContainerInstance } from './container-instance.ts';
import { settleDeployments } from './deployments.ts';
import { groupOf, placeOn, sayUnplaceable } from './place-service-task.ts';
import { type SchedulerHands, stopTasks } from './scheduler-hands.ts';
import { aliveTasksOf, type EcsService, primaryOf, recountWants } from './service.ts';
import { lowerBound } from './service-bounds.ts';
import { canTake, type Demand, qualifies, shortfallsOn } from './shortfall.ts';
import { type EcsTask, isRunning } from './task.ts';

export function reviewDaemon(service: EcsService, hands: SchedulerHands): void {
  const { agenda } = hands.ground;
  // What it does follows from the instances and from its own tasks alone.
  if (service.isSettled && service.settledAtRoom === service.cluster.changes.room) return;
  const demand = demandOf(service);
  const places = activeContainerInstances(service.cluster).filter((instance) => qualifies(instance, demand));
  service.desiredCount = places.length;
  recountWants(service, agenda.now);
  stopTasks(service, [...misplaced(service, demand), ...outdated(service)], hands);
  placeMissing(service, places, demand, hands);
  settleDeployments(service, agenda.now);
  service.settledAtRoom = service.cluster.changes.room;
}

/** One task more, on an instance that is new to the cluster; the next look sees to what does not fit. */
export function startDaemonOn(service: EcsService, instance: EcsContainerInstance, hands: SchedulerHands): void {
  const demand = demandOf(service);
  if (!qualifies(instance, demand)) return;
  service.desiredCount += 1;
  if (!canTake(instance, demand)) return;
  const task = placeOn(service, instance, hands);
  service.events.sayStarted(hands.ground.agenda.now, service.name, [task]);
}

function demandOf(service: EcsService): Demand {
  return {
    definition: primaryOf(service).definition,
    group: groupOf(service),
    constraints: service.placementConstraints,
  };
}

/** Where it may not stay: constraints no longer hold, or the instance drains and its replicas have gone. */
function misplaced(service: EcsService, demand: Demand): EcsTask[] {
  return aliveTasksOf(service).filter(({ containerInstance }) =>
    containerInstance.status === 'DRAINING' ? !hasReplicas(containerInstance) : !qualifies(containerInstance, demand),
  );
}

function hasReplicas(instance: EcsContainerInstance): boolean {
  for (const task of instance.tasks) if (task.service?.schedulingStrategy === 'REPLICA') return true;
  return false;
}

function outdated(service: EcsService): EcsTask[] {
  const primary = primaryOf(service);
  if (service.deployments.length === 1) return [];
  const staying = aliveTasksOf(service).filter(({ containerInstance }) => containerInstance.status !== 'DRAINING');
  const old = staying.filter((task) => task.startedBy !== primary.id);
  const budget = staying.filter(isRunning).length - lowerBound(service.desiredCount, service.bounds);
  const oldRunning = old.filter(isRunning).slice(0, Math.max(0, budget));
  return [...old.filter((task) => !isRunning(task)), ...oldRunning];
}

function placeMissing(
  service: EcsService,
  places: readonly EcsContainerInstance[],
  demand: Demand,
  hands: SchedulerHands,
): void {
  const started: EcsTask[] = [];
  let isComplete = true;
  for (const instance of places) {
    if (instance.tally.groups.has(demand.group) || !instance.agentConnected) continue;
    const [shortfall] = shortfallsOn(instance, demand);
    if (shortfall === undefined) started.push(placeOn(service, instance, hands));
    else {
      isComplete = false;
      sayUnplaceable(service, { instance, shortfall }, hands);
    }
  }
  service.events.sayStarted(hands.ground.agenda.now, service.name, started);
  if (isComplete) service.events.troubleIsOver();
}
