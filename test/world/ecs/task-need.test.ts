import { describe, expect, it } from 'vitest';
import { type ContainerDefinition, needOf, stopTimeoutMsOf, type TaskSize } from '../../../src/world/ecs/task-need.ts';

const aContainer = (change: Partial<ContainerDefinition> = {}): ContainerDefinition => ({
  name: 'main',
  image: 'example/main:1',
  cpu: 100,
  memory: 500,
  memoryReservation: null,
  essential: true,
  portMappings: [],
  stopTimeout: null,
  ...change,
});

const aSize = (change: Partial<TaskSize> = {}): TaskSize => ({
  networkMode: 'bridge',
  cpu: null,
  memory: null,
  containers: [aContainer()],
  ...change,
});

describe('the need of a task', () => {
  it('is the sum of its containers when the task states no size', () => {
    const containers = [aContainer({ cpu: 100, memory: 500 }), aContainer({ cpu: 28, memory: 12 })];
    expect(needOf(aSize({ containers }))).toMatchObject({ cpuUnits: 128, memoryMiB: 512 });
  });

  it('counts the memory reservation of a container rather than its limit', () => {
    expect(needOf(aSize({ containers: [aContainer({ memoryReservation: 200 })] })).memoryMiB).toBe(200);
  });

  it('is the size of the task where the task states one', () => {
    expect(needOf(aSize({ cpu: 512, memory: 1024 }))).toMatchObject({ cpuUnits: 512, memoryMiB: 1024 });
  });

  it('holds fixed host ports by protocol, and no dynamic ones', () => {
    const portMappings = [
      { containerPort: 80, hostPort: 8080, protocol: 'tcp' as const },
      { containerPort: 53, hostPort: 53, protocol: 'udp' as const },
      { containerPort: 81, hostPort: 0, protocol: 'tcp' as const },
    ];
    expect(needOf(aSize({ containers: [aContainer({ portMappings })] })).hostPorts).toEqual(['tcp:8080', 'udp:53']);
  });

  it('holds the container ports in host mode and none with awsvpc', () => {
    const containers = [aContainer({ portMappings: [{ containerPort: 80, hostPort: 0, protocol: 'tcp' }] })];
    expect(needOf(aSize({ containers, networkMode: 'host' })).hostPorts).toEqual(['tcp:80']);
    expect(needOf(aSize({ containers, networkMode: 'awsvpc' })).hostPorts).toEqual([]);
  });

  it('stops within the longest stop timeout of its containers', () => {
    expect(stopTimeoutMsOf([aContainer({ stopTimeout: 5 }), aContainer({ stopTimeout: 90 })], 30_000)).toBe(90_000);
    expect(stopTimeoutMsOf([aContainer({ stopTimeout: 5 }), aContainer()], 30_000)).toBe(30_000);
  });
});
