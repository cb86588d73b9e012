// A sandbox with one cluster and one fleet, quick enough for tests, and this process's environment turned to it: the
// SDK clients made by our own code then reach it as they reach AWS.
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import type { FleetRequest } from '../../src/world/ec2/fleet-spec.ts';
import type { EcsCluster } from '../../src/world/ecs/cluster.ts';
import type { EcsTaskDefinition } from '../../src/world/ecs/task-definition.ts';
import { REAL_PACE, type WorldSettings } from '../../src/world/settings.ts';
import { until } from './until.ts';

/** Everything that takes minutes takes a blink. */
export const QUICK: WorldSettings = {
  ...REAL_PACE,
  noticeMs: 5_000,
  fleetReviewMs: 50,
  fleetModifyMs: [50, 100],
  launchMs: [10, 30],
  bootMs: [10, 30],
  registerMs: [10, 30],
  terminateMs: [10, 30],
  deregisterMs: [10, 30],
  schedulerMs: 50,
  taskStartMs: [10, 30],
  healthyAfterMs: 50,
  defaultStopTimeoutMs: 500,
};

export interface SmallCloud {
  readonly sandbox: Sandbox;
  readonly cluster: EcsCluster;
  readonly fleetId: string;
  /** A service that runs `cpuUnits`/`memoryMiB` tasks. */
  addService(name: string, size: { cpuUnits: number; memoryMiB: number; desiredCount: number }): EcsTaskDefinition;
  close(): Promise<void>;
}

/** Resolves when the fleet's instances have joined the cluster. */
export async function startSmallCloud(
  options: { fleet?: Partial<FleetRequest>; settings?: Partial<WorldSettings>; caller?: string } = {},
): Promise<SmallCloud> {
  const sandbox = await startSandbox({ settings: { ...QUICK, ...options.settings } });
  const { world, driver } = sandbox;
  const before = { ...process.env };
  Object.assign(process.env, sandbox.environmentFor(options.caller ?? 'test'));
  const { cluster, fleetId } = driver.inPresent(() => ({
    cluster: world.ecs.createCluster('small'),
    fleetId: world.ec2.addFleet({
      type: 'maintain',
      targetUnits: 4,
      allocationStrategy: 'lowestPrice',
      excessCapacityTerminationPolicy: 'noTermination',
      clusterName: 'small',
      overrides: [{ instanceType: 'm5.large', zone: 'us-east-1a', weightUnits: 2 }],
      ...options.fleet,
    }),
  }));
  await until('the first instances to join', () => {
    const fleet = world.ec2.fleets.get(fleetId);
    return (
      fleet !== undefined &&
      fleet.fulfilledUnits >= fleet.targetUnits &&
      fleet.members.every(({ id }) => world.ecs.containerInstanceOf(id)?.status === 'ACTIVE')
    );
  });
  return {
    sandbox,
    cluster,
    fleetId,
    addService: (name, { cpuUnits, memoryMiB, desiredCount }) =>
      driver.inPresent(() => {
        const definition = world.ecs.registerTaskDefinition(taskDefinition(name, cpuUnits, memoryMiB));
        world.ecs.createService(cluster, { name, definition, desiredCount });
        return definition;
      }),
    async close() {
      for (const key of Object.keys(process.env)) if (!(key in before)) delete process.env[key];
      Object.assign(process.env, before);
      await sandbox.close();
    },
  };
}

function taskDefinition(family: string, cpu: number, memory: number) {
  return {
    family,
    networkMode: 'bridge' as const,
    cpu: null,
    memory: null,
    containers: [
      {
        name: family,
        image: 'example/app:1',
        cpu,
        memory,
        memoryReservation: null,
        essential: true,
        portMappings: [],
        stopTimeout: 1,
      },
    ],
    placementConstraints: [],
    cpuArchitecture: null,
    requiresCompatibilities: ['EC2'],
  };
}
