// An EC2 instance as the cluster knows it, and what is left on it. Room is judged by what is desired: a task told to stop
// gives its resources back to placement at once, although its containers may run on for their stop timeout.
import { type HostPort, type Resources, subtract } from '../../model/resources.ts';
import type { Ec2Instance } from '../ec2/instance.ts';
import type { EcsCluster } from './cluster.ts';
import type { InstanceTally } from './tally.ts';
import type { EcsTask } from './task.ts';

export interface EcsContainerInstance {
  readonly id: string;
  readonly arn: string;
  readonly cluster: EcsCluster;
  readonly ec2: Ec2Instance;
  readonly agentVersion: string;
  readonly registered: Resources;
  /** Ids of its GPUs. */
  readonly gpuIds: readonly string[];
  /** `awsvpc` tasks it takes: its network interfaces but the first, or what its trunk interface carries. */
  readonly eniSlots: number;
  /** Host ports the ECS agent keeps for the host. */
  readonly reservedPorts: readonly HostPort[];
  readonly registeredAt: number;
  /** Attributes ECS or its agent wrote; they cannot be deleted and do not count against the limit. */
  readonly builtInAttributes: ReadonlySet<string>;
  /** Name to value, built-in ones included; null for an attribute without value. */
  readonly attributes: Map<string, string | null>;
  /** Tasks whose containers have not ended. */
  readonly tasks: Set<EcsTask>;
  /** Of the tasks meant to run here. */
  readonly tally: InstanceTally;
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  agentConnected: boolean;
  /** Only told: nothing scales or drains by it here. null for none. */
  capacityProvider: string | null;
  /** Rises with every change ECS would send an event about. */
  version: number;
  inactiveSince: number | null;
}

/** What placement may still give away. */
export function remainingOn(instance: EcsContainerInstance): Resources {
  return subtract(instance.registered, instance.tally);
}

/** Ids of the GPUs no task meant to run holds, in their order. */
export function freeGpusOn(instance: EcsContainerInstance): string[] {
  return instance.gpuIds.filter((id) => !instance.tally.gpuIds.has(id));
}

export function freeEniSlotsOn(instance: EcsContainerInstance): number {
  return instance.eniSlots - instance.tally.eniSlots;
}

/** Host ports no further task can have: reserved ones and those of tasks meant to run. */
export function takenPortsOn(instance: EcsContainerInstance): HostPort[] {
  return [...instance.reservedPorts, ...instance.tally.ports.keys()];
}

export function isPortTaken(instance: EcsContainerInstance, port: HostPort): boolean {
  return instance.tally.ports.has(port) || instance.reservedPorts.includes(port);
}

/** Tasks meant to run here: desired RUNNING, placed or already running. */
export function wantedOn(instance: EcsContainerInstance): EcsTask[] {
  return [...instance.tasks].filter((task) => task.desiredStatus === 'RUNNING');
}

/**
 * Whether the host itself has room for the containers of a placed task. The ECS agent counts what really runs, so a task
 * placed on resources that a stopping task still holds waits.
 */
export function hostHasRoomFor(instance: EcsContainerInstance, task: EcsTask): boolean {
  let { cpuUnits, memoryMiB } = instance.registered;
  let interfaces = instance.eniSlots;
  for (const other of instance.tasks) {
    if (other.startedAt === null || other.endedAt !== null) continue;
    cpuUnits -= other.need.cpuUnits;
    memoryMiB -= other.need.memoryMiB;
    interfaces -= other.need.eniSlots;
    if (other.need.hostPorts.some((port) => task.need.hostPorts.includes(port))) return false;
    if (other.gpuIds.some((id) => task.gpuIds.includes(id))) return false;
  }
  const { need } = task;
  return (
    need.cpuUnits <= Math.max(0, cpuUnits) && need.memoryMiB <= Math.max(0, memoryMiB) && need.eniSlots <= interfaces
  );
}

export function countsOn({ tally }: EcsContainerInstance): { runningCount: number; pendingCount: number } {
  return { runningCount: tally.runningCount, pendingCount: tally.aliveCount - tally.runningCount };
}
