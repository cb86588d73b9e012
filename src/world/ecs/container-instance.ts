// An EC2 instance as the cluster knows it, and what is left on it. Room is judged by what is desired: a task told to stop
// gives its resources back to placement at once, although its containers may run on for their stop timeout.
import { add, type HostPort, NO_RESOURCES, type Resources, subtract } from '../../model/resources.ts';
import type { Ec2Instance } from '../ec2/instance.ts';
import type { EcsCluster } from './cluster.ts';
import type { EcsTask } from './task.ts';

export interface EcsContainerInstance {
  readonly id: string;
  readonly arn: string;
  readonly cluster: EcsCluster;
  readonly ec2: Ec2Instance;
  readonly registered: Resources;
  /** Host ports the ECS agent keeps for the host. */
  readonly reservedPorts: readonly HostPort[];
  readonly registeredAt: number;
  /** Attributes ECS or its agent wrote; they cannot be deleted and do not count against the limit. */
  readonly builtInAttributes: ReadonlySet<string>;
  /** Name to value, built-in ones included; null for an attribute without value. */
  readonly attributes: Map<string, string | null>;
  /** Tasks whose containers have not ended. */
  readonly tasks: Set<EcsTask>;
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  agentConnected: boolean;
  /** Rises with every change ECS would send an event about. */
  version: number;
  inactiveSince: number | null;
}

/** What placement may still give away. */
export function remainingOn(instance: EcsContainerInstance): Resources {
  return subtract(instance.registered, sum(wantedOn(instance)));
}

/** Host ports no further task can have: reserved ones and those of tasks meant to run. */
export function takenPortsOn(instance: EcsContainerInstance): HostPort[] {
  return [...instance.reservedPorts, ...wantedOn(instance).flatMap((task) => task.need.hostPorts)];
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
  const holding = [...instance.tasks].filter((other) => other.startedAt !== null && other.endedAt === null);
  const left = subtract(instance.registered, sum(holding));
  const ports = holding.flatMap((other) => other.need.hostPorts);
  return (
    task.need.cpuUnits <= left.cpuUnits &&
    task.need.memoryMiB <= left.memoryMiB &&
    !task.need.hostPorts.some((port) => ports.includes(port))
  );
}

export function countsOn(instance: EcsContainerInstance): { runningCount: number; pendingCount: number } {
  const wanted = wantedOn(instance);
  const runningCount = wanted.filter((task) => task.lastStatus === 'RUNNING').length;
  return { runningCount, pendingCount: wanted.length - runningCount };
}

function sum(tasks: readonly EcsTask[]): Resources {
  return tasks.reduce<Resources>((total, task) => add(total, task.need), NO_RESOURCES);
}
