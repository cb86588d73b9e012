// A container instance as DescribeContainerInstances shows it. Of its resources, PORTS lists what is taken in both columns,
// and number fields that do not apply hold zero, as in AWS's own answers.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerInstance.html
import type { HostPort, Resources } from '../../model/resources.ts';
import {
  countsOn,
  type EcsContainerInstance,
  freeGpusOn,
  remainingOn,
  takenPortsOn,
} from '../../world/ecs/container-instance.ts';
import type { WorldSettings } from '../../world/settings.ts';

export function containerInstanceJson(
  instance: EcsContainerInstance,
  settings: WorldSettings,
  include: readonly string[] = [],
): object {
  const { runningCount, pendingCount } = countsOn(instance);
  return {
    containerInstanceArn: instance.arn,
    ec2InstanceId: instance.ec2.id,
    ...(instance.capacityProvider === null ? {} : { capacityProviderName: instance.capacityProvider }),
    version: instance.version,
    versionInfo: { agentVersion: instance.agentVersion, agentHash: '4d2e7a8', dockerVersion: 'DockerVersion: 25.0.8' },
    remainingResources: [
      ...resourcesJson(remainingOn(instance), takenPortsOn(instance)),
      ...gpusJson(instance, remainingGpusOf(instance, settings)),
    ],
    registeredResources: [
      ...resourcesJson(instance.registered, instance.reservedPorts),
      ...gpusJson(instance, instance.gpuIds),
    ],
    status: instance.status,
    agentConnected: instance.agentConnected,
    runningTasksCount: runningCount,
    pendingTasksCount: pendingCount,
    attributes: [...instance.attributes].map(([name, value]) => ({ name, value: value ?? undefined })),
    registeredAt: new Date(instance.registeredAt),
    attachments: [],
    tags: [],
    ...(include.includes('CONTAINER_INSTANCE_HEALTH') ? { healthStatus: healthJson(instance) } : {}),
  };
}

function resourcesJson({ cpuUnits, memoryMiB }: Resources, takenPorts: readonly HostPort[]): object[] {
  return [
    integer('CPU', cpuUnits),
    integer('MEMORY', memoryMiB),
    stringSet('PORTS', portsOf(takenPorts, 'tcp')),
    stringSet('PORTS_UDP', portsOf(takenPorts, 'udp')),
  ];
}

/** Instances without GPUs have no such resource, rather than an empty one. */
function gpusJson(instance: EcsContainerInstance, ids: readonly string[]): object[] {
  return instance.gpuIds.length === 0 ? [] : [stringSet('GPU', ids)];
}

function remainingGpusOf(instance: EcsContainerInstance, settings: WorldSettings): readonly string[] {
  return settings.remainingGpusListed === 'free' ? freeGpusOn(instance) : [...instance.tally.gpuIds];
}

function integer(name: string, integerValue: number): object {
  return { name, type: 'INTEGER', doubleValue: 0, longValue: 0, integerValue };
}

function stringSet(name: string, stringSetValue: readonly string[]): object {
  return { name, type: 'STRINGSET', doubleValue: 0, longValue: 0, integerValue: 0, stringSetValue };
}

function portsOf(ports: readonly HostPort[], protocol: 'tcp' | 'udp'): string[] {
  return ports.filter((port) => port.startsWith(protocol)).map((port) => port.slice(protocol.length + 1));
}

function healthJson(instance: EcsContainerInstance): object {
  const status = instance.agentConnected ? 'OK' : 'INSUFFICIENT_DATA';
  return { overallStatus: status, details: [{ type: 'CONTAINER_INSTANCE_HEALTH', status }] };
}
