// What the tasks of a container instance and of a service come to, kept up to date task by task: a large cluster is
// asked for these sums far more often than they change.
import type { HostPort } from '../../model/resources.ts';
import { type EcsTask, isRunning } from './task.ts';

/** Tasks meant to run on one container instance: placement counts these and no others. */
export interface InstanceTally {
  aliveCount: number;
  runningCount: number;
  cpuUnits: number;
  memoryMiB: number;
  eniSlots: number;
  readonly gpuIds: Set<string>;
  /** Held host ports, and by how many. */
  readonly ports: Map<HostPort, number>;
  /** Task groups, and how many tasks of each. */
  readonly groups: Map<string, number>;
}

export interface ServiceTally {
  aliveCount: number;
  runningCount: number;
  /** Alive, not on a draining instance, and their containers have not ended. */
  servingCount: number;
  /** Alive and on a draining instance. */
  leavingCount: number;
  /** By deployment id. */
  readonly deployments: Map<string, { aliveCount: number; runningCount: number }>;
}

/** How a task stands in the tallies. */
export interface Counted {
  alive: boolean;
  running: boolean;
  serving: boolean;
  leaving: boolean;
}

export function newInstanceTally(): InstanceTally {
  return {
    aliveCount: 0,
    runningCount: 0,
    cpuUnits: 0,
    memoryMiB: 0,
    eniSlots: 0,
    gpuIds: new Set(),
    ports: new Map(),
    groups: new Map(),
  };
}

export function newServiceTally(): ServiceTally {
  return { aliveCount: 0, runningCount: 0, servingCount: 0, leavingCount: 0, deployments: new Map() };
}

/** Brings the tallies in line with a task that has changed, or whose instance has. */
export function recount(task: EcsTask): void {
  const { counted, containerInstance, service } = task;
  const alive = task.desiredStatus === 'RUNNING';
  const running = isRunning(task);
  const leaving = alive && containerInstance.status === 'DRAINING';
  const serving = alive && !leaving && task.endedAt === null;
  const change = {
    alive: Number(alive) - Number(counted.alive),
    running: Number(running) - Number(counted.running),
    serving: Number(serving) - Number(counted.serving),
    leaving: Number(leaving) - Number(counted.leaving),
  };
  Object.assign(counted, { alive, running, serving, leaving });
  const { changes } = containerInstance.cluster;
  if (change.alive < 0) changes.room += 1;
  if (change.alive !== 0 || change.running !== 0) changes.tasks += 1;
  containerInstance.tally.runningCount += change.running;
  if (change.alive !== 0) hold(task, change.alive);
  if (service === null) return;
  service.isTouched = true;
  if (change.alive !== 0 || change.running !== 0 || change.serving !== 0) service.isSettled = false;
  service.tally.aliveCount += change.alive;
  service.tally.runningCount += change.running;
  service.tally.servingCount += change.serving;
  service.tally.leavingCount += change.leaving;
  if (task.startedBy !== null) countDeployment(service.tally, task.startedBy, change);
}

function hold({ need, gpuIds, group, containerInstance: { tally } }: EcsTask, sign: number): void {
  tally.aliveCount += sign;
  tally.cpuUnits += sign * need.cpuUnits;
  tally.memoryMiB += sign * need.memoryMiB;
  tally.eniSlots += sign * need.eniSlots;
  for (const id of gpuIds) {
    if (sign > 0) tally.gpuIds.add(id);
    else tally.gpuIds.delete(id);
  }
  for (const port of need.hostPorts) step(tally.ports, port, sign);
  step(tally.groups, group, sign);
}

function countDeployment(tally: ServiceTally, id: string, change: { alive: number; running: number }): void {
  const { aliveCount, runningCount } = tally.deployments.get(id) ?? { aliveCount: 0, runningCount: 0 };
  const next = { aliveCount: aliveCount + change.alive, runningCount: runningCount + change.running };
  if (next.aliveCount === 0) tally.deployments.delete(id);
  else tally.deployments.set(id, next);
}

function step<Key>(counts: Map<Key, number>, key: Key, sign: number): void {
  const next = (counts.get(key) ?? 0) + sign;
  if (next === 0) counts.delete(key);
  else counts.set(key, next);
}
