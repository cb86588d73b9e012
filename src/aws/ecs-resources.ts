// Reads the resource lists of a container instance. Chooses by `type`, because live answers carry zeros in the number
// fields they do not use. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Resource.html
import type { Resource } from '@aws-sdk/client-ecs';
import type { HostPort, Resources } from '../model/resources.ts';

/**
 * cpu units and MiB in a `registeredResources` or `remainingResources` list, as ECS says them: less than nothing where
 * an instance is over-committed. null when either is missing or has no number, which is not the same as 0.
 */
export function readResources(list: readonly Resource[] | undefined): Resources | null {
  const cpuUnits = numberOf(find(list, 'CPU'));
  const memoryMiB = numberOf(find(list, 'MEMORY'));
  return cpuUnits === null || memoryMiB === null ? null : { cpuUnits, memoryMiB };
}

/** Ports in a `remainingResources` list. Despite the list's name these are the ports that are taken. */
export function readTakenPorts(list: readonly Resource[] | undefined): HostPort[] {
  const ports = (name: string, protocol: 'tcp' | 'udp') =>
    (find(list, name)?.stringSetValue ?? []).map((port): HostPort => `${protocol}:${Number(port)}`);
  return [...ports('PORTS', 'tcp'), ...ports('PORTS_UDP', 'udp')].sort();
}

/** GPUs in a `registeredResources` list: ECS lists the id of each, and an instance without GPUs has no such entry. */
export function readGpus(list: readonly Resource[] | undefined): number {
  return find(list, 'GPU')?.stringSetValue?.length ?? 0;
}

function find(list: readonly Resource[] | undefined, name: string): Resource | undefined {
  return list?.find((resource) => resource.name === name);
}

function numberOf(resource: Resource | undefined): number | null {
  switch (resource?.type) {
    case 'INTEGER':
      return resource.integerValue ?? null;
    case 'LONG':
      return resource.longValue ?? null;
    case 'DOUBLE':
      return resource.doubleValue ?? null;
    default:
      return null;
  }
}
