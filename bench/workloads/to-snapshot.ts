// Writes a made-up cluster down as the observer would have seen it.
import type { ContainerInstance } from '../../src/model/container-instance.ts';
import type { Fleet } from '../../src/model/fleet.ts';
import {
  containerInstanceArn,
  fleetId,
  instanceId,
  serviceArn,
  taskArn,
  taskDefinitionArn,
} from '../../src/model/ids.ts';
import { UNKNOWN_LAUNCH } from '../../src/model/launch.ts';
import { NO_ORDERS } from '../../src/model/orders.ts';
import type { Service, Task, TaskDefinition, TasksOnInstance } from '../../src/model/service.ts';
import type { ClusterSnapshot } from '../../src/model/snapshot.ts';
import { NOW } from '../../test/support/builders.ts';
import { type Pool, registeredMemory } from './catalogue.ts';
import type { ServicePlan } from './services.ts';
import type { Site } from './site.ts';

const ACCOUNT = 'arn:aws:ecs:us-east-1:123456789012';
const HOUR_MS = 3_600_000;

export interface Made {
  readonly sites: readonly Site[];
  /** The last one is the daemon. */
  readonly plans: readonly ServicePlan[];
  readonly pools: readonly Pool[];
}

export function snapshotOf({ sites, plans, pools }: Made): ClusterSnapshot {
  const types = [...new Set(pools.map(({ type }) => type))];
  const running = countsOf(sites, plans.length);
  return {
    cluster: 'bench',
    observedAt: NOW,
    gaps: [],
    fleet: fleetOf(sites, types),
    launches: [],
    instances: sites.map(({ id, pool }) => ({
      id: instanceId(id),
      instanceType: pool.type.name,
      zone: pool.zone,
      state: 'running',
      isSpot: true,
      launchedAt: NOW - HOUR_MS,
      launch: UNKNOWN_LAUNCH,
    })),
    instanceTypes: types,
    containerInstances: sites.map(containerInstanceOf),
    services: plans.map((plan, index) => serviceOf(plan, running[index] ?? 0, index === plans.length - 1)),
    definitions: plans.map(definitionOf),
    tasks: sites.map((site) => tasksOf(site, plans)),
    protection: sites.map((site) => ({ containerInstanceArn: containerInstanceOf(site).arn, protectedTasks: [] })),
    intents: [],
    orders: NO_ORDERS,
    setAside: [],
  };
}

function countsOf(sites: readonly Site[], plans: number): number[] {
  const counts = Array<number>(plans).fill(0);
  for (const { tasks } of sites) for (const [index, count] of tasks) counts[index] = (counts[index] ?? 0) + count;
  return counts;
}

export function fleetOf(
  sites: readonly Site[],
  types: readonly { name: string; nominal: { cpuUnits: number } }[],
): Fleet {
  const options = types.map(({ name, nominal }) => ({ instanceType: name, weightUnits: nominal.cpuUnits / 1024 }));
  const units = sites.reduce((sum, { pool }) => sum + pool.type.nominal.cpuUnits / 1024, 0);
  return {
    id: fleetId('sfr-11111111-2222-3333-4444-555555555555'),
    state: 'active',
    type: 'maintain',
    excessCapacityTerminationPolicy: 'noTermination',
    capacityRebalance: null,
    targetUnits: units,
    onDemandTargetUnits: 0,
    onDemandFulfilledUnits: 0,
    fulfilledUnits: units,
    options,
    launchSpecs: [],
    members: sites.map(({ id, pool }) => ({ instanceId: instanceId(id), instanceType: pool.type.name })),
  };
}

function containerInstanceOf(site: Site): ContainerInstance {
  const { type, zone } = site.pool;
  const tasks = [...site.tasks.values()].reduce((sum, count) => sum + count, 0);
  return {
    arn: arnOf(site),
    instanceId: instanceId(site.id),
    status: 'ACTIVE',
    agentConnected: true,
    capacityProvider: null,
    agentVersion: '1.105.1',
    registered: { cpuUnits: type.nominal.cpuUnits, memoryMiB: registeredMemory(type) },
    remaining: { cpuUnits: site.cpuUnits, memoryMiB: site.memoryMiB },
    gpus: type.gpus,
    // The only strings that a site's ports are made of are those of shapes and of the reserved ones.
    takenPorts: [...site.takenPorts].sort() as ContainerInstance['takenPorts'],
    runningTaskCount: tasks,
    pendingTaskCount: 0,
    registeredAt: NOW - HOUR_MS + 60_000,
    version: 1,
    seenAt: NOW,
    attributes: {
      'ecs.availability-zone': zone,
      'ecs.instance-type': type.name,
      'ecs.cpu-architecture': type.architecture,
      'ecs.os-type': 'linux',
      'ecs.ami-id': 'ami-1',
      'com.amazonaws.ecs.capability.docker-remote-api.1.19': '',
      ...(site.hasTrunk ? { 'ecs.awsvpc-trunk-id': `trunk-${site.id}` } : {}),
    },
  };
}

function serviceOf(plan: ServicePlan, running: number, isDaemon: boolean): Service {
  return {
    arn: serviceArn(`${ACCOUNT}:service/bench/${plan.name}`),
    name: plan.name,
    schedulingStrategy: isDaemon ? 'DAEMON' : 'REPLICA',
    taskDefinition: definitionArnOf(plan),
    desiredCount: running,
    runningCount: running,
    pendingCount: 0,
    minimumHealthyPercent: isDaemon ? 0 : 50,
    maximumPercent: isDaemon ? 100 : 200,
    placementConstraints: plan.constraints,
    placementStrategy: plan.strategy,
    deployments: [
      {
        status: 'PRIMARY',
        taskDefinition: definitionArnOf(plan),
        desiredCount: running,
        runningCount: running,
        pendingCount: 0,
      },
    ],
    targetGroups: [],
    isDeploying: false,
    placementFailure: null,
  };
}

function definitionOf(plan: ServicePlan): TaskDefinition {
  return { arn: definitionArnOf(plan), family: plan.name, shape: plan.shape, stopTimeoutMs: null };
}

function tasksOf(site: Site, plans: readonly ServicePlan[]): TasksOnInstance {
  const containerInstance = arnOf(site);
  const tasks = [...site.tasks].flatMap(([index, count]) => {
    const plan = plans[index];
    if (plan === undefined) return [];
    return Array.from(
      { length: count },
      (_, copy): Task => ({
        arn: taskArn(`${ACCOUNT}:task/bench/${site.id}-${plan.name}-${copy}`),
        group: `service:${plan.name}`,
        taskDefinition: definitionArnOf(plan),
        containerInstanceArn: containerInstance,
        lastStatus: 'RUNNING',
        desiredStatus: 'RUNNING',
      }),
    );
  });
  return { containerInstanceArn: containerInstance, tasks };
}

function definitionArnOf({ name }: ServicePlan) {
  return taskDefinitionArn(`${ACCOUNT}:task-definition/${name}:1`);
}

function arnOf({ id }: Site) {
  return containerInstanceArn(`${ACCOUNT}:container-instance/bench/${id}`);
}
