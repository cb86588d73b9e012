import { describe, expect, it } from 'vitest';
import type { ServiceSpec } from '../../src/world/ecs/services.ts';
import type { TaskDefinitionSpec } from '../../src/world/ecs/task-definition.ts';
import { type Populated, populate } from '../../src/world/populate.ts';
import { seededRng } from '../../src/world/seeded-rng.ts';
import { REAL_PACE } from '../../src/world/settings.ts';
import { World } from '../../src/world/world.ts';

const START = Date.UTC(2026, 10, 21);
const NO_WAIT = { allocationStrategy: 'diversified', excessCapacityTerminationPolicy: 'noTermination' } as const;

const POOLS = [
  { instanceType: 'm5.xlarge', zone: 'us-east-1a', weightUnits: 2, count: 30 },
  { instanceType: 'm5.large', zone: 'us-east-1b', weightUnits: 1, count: 20 },
];

function aSpec(family: string, cpu: number): TaskDefinitionSpec {
  return {
    family,
    networkMode: 'bridge',
    cpu,
    memory: 200,
    placementConstraints: [],
    cpuArchitecture: null,
    requiresCompatibilities: [],
    containers: [
      {
        name: 'main',
        image: 'example/main:1',
        cpu: 0,
        memory: null,
        memoryReservation: null,
        essential: true,
        portMappings: [],
        stopTimeout: null,
      },
    ],
  };
}

function aPopulatedWorld(services: (world: World) => ServiceSpec[]): { world: World } & Populated {
  const world = new World({ startAt: START, rng: seededRng(1), settings: REAL_PACE });
  const populated = populate(world, { clusterName: 'large', pools: POOLS, fleet: NO_WAIT, services: services(world) });
  return { world, ...populated };
}

const usual = (world: World): ServiceSpec[] => [
  { name: 'web', definition: world.ecs.registerTaskDefinition(aSpec('web', 100)), desiredCount: 300 },
  { name: 'api', definition: world.ecs.registerTaskDefinition(aSpec('api', 200)), desiredCount: 100 },
  {
    name: 'logs',
    definition: world.ecs.registerTaskDefinition(aSpec('logs', 10)),
    schedulingStrategy: 'DAEMON',
  },
];

describe('a populated world', () => {
  it('has every instance registered and every task running, in no time', () => {
    const { world, cluster } = aPopulatedWorld(usual);
    expect(world.agenda.now).toBe(START);
    expect(cluster.containerInstances.size).toBe(50);
    expect(Object.fromEntries([...cluster.services].map(([name, { tally }]) => [name, tally.runningCount]))).toEqual({
      web: 300,
      api: 100,
      logs: 50,
    });
    for (const service of cluster.services.values()) {
      expect(service.deployments).toMatchObject([{ status: 'PRIMARY', rolloutState: 'COMPLETED' }]);
    }
  });

  it('has a fleet that is content with what it has', () => {
    const { world, fleetId } = aPopulatedWorld(usual);
    world.agenda.advanceTo(START + 600_000);
    const fleet = world.ec2.findFleet(fleetId ?? '');
    expect(fleet).toMatchObject({ state: 'active', targetUnits: 80, fulfilledUnits: 80, activityStatus: 'fulfilled' });
    expect(world.ec2.instances.size).toBe(50);
  });

  it('goes on at its own pace', () => {
    const { world, cluster } = aPopulatedWorld(usual);
    const web = cluster.services.get('web');
    if (web === undefined) throw new Error('there is no service web');
    world.ecs.updateService(web, { desiredCount: 301 });
    world.agenda.advanceTo(START + 1_000);
    expect(web.tally).toMatchObject({ aliveCount: 301, runningCount: 300 });
    world.agenda.advanceTo(START + 20_000);
    expect(web.tally.runningCount).toBe(301);
  });

  it('leaves what does not fit unplaced, and says so', () => {
    const { cluster } = aPopulatedWorld((world) => [
      { name: 'big', definition: world.ecs.registerTaskDefinition(aSpec('big', 4_096)), desiredCount: 31 },
    ]);
    const big = cluster.services.get('big');
    expect(big?.tally.runningCount).toBe(30);
    expect(big?.wants).toHaveLength(1);
    expect(big?.events.newestFirst.some(({ message }) => message.includes('insufficient CPU'))).toBe(true);
  });

  it('has on-demand instances when it has no fleet', () => {
    const world = new World({ startAt: START, rng: seededRng(1), settings: REAL_PACE });
    const { cluster, fleetId } = populate(world, { clusterName: 'large', pools: POOLS, fleet: null, services: [] });
    expect(fleetId).toBeNull();
    expect([...cluster.containerInstances.values()].every(({ ec2 }) => ec2.spotInstanceRequestId === null)).toBe(true);
  });
});

describe('a desired count', () => {
  it.each([5_001, 1e9, -1, 0.5])('of %d is refused', (desiredCount) => {
    const world = new World({ startAt: START, rng: seededRng(1), settings: REAL_PACE });
    const cluster = world.ecs.createCluster('large');
    const definition = world.ecs.registerTaskDefinition(aSpec('web', 100));
    const refusal = expect.objectContaining({ code: 'InvalidParameterException' });
    expect(() => world.ecs.createService(cluster, { name: 'many', definition, desiredCount })).toThrow(refusal);
    expect(cluster.services.size).toBe(0);
    const service = world.ecs.createService(cluster, { name: 'web', definition, desiredCount: 1 });
    expect(() => world.ecs.updateService(service, { desiredCount })).toThrow(refusal);
    expect(service.desiredCount).toBe(1);
  });
});
