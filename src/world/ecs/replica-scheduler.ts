// One look at one REPLICA service: start what is missing, stop what is to be replaced, both within the service's
// percentages. It is the same rule for a draining instance and for a new deployment: a task that must go counts as healthy
// until it is told to stop, so at 100/200 its replacement has to be healthy first.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/container-instance-draining.html
import { settleDeployments } from './deployments.ts';
import { startSome } from './place-service-task.ts';
import { type SchedulerHands, stopTasks } from './scheduler-hands.ts';
import { aliveTasksOf, type EcsService, primaryOf } from './service.ts';
import { type Standing, startable, stoppable, upperBound } from './service-bounds.ts';
import { chooseSurplus } from './surplus.ts';
import { type EcsTask, isHealthy, isProtected, isRunning } from './task.ts';

interface View {
  readonly standing: Standing;
  /** On a draining instance, or of an older deployment and not protected; a setting protects on draining ones, too. */
  readonly toReplace: readonly EcsTask[];
}

export function reviewReplica(service: EcsService, hands: SchedulerHands): void {
  // A look that found everything as wanted finds it again until something of the service changes.
  if (service.isSettled) return;
  service.isTouched = false;
  let view = look(service, hands);
  // What has not begun to run costs nothing to give up, so it goes at once.
  const early = view.toReplace.filter((task) => !isRunning(task));
  stopTasks(service, early, hands);
  if (early.length > 0) view = look(service, hands);
  if (startMissing(service, view.standing, hands) > 0) view = look(service, hands);
  const replaced = view.toReplace.slice(0, stoppable(view.standing, service.bounds));
  const surplus = surplusOf(service, view.standing, hands);
  stopTasks(service, [...replaced, ...surplus], hands);
  if (replaced.length + surplus.length > 0) view = look(service, hands);
  sayIfStuck(service, view, hands);
  settleDeployments(service, hands.ground.agenda.now);
}

/** How many it has started. */
function startMissing(service: EcsService, standing: Standing, hands: SchedulerHands): number {
  const started = startSome(service, startable(standing, service.bounds), hands);
  service.events.sayStarted(hands.ground.agenda.now, service.name, started);
  if (standing.stayingCount + started.length >= service.desiredCount) service.events.troubleIsOver();
  return started.length;
}

function surplusOf(service: EcsService, { stayingCount }: Standing, hands: SchedulerHands): EcsTask[] {
  const count = stayingCount - service.desiredCount;
  if (count <= 0) return [];
  const { id } = primaryOf(service);
  const staying = aliveTasksOf(service).filter((task) => !isLeaving(task) && task.startedBy === id);
  return chooseSurplus(staying, count, hands.ground.agenda.now);
}

function look(service: EcsService, { ground: { agenda, settings } }: SchedulerHands): View {
  const { tally, desiredCount } = service;
  const { id } = primaryOf(service);
  const { aliveCount, runningCount } = tally;
  // Most looks find one deployment on instances that stay, and nothing to replace: no need to ask every task.
  if (tally.leavingCount === 0 && (tally.deployments.get(id)?.aliveCount ?? 0) === aliveCount) {
    return {
      toReplace: [],
      standing: { desiredCount, stayingCount: aliveCount, aliveCount, healthyCount: runningCount },
    };
  }
  const toReplace: EcsTask[] = [];
  let stayingCount = 0;
  let healthyCount = 0;
  for (const task of service.tasks) {
    if (task.desiredStatus !== 'RUNNING') continue;
    if (!isLeaving(task) && task.startedBy === id) {
      stayingCount += 1;
      healthyCount += Number(isHealthy(task, agenda.now, settings.healthyAfterMs));
    } else {
      healthyCount += Number(isRunning(task));
      const mayGo = isLeaving(task) && !settings.drainingHonoursProtection;
      if (mayGo || !isProtected(task, agenda.now)) toReplace.push(task);
    }
  }
  return { toReplace, standing: { desiredCount, stayingCount, aliveCount, healthyCount } };
}

function isLeaving(task: EcsTask): boolean {
  return task.containerInstance.status === 'DRAINING';
}

/** Percentages that round to no room at all never let a replacement happen; AWS says so in an event. */
function sayIfStuck(service: EcsService, { standing, toReplace }: View, hands: SchedulerHands): void {
  const isFull = standing.aliveCount >= upperBound(standing.desiredCount, service.bounds);
  const nothingPending = standing.healthyCount === standing.aliveCount;
  if (toReplace.length === 0 || !isFull || !nothingPending || stoppable(standing, service.bounds) > 0) return;
  service.events.sayTrouble(
    hands.ground.agenda.now,
    'DEPLOYMENT_CONFIGURATION',
    `(service ${service.name}) was unable to stop or start tasks during a deployment because of the service deployment configuration. Update the minimumHealthyPercent or maximumPercent value and try again.`,
  );
}
