// Who plays: the cluster, its fleet's pools, its task definitions and services. Sizes are chosen so that the fleet's
// minimum holds everybody and the promise, and a tripled `web` cannot fit whatever the fleet launched first.
import type { FleetRequest } from '../../world/ec2/fleet-spec.ts';
import type { ServiceSpec } from '../../world/ecs/services.ts';
import type { TaskDefinitionSpec } from '../../world/ecs/task-definition.ts';

export const CLUSTER = 'story';
export const LEASE_TABLE = 'spotkeeper-leases';

/** Room is promised for this many of the largest task. */
export const PROMISED_TASKS = 2;

export const FLEET_UNITS = { min: 12, max: 60 } as const;

/** The fleet cannot reach its minimum without one of these. */
export const LARGEST_TYPE = 'm6i.xlarge';

/** Three types of different weight in two zones: six pools. */
const TYPES = [
  { instanceType: 'm6i.large', weightUnits: 2 },
  { instanceType: 'c6i.xlarge', weightUnits: 3 },
  { instanceType: LARGEST_TYPE, weightUnits: 4 },
] as const;

/** The Spot fleet request, as its operator made it before spotkeeper came. */
export function fleetRequest(region: string): FleetRequest {
  return {
    type: 'maintain',
    targetUnits: FLEET_UNITS.min,
    allocationStrategy: 'diversified',
    excessCapacityTerminationPolicy: 'noTermination',
    clusterName: CLUSTER,
    overrides: ['a', 'b'].flatMap((letter) => TYPES.map((type) => ({ ...type, zone: `${region}${letter}` }))),
  };
}

export interface Part {
  readonly family: string;
  readonly cpuUnits: number;
  readonly memoryMiB: number;
  readonly stopTimeoutSeconds: number;
}

export const WEB: Part = { family: 'web', cpuUnits: 896, memoryMiB: 1_400, stopTimeoutSeconds: 2 };
export const WORKER: Part = { family: 'worker', cpuUnits: 448, memoryMiB: 700, stopTimeoutSeconds: 2 };
export const LOG_ROUTER: Part = { family: 'log-router', cpuUnits: 128, memoryMiB: 128, stopTimeoutSeconds: 1 };
export const IMPORT: Part = { family: 'import', cpuUnits: 256, memoryMiB: 512, stopTimeoutSeconds: 3 };
/** The larger task of act 3. */
export const REPORT: Part = { family: 'report', cpuUnits: 1_792, memoryMiB: 3_000, stopTimeoutSeconds: 2 };

export const WEB_COUNT = 5;
export const WORKER_COUNT = 3;
export const REPORT_COUNT = 2;

export function taskDefinition(part: Part): TaskDefinitionSpec {
  return {
    family: part.family,
    networkMode: 'bridge',
    cpu: null,
    memory: null,
    containers: [
      {
        name: part.family,
        image: `example/${part.family}:1`,
        cpu: part.cpuUnits,
        memory: part.memoryMiB,
        memoryReservation: null,
        essential: true,
        portMappings: [],
        stopTimeout: part.stopTimeoutSeconds,
      },
    ],
    placementConstraints: [],
    cpuArchitecture: null,
    requiresCompatibilities: ['EC2'],
  };
}

/** How each service may be replaced; `worker` is the one that stops first and starts afterwards. */
export const BOUNDS = {
  web: { minimumHealthyPercent: 100, maximumPercent: 200 },
  worker: { minimumHealthyPercent: 50, maximumPercent: 100 },
} as const satisfies Record<string, NonNullable<ServiceSpec['bounds']>>;
