// Inputs for the planner's tests: every builder has defaults for a small healthy cluster and takes what a test cares about.
import { RETIREMENT_REASONS } from '../../src/model/attributes.ts';
import type { ContainerInstance } from '../../src/model/container-instance.ts';
import type { Fleet, FleetMember } from '../../src/model/fleet.ts';
import {
  containerInstanceArn,
  fleetId,
  instanceId,
  serviceArn,
  taskArn,
  taskDefinitionArn,
} from '../../src/model/ids.ts';
import type { Instance, InstanceType } from '../../src/model/instance.ts';
import { UNKNOWN_LAUNCH } from '../../src/model/launch.ts';
import { NO_ORDERS } from '../../src/model/orders.ts';
import type { Service, Task, TaskDefinition, TasksOnInstance } from '../../src/model/service.ts';
import type { ClusterSnapshot } from '../../src/model/snapshot.ts';
import { NO_SHAPE, type TaskShape } from '../../src/model/task-shape.ts';
import type { Policy } from '../../src/plan/policy.ts';

export const NOW = Date.parse('2026-11-21T12:00:00Z');

export function aShape(shape: Partial<TaskShape> = {}): TaskShape {
  return { ...NO_SHAPE, cpuUnits: 512, memoryMiB: 1024, ...shape };
}

/** Two of each largest task, and nothing else. */
export function aHeadroom(headroom: Partial<Policy['headroom']> = {}): Policy['headroom'] {
  return {
    largestTasks: 2,
    survive: 'none',
    pins: [],
    arrivalQuantile: null,
    forgetLargestMs: 0,
    floors: [],
    ...headroom,
  };
}

export function aPolicy(policy: Partial<Policy> = {}): Policy {
  return {
    mode: 'full',
    safety: { unknownShare: 0.2 },
    headroom: aHeadroom(),
    pendingDebounceMs: 0,
    fleet: { name: 'general', minUnits: 0, maxUnits: 100 },
    onDemand: {
      baseUnits: 0,
      fallback: { afterMs: 120_000, maximumUnits: 0, maximumPricePerHour: null, pricePerUnitHour: null },
      returnAfterMs: 1_800_000,
    },
    retirement: aRetirement(),
    interruptions: { atRiskMs: 1_800_000, storm: { notices: 2, withinMs: 180_000, lastsMs: 600_000 } },
    orphans: { response: 'terminate', disconnectedMs: 1_800_000, failuresBeforeStop: 3 },
    scaleIn: { idleMs: 0 },
    joinGraceMs: 600_000,
    disconnectGraceMs: 300_000,
    isReportedByInstance: true,
    ...policy,
  };
}

/** One at a time, at once, and as long as it takes. */
export function aRetirement(retirement: Partial<Policy['retirement']> = {}): Policy['retirement'] {
  const unbounded = { limitMs: Number.POSITIVE_INFINITY, end: 'give-up' } as const;
  const drain = Object.fromEntries(RETIREMENT_REASONS.map((reason) => [reason, unbounded]));
  return {
    minimumAgeMs: 0,
    budgets: [{ most: { count: 1 }, isPerZone: false, withinMs: null }],
    quiet: [],
    consolidateEveryMs: 0,
    drift: 'replace',
    drain: drain as Policy['retirement']['drain'], // every reason, which fromEntries cannot say
    standaloneTasks: 'refuse',
    ...retirement,
  };
}

/** One instance of the cluster, told once and placed into every part of the snapshot it belongs to. */
export interface Host {
  readonly id: string;
  readonly type?: string;
  readonly zone?: string;
  readonly containerInstance?: Partial<ContainerInstance> | null;
  readonly instance?: Partial<Instance>;
  readonly isMember?: boolean;
  /** Tasks of services, as `{ web: 2 }`. */
  readonly tasks?: Readonly<Record<string, number>>;
}

export function arnOf(id: string) {
  return containerInstanceArn(`arn:aws:ecs:us-east-1:123456789012:container-instance/test/${id}`);
}

export function aContainerInstance(
  host: Host,
  used: TaskShape = aShape({ cpuUnits: 0, memoryMiB: 0 }),
): ContainerInstance {
  const registered = host.containerInstance?.registered ?? { cpuUnits: 2048, memoryMiB: 7690 };
  const zone = { 'ecs.availability-zone': host.zone ?? 'us-east-1a' };
  return {
    arn: arnOf(host.id),
    instanceId: instanceId(host.id),
    status: 'ACTIVE',
    agentConnected: true,
    capacityProvider: null,
    agentVersion: '1.105.1',
    registered,
    remaining: { cpuUnits: registered.cpuUnits - used.cpuUnits, memoryMiB: registered.memoryMiB - used.memoryMiB },
    gpus: 0,
    takenPorts: ['tcp:22', ...used.hostPorts],
    runningTaskCount: Object.values(host.tasks ?? {}).reduce((sum, count) => sum + count, 0),
    pendingTaskCount: 0,
    registeredAt: NOW - 3_540_000,
    version: 1,
    seenAt: NOW,
    ...host.containerInstance,
    attributes: { ...zone, ...host.containerInstance?.attributes },
  };
}

export interface ServiceSpec extends Partial<Omit<Service, 'arn' | 'name' | 'taskDefinition'>> {
  readonly name: string;
  readonly shape?: Partial<TaskShape>;
  /** Of its task definition, 1 unless given: the shape of a revision never changes. */
  readonly revision?: number;
}

export interface ClusterSpec {
  readonly hosts?: readonly Host[];
  readonly services?: readonly ServiceSpec[];
  readonly fleet?: Partial<Fleet> | null;
  readonly snapshot?: Partial<ClusterSnapshot>;
}

export const DEFAULT_OPTIONS = [
  { instanceType: 'm5.large', weightUnits: 2 },
  { instanceType: 'm5.xlarge', weightUnits: 4 },
];

/** A whole snapshot from a few words; counts of services follow the tasks on the hosts unless they are given. */
export function aSnapshot(spec: ClusterSpec = {}): ClusterSnapshot {
  const hosts = spec.hosts ?? [];
  const services = (spec.services ?? []).map((service) => aService(service, hosts));
  const shapes = new Map((spec.services ?? []).map(({ name, shape }) => [name, aShape(shape)]));
  const revisions = new Map((spec.services ?? []).map(({ name, revision }) => [name, revision ?? 1]));
  const members = hosts
    .filter((host) => host.isMember !== false)
    .map((host): FleetMember => ({ instanceId: instanceId(host.id), instanceType: host.type ?? 'm5.large' }));
  return {
    cluster: 'test',
    observedAt: NOW,
    gaps: [],
    fleet: spec.fleet === null ? null : aFleet(members, spec.fleet),
    launches: [],
    instances: hosts.map(anInstance),
    instanceTypes: [
      anInstanceType({ name: 'm5.large', nominal: { cpuUnits: 2048, memoryMiB: 8192 } }),
      anInstanceType({ name: 'm5.xlarge', nominal: { cpuUnits: 4096, memoryMiB: 16384 }, eniSlots: 3 }),
    ],
    containerInstances: hosts.flatMap((host) =>
      host.containerInstance === null ? [] : [aContainerInstance(host, usedBy(host, shapes))],
    ),
    services,
    definitions: (spec.services ?? []).map(aDefinition),
    tasks: hosts.flatMap((host) => (host.containerInstance === null ? [] : [tasksOn(host, revisions)])),
    protection: hosts.map(({ id }) => ({ containerInstanceArn: arnOf(id), protectedTasks: [] })),
    intents: [],
    orders: NO_ORDERS,
    setAside: [],
    ...spec.snapshot,
  };
}

export function anInstanceType(type: Partial<InstanceType> = {}): InstanceType {
  return {
    name: 'm5.large',
    nominal: { cpuUnits: 2048, memoryMiB: 8192 },
    gpus: 0,
    architecture: 'x86_64',
    eniSlots: 2,
    eniSlotsWithTrunk: null,
    ...type,
  };
}

export function aFleet(members: readonly FleetMember[], fleet: Partial<Fleet> = {}): Fleet {
  const options = fleet.options ?? DEFAULT_OPTIONS;
  const units = members.reduce(
    (sum, member) => sum + (options.find(({ instanceType }) => instanceType === member.instanceType)?.weightUnits ?? 1),
    0,
  );
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
    members,
    ...fleet,
  };
}

function anInstance(host: Host): Instance {
  return {
    id: instanceId(host.id),
    instanceType: host.type ?? 'm5.large',
    zone: host.zone ?? 'us-east-1a',
    state: 'running',
    isSpot: true,
    launchedAt: NOW - 3_600_000,
    launch: UNKNOWN_LAUNCH,
    ...host.instance,
  };
}

function aService({ name, shape: _, revision, ...service }: ServiceSpec, hosts: readonly Host[]): Service {
  const running = hosts.reduce((sum, { tasks }) => sum + (tasks?.[name] ?? 0), 0);
  return {
    arn: serviceArn(`arn:aws:ecs:us-east-1:123456789012:service/test/${name}`),
    name,
    schedulingStrategy: 'REPLICA',
    taskDefinition: definitionArnOf(name, revision),
    desiredCount: running,
    runningCount: running,
    pendingCount: 0,
    minimumHealthyPercent: 100,
    maximumPercent: 200,
    placementConstraints: [],
    placementStrategy: [],
    deployments: [],
    targetGroups: [],
    isDeploying: false,
    placementFailure: null,
    ...service,
  };
}

/** Tasks of `family:report` run a definition of that family. */
export function definitionArnOf(name: string, revision = 1) {
  const family = name.startsWith('family:') ? name.slice('family:'.length) : name;
  return taskDefinitionArn(`arn:aws:ecs:us-east-1:123456789012:task-definition/${family}:${revision}`);
}

export function aDefinition({ name, shape, revision }: ServiceSpec): TaskDefinition {
  return {
    arn: definitionArnOf(name, revision),
    family: name,
    shape: aShape(shape),
    stopTimeoutMs: null,
  };
}

function usedBy({ tasks = {} }: Host, shapes: ReadonlyMap<string, TaskShape>): TaskShape {
  return Object.entries(tasks).reduce(
    (used, [name, count]) => {
      const shape = shapes.get(name) ?? aShape({ cpuUnits: 0, memoryMiB: 0 });
      return aShape({
        cpuUnits: used.cpuUnits + shape.cpuUnits * count,
        memoryMiB: used.memoryMiB + shape.memoryMiB * count,
        hostPorts: count === 0 ? used.hostPorts : [...used.hostPorts, ...shape.hostPorts],
      });
    },
    aShape({ cpuUnits: 0, memoryMiB: 0 }),
  );
}

function tasksOn(host: Host, revisions: ReadonlyMap<string, number>): TasksOnInstance {
  return { containerInstanceArn: arnOf(host.id), tasks: tasksOf(host, revisions) };
}

function tasksOf(host: Host, revisions: ReadonlyMap<string, number>): Task[] {
  return Object.entries(host.tasks ?? {}).flatMap(([name, count]) =>
    Array.from(
      { length: count },
      (_, index): Task => ({
        arn: taskArn(`arn:aws:ecs:us-east-1:123456789012:task/test/${host.id}-${name}-${index}`),
        group: name.startsWith('family:') ? name : `service:${name}`,
        taskDefinition: definitionArnOf(name, revisions.get(name)),
        containerInstanceArn: arnOf(host.id),
        lastStatus: 'RUNNING',
        desiredStatus: 'RUNNING',
      }),
    ),
  );
}
