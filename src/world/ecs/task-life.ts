// The life of a task on its container instance: placed, started, told to stop, ended; and what ECS knows of it, which is
// only what a connected ECS agent could tell. SIGTERM goes out the moment a connected agent hears that a task is to stop,
// which it does only after the task's load balancers have let go of it.

import type { TargetGroups } from '../elb/target-groups.ts';
import type { Ground } from '../ground.ts';
import type { TaskEnd } from '../history.ts';
import type { EcsCluster } from './cluster.ts';
import { type EcsContainerInstance, hostHasRoomFor } from './container-instance.ts';
import { deregistrationMs } from './load-balancers.ts';
import { newTask, type TaskOrder } from './new-task.ts';
import { recountWants } from './service.ts';
import { recount } from './tally.ts';
import type { EcsTask, StopCode } from './task.ts';

/** Share of its stop timeout a task takes to exit after SIGTERM, unless `setExitTime` says otherwise. */
const EXIT_SHARE = 0.6;

export class TaskLife {
  readonly #ground: Ground;
  readonly #targetGroups: TargetGroups;
  readonly #changed: (cluster: EcsCluster) => void;
  readonly #exitMs = new Map<string, number>();
  readonly #runMs = new Map<string, number>();

  /** @param changed called whenever the schedulers may have something to do */
  constructor(ground: Ground, targetGroups: TargetGroups, changed: (cluster: EcsCluster) => void) {
    this.#ground = ground;
    this.#targetGroups = targetGroups;
    this.#changed = changed;
  }

  /** How long tasks of a family take to exit after SIGTERM; longer than the stop timeout means SIGKILL. */
  setExitTime(family: string, exitMs: number): void {
    this.#exitMs.set(family, exitMs);
  }

  /** Tasks of a family started from now on exit by themselves after running this long. */
  setRunTime(family: string, runMs: number): void {
    this.#runMs.set(family, runMs);
  }

  place(order: TaskOrder): EcsTask {
    const { agenda, history } = this.#ground;
    const task = newTask(order, this.#ground);
    const { cluster } = task;
    order.containerInstance.tasks.add(task);
    cluster.tasks.set(task.id, task);
    order.service?.tasks.add(task);
    order.containerInstance.version += 1;
    recount(task);
    history.record({ at: agenda.now, kind: 'task-placed', ...facts(task), wantedAt: task.wantedAt });
    agenda.at(task.readyAt, () => this.#startIfPossible(task));
    this.#changed(cluster);
    return task;
  }

  /**
   * Wants the task stopped. SIGTERM follows when its load balancers have let go of it, without any at once; or when the ECS
   * agent is connected again.
   */
  stop(task: EcsTask, stopCode: StopCode, reason: string): void {
    if (task.desiredStatus === 'STOPPED') return;
    task.desiredStatus = 'STOPPED';
    task.stopCode = stopCode;
    task.stoppedReason = reason;
    task.stoppingAt = this.#ground.agenda.now;
    const delayMs = deregistrationMs(this.#targetGroups, task);
    if (delayMs > 0) {
      task.lastStatus = 'DEACTIVATING';
      this.#ground.agenda.after(delayMs, () => this.#deregistered(task));
    }
    this.#touch(task);
    if (delayMs === 0 && task.containerInstance.agentConnected) this.#deliverStop(task);
  }

  /** The power goes: everything that has not ended is over, and nobody is left to tell ECS. */
  powerOff(instance: EcsContainerInstance): void {
    for (const task of instance.tasks) {
      if (task.endedAt !== null) continue;
      this.#end(task, endAtPowerOff(task));
      this.#touch(task);
    }
  }

  /** The ECS agent is back: it hears what to stop and tells what has ended meanwhile. */
  reconnected(instance: EcsContainerInstance): void {
    for (const task of [...instance.tasks]) {
      if (task.endedAt !== null) this.#settleEnded(task);
      else if (isToHearOfItsStop(task)) this.#deliverStop(task);
    }
    this.#startWaiting(instance);
  }

  /** ECS learns that the whole instance is gone. */
  settleLost(instance: EcsContainerInstance): void {
    for (const task of [...instance.tasks]) {
      task.stopCode ??= 'TerminationNotice';
      task.stoppedReason ??= `Host EC2 (instance ${instance.ec2.id}) terminated.`;
      this.#settle(task);
    }
  }

  #startIfPossible(task: EcsTask): void {
    const { agenda, history } = this.#ground;
    const { containerInstance } = task;
    const isWaiting = task.lastStatus === 'PENDING' && task.desiredStatus === 'RUNNING' && task.endedAt === null;
    if (!isWaiting || agenda.now < task.readyAt || !containerInstance.ec2.isUp) return;
    if (mustWaitForDaemons(task) || !hostHasRoomFor(containerInstance, task)) return;
    task.lastStatus = 'RUNNING';
    task.startedAt = agenda.now;
    history.record({ at: agenda.now, kind: 'task-running', ...facts(task), wantedAt: task.wantedAt });
    const runMs = this.#runMs.get(task.definition.family);
    if (runMs !== undefined) agenda.after(runMs, () => this.#exitByItself(task));
    this.#touch(task);
    this.#startWaiting(containerInstance);
  }

  /** What waited for room or for a daemon task, oldest first. */
  #startWaiting(instance: EcsContainerInstance): void {
    for (const task of [...instance.tasks]) this.#startIfPossible(task);
  }

  #deregistered(task: EcsTask): void {
    if (task.endedAt !== null || task.lastStatus !== 'DEACTIVATING') return;
    task.lastStatus = 'STOPPING';
    this.#touch(task);
    if (task.containerInstance.agentConnected) this.#deliverStop(task);
  }

  #deliverStop(task: EcsTask): void {
    const { agenda, history } = this.#ground;
    if (task.startedAt === null) {
      this.#finish(task, 'exited');
      return;
    }
    const { family, stopTimeoutMs } = task.definition;
    const exitMs = this.#exitMs.get(family) ?? Math.round(EXIT_SHARE * stopTimeoutMs);
    task.lastStatus = 'STOPPING';
    task.sigtermAt = agenda.now;
    history.record({ at: agenda.now, kind: 'task-sigterm', ...facts(task) });
    agenda.after(Math.min(exitMs, stopTimeoutMs), () =>
      this.#finish(task, exitMs <= stopTimeoutMs ? 'exited' : 'stop-timeout-used-up'),
    );
  }

  #exitByItself(task: EcsTask): void {
    if (task.endedAt !== null) return;
    task.stopCode ??= 'EssentialContainerExited';
    task.stoppedReason ??= 'Essential container in task exited';
    this.#finish(task, 'exited');
  }

  /** The containers have ended on a host that lives on: ECS hears of it, and what waited for their room may start. */
  #finish(task: EcsTask, end: TaskEnd): void {
    if (task.endedAt !== null) return;
    if (task.startedAt !== null) task.exitCode = end === 'stop-timeout-used-up' ? 137 : 0;
    this.#end(task, end);
    if (task.containerInstance.agentConnected) this.#settle(task);
    else this.#touch(task);
    this.#startWaiting(task.containerInstance);
  }

  #end(task: EcsTask, end: TaskEnd): void {
    const { agenda, history } = this.#ground;
    task.endedAt = agenda.now;
    history.record({ at: agenda.now, kind: 'task-stopped', ...facts(task), end });
  }

  #settleEnded(task: EcsTask): void {
    task.stopCode ??= 'EssentialContainerExited';
    task.stoppedReason ??= 'Essential container in task exited';
    this.#settle(task);
  }

  #settle(task: EcsTask): void {
    const now = this.#ground.agenda.now;
    task.desiredStatus = 'STOPPED';
    task.lastStatus = 'STOPPED';
    task.stoppingAt ??= now;
    task.endedAt ??= now;
    task.stoppedAt = now;
    task.containerInstance.tasks.delete(task);
    task.service?.tasks.delete(task);
    task.cluster.stoppedTasks.push(task);
    this.#touch(task);
  }

  #touch(task: EcsTask): void {
    task.version += 1;
    task.containerInstance.version += 1;
    recount(task);
    if (task.service !== null) recountWants(task.service, this.#ground.agenda.now);
    this.#changed(task.cluster);
  }
}

function endAtPowerOff(task: EcsTask): TaskEnd {
  // A task that had not started has lost nothing.
  if (task.startedAt === null) return 'exited';
  return task.sigtermAt === null ? 'killed-without-sigterm' : 'cut-short';
}

function isToHearOfItsStop({ desiredStatus, lastStatus, sigtermAt }: EcsTask): boolean {
  return desiredStatus === 'STOPPED' && lastStatus !== 'DEACTIVATING' && sigtermAt === null;
}

/** A daemon task placed before it starts before it: ECS starts DAEMON tasks first. */
function mustWaitForDaemons(task: EcsTask): boolean {
  if (task.service?.schedulingStrategy === 'DAEMON') return false;
  for (const other of task.containerInstance.tasks) {
    if (other === task) return false;
    const isDaemon = other.service?.schedulingStrategy === 'DAEMON';
    if (isDaemon && other.lastStatus === 'PENDING' && other.desiredStatus === 'RUNNING') return true;
  }
  return false;
}

function facts(task: EcsTask): { taskArn: string; group: string; instanceId: string } {
  return { taskArn: task.arn, group: task.group, instanceId: task.containerInstance.ec2.id };
}
