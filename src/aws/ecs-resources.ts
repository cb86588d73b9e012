// Reads the resource lists of a container instance. Chooses by `type`, because live answers carry zeros in the number
// fields they do not use. https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Resource.html
import type { Resource } from '@aws-sdk/client-ecs';
import type { HostPort, Resources } from '../model/resources.ts';

/** cpu units and MiB in a `registeredResources` or `remainingResources` list; a missing entry is 0. */
export function readResources(list: readonly Resource[] | undefined): Resources {
  return { cpuUnits: numberOf(list, 'CPU'), memoryMiB: numberOf(list, 'MEMORY') };
}

/** Ports in a `remainingResources` list. Despite the list's name these are the ports that are taken. */
export function readTakenPorts(list: readonly Resource[] | undefined): HostPort[] {
  const ports = (name: string, protocol: 'tcp' | 'udp') =>
    (find(list, name)?.stringSetValue ?? []).map((port): HostPort => `${protocol}:${Number(port)}`);
  return [...ports('PORTS', 'tcp'), ...ports('PORTS_UDP', 'udp')].sort();
}

function find(list: readonly Resource[] | undefined, name: string): Resource | undefined {
  return list?.find((resource) => resource.name === name);
}

function numberOf(list: readonly Resource[] | undefined, name: string): number {
  const resource = find(list, name);
  switch (resource?.type) {
    case 'INTEGER':
      return resource.integerValue ?? 0;
    case 'LONG':
      return resource.longValue ?? 0;
    case 'DOUBLE':
      return resource.doubleValue ?? 0;
    default:
      return 0;
  }
}
