// What a task definition takes from the container instance it is placed on: the scheduler's view, which is the task's own
// size where it states one and the sum of its containers where it does not (aws-facts: the ECS agent counts alike).
import type { HostPort, Resources } from '../../model/resources.ts';

/** What one task takes from its instance; where it may stand is the definition's and the service's to say. */
export interface TaskNeed extends Resources {
  /** Whole GPUs. */
  readonly gpus: number;
  /** 1 for a network interface of its own (`awsvpc`), otherwise 0. */
  readonly eniSlots: 0 | 1;
  /** Fixed host ports, sorted; dynamic ones are none. */
  readonly hostPorts: readonly HostPort[];
}

export type NetworkMode = 'bridge' | 'host' | 'awsvpc' | 'none';

export interface PortMapping {
  readonly containerPort: number;
  /** 0 is a dynamic host port. */
  readonly hostPort: number;
  readonly protocol: 'tcp' | 'udp';
}

export interface ContainerDefinition {
  readonly name: string;
  readonly image: string;
  readonly cpu: number;
  readonly memory: number | null;
  readonly memoryReservation: number | null;
  /** Whole GPUs of its resourceRequirements; none when absent. */
  readonly gpus?: number;
  /** Of its logConfiguration; Docker's default when absent. */
  readonly logDriver?: string;
  readonly isPrivileged?: boolean;
  readonly essential: boolean;
  readonly portMappings: readonly PortMapping[];
  /** Seconds from SIGTERM to SIGKILL; null leaves it to the ECS agent. */
  readonly stopTimeout: number | null;
}

export interface TaskSize {
  readonly networkMode: NetworkMode;
  /** Task level, in units; null when only containers state theirs. */
  readonly cpu: number | null;
  /** Task level, in MiB. */
  readonly memory: number | null;
  readonly containers: readonly ContainerDefinition[];
}

export function needOf(size: TaskSize): TaskNeed {
  return {
    cpuUnits: size.cpu ?? total(size.containers.map((container) => container.cpu)),
    memoryMiB:
      size.memory ?? total(size.containers.map((container) => container.memoryReservation ?? container.memory ?? 0)),
    gpus: total(size.containers.map((container) => container.gpus ?? 0)),
    eniSlots: size.networkMode === 'awsvpc' ? 1 : 0,
    hostPorts: hostPortsOf(size),
  };
}

/** The longest stop timeout among the containers: they are told together. */
export function stopTimeoutMsOf(containers: readonly ContainerDefinition[], defaultMs: number): number {
  return Math.max(
    ...containers.map((container) => (container.stopTimeout === null ? defaultMs : container.stopTimeout * 1000)),
  );
}

function hostPortsOf(size: TaskSize): HostPort[] {
  // With awsvpc each task has a network interface of its own, and without a network it has no port at all.
  if (size.networkMode === 'awsvpc' || size.networkMode === 'none') return [];
  const fixed = size.containers
    .flatMap((container) => container.portMappings)
    .map(({ containerPort, hostPort, protocol }) => ({
      port: size.networkMode === 'host' ? containerPort : hostPort,
      protocol,
    }))
    .filter(({ port }) => port !== 0);
  return fixed.map(({ port, protocol }): HostPort => `${protocol}:${port}`).sort();
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}
