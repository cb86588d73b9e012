// Worlds: clusters of every kind the planner meets (several types, zones and pools, services with constraints of each sort,
// daemons, standalone tasks, deployments, instances in every standing, tasks that nobody looked at) as plain data, so that
// two of them can be mixed: a cluster some time later is the same one with a few parts exchanged. Made at random in
// some-worlds.ts.
import type { ContainerInstance } from '../../src/model/container-instance.ts';
import type { InstanceType } from '../../src/model/instance.ts';
import type { PlacementConstraint, PlacementStrategy } from '../../src/model/service.ts';
import type { ClusterSnapshot, Gap, Intent } from '../../src/model/snapshot.ts';
import type { TaskShape } from '../../src/model/task-shape.ts';
import { anInstanceType, arnOf, aSnapshot, definitionArnOf, type Host, NOW, type ServiceSpec } from './builders.ts';

export interface World {
  /** Each place in the list is one instance over time; null while it does not exist. */
  readonly hosts: readonly (HostSeed | null)[];
  readonly services: readonly (ServiceSeed | null)[];
  /** How many of the types the fleet may launch. */
  readonly options: readonly { readonly instanceType: string; readonly weightUnits: number }[];
  /** Types that EC2 has described. */
  readonly described: readonly string[];
  /** Units between the fleet's target and what it has. */
  readonly beyond: number;
  readonly state: 'active' | 'modifying';
  readonly gaps: readonly Gap[];
  readonly intents: readonly Pick<Intent, 'name' | 'count' | 'until'>[];
}

export interface HostSeed {
  readonly type: string;
  readonly zone: string;
  readonly isSpot: boolean;
  readonly state: Partial<ContainerInstance> | null;
  readonly ageMs: number;
  readonly isLookedAt: boolean;
  /** How many tasks of each service it would have; what does not fit is left out. */
  readonly wishes: readonly number[];
}

export interface ServiceSeed {
  readonly kind: number;
  readonly cpuUnits: number;
  readonly memoryMiB: number;
  readonly strategy: readonly PlacementStrategy[];
  /** Desired beyond what runs. */
  readonly extra: number;
  readonly bounds: readonly [minimum: number, maximum: number];
  readonly isDeploying: boolean;
  readonly isFailing: boolean;
}

export const TYPES: readonly InstanceType[] = [
  anInstanceType({ eniSlotsWithTrunk: 10 }),
  anInstanceType({ name: 'm5.xlarge', nominal: { cpuUnits: 4096, memoryMiB: 16384 }, eniSlots: 3 }),
  anInstanceType({ name: 'm6g.large', architecture: 'arm64' }),
  anInstanceType({ name: 'g4dn.xlarge', nominal: { cpuUnits: 4096, memoryMiB: 16384 }, gpus: 1 }),
];

/** What `registered` says of an instance of a type. */
export function registeredBy(type: string): { cpuUnits: number; memoryMiB: number } {
  return type.endsWith('xlarge') ? { cpuUnits: 4096, memoryMiB: 15_586 } : { cpuUnits: 2048, memoryMiB: 7_690 };
}

export interface Kind {
  readonly name: string;
  readonly shape?: Partial<TaskShape>;
  readonly constraints?: readonly PlacementConstraint[];
  readonly isDaemon?: boolean;
}

const memberOf = (expression: string): PlacementConstraint => ({ type: 'memberOf', expression });

/** One service of each kind at most, so that a kind's place in the list is its name. */
export const KINDS: readonly Kind[] = [
  { name: 'web' },
  { name: 'job' },
  { name: 'port', shape: { hostPorts: ['tcp:80'] } },
  { name: 'lone', constraints: [{ type: 'distinctInstance' }] },
  { name: 'shy', constraints: [memberOf('not(task:group == service:shy)')] },
  { name: 'zonal', constraints: [memberOf('attribute:ecs.availability-zone in [a, b]')] },
  { name: 'arm', shape: { architecture: 'arm64' } },
  { name: 'gpu', shape: { gpus: 1 } },
  { name: 'own', shape: { eniSlots: 1 } },
  { name: 'disk', shape: { requiredAttributes: [{ name: 'disk', value: 'ssd' }] } },
  { name: 'logs', isDaemon: true },
  { name: 'intel', isDaemon: true, shape: { architecture: 'x86_64' } },
];

/** The world some time later: what `mask` says is as in `fresh`, the rest as before. */
export function mixed(before: World, fresh: World, mask: number): World {
  const bits = (list: number) => (mask >>> (list * 7)) | 0;
  const either = <Item>(items: readonly Item[], others: readonly Item[], bit: number): Item[] =>
    items.map((item, at) => (((bits(bit) >> (at % 7)) & 1) === 1 ? (others[at] ?? item) : item));
  return {
    ...before,
    hosts: before.hosts.map((host, at) => (((bits(0) >> (at % 7)) & 1) === 1 ? (fresh.hosts[at] ?? null) : host)),
    services: either(before.services, fresh.services, 1),
    ...(((bits(2) >> 0) & 1) === 1 ? { options: fresh.options, described: fresh.described } : {}),
    ...(((bits(2) >> 1) & 1) === 1 ? { beyond: fresh.beyond, state: fresh.state } : {}),
    ...(((bits(2) >> 2) & 1) === 1 ? { gaps: fresh.gaps, intents: fresh.intents } : {}),
  };
}

const nameOf = (kind: number) => KINDS[kind]?.name ?? '';

export function snapshotOf(world: World): ClusterSnapshot {
  const services = world.services.flatMap((seed) => seed ?? []);
  const hosts = world.hosts.flatMap((seed, at) => (seed === null ? [] : [hostOf(seed, at, services)]));
  const specs = services.map((seed) => serviceOf(seed, hosts));
  const isUsed = hosts.some(({ tasks }) => (tasks?.['family:report'] ?? 0) > 0) || world.intents.length > 0;
  const report: ServiceSpec = { name: 'report', shape: REPORT };
  const snapshot = aSnapshot({
    hosts,
    services: specs,
    fleet: { options: world.options, state: world.state },
    snapshot: {
      gaps: world.gaps,
      instanceTypes: TYPES.filter(({ name }) => world.described.includes(name)),
      intents: world.intents.map((intent) => ({ ...intent, taskDefinition: definitionArnOf('report') })),
    },
  });
  const unknown = new Set(world.hosts.flatMap((seed, at) => (seed?.isLookedAt === false ? [arnOf(`i-${at}`)] : [])));
  return {
    ...snapshot,
    fleet: snapshot.fleet && { ...snapshot.fleet, targetUnits: Math.max(0, snapshot.fleet.targetUnits + world.beyond) },
    definitions: isUsed
      ? [...snapshot.definitions, ...aSnapshot({ services: [report] }).definitions]
      : snapshot.definitions,
    tasks: snapshot.tasks.filter(({ containerInstanceArn }) => !unknown.has(containerInstanceArn)),
  };
}

const REPORT = { cpuUnits: 256, memoryMiB: 512 };

function serviceOf(seed: ServiceSeed, hosts: readonly Host[]): ServiceSpec {
  const { name, constraints = [], isDaemon = false } = KINDS[seed.kind] ?? { name: '' };
  const running = hosts.reduce((sum, { tasks }) => sum + (tasks?.[name] ?? 0), 0);
  const desiredCount = isDaemon ? hosts.length : Math.max(0, running + seed.extra);
  return {
    name,
    revision: revisionOf(seed),
    shape: shapeOf(seed),
    schedulingStrategy: isDaemon ? 'DAEMON' : 'REPLICA',
    placementConstraints: constraints,
    placementStrategy: seed.strategy,
    desiredCount,
    minimumHealthyPercent: seed.bounds[0],
    maximumPercent: seed.bounds[1],
    isDeploying: seed.isDeploying,
    deployments: [
      {
        status: 'PRIMARY',
        taskDefinition: definitionArnOf(name, revisionOf(seed)),
        desiredCount,
        runningCount: seed.isDeploying ? 0 : running,
        pendingCount: 0,
      },
    ],
    placementFailure: seed.isFailing ? 'unable to place a task' : null,
  };
}

/** The shape of a revision never changes, so a size makes a revision. */
function revisionOf({ cpuUnits, memoryMiB }: ServiceSeed): number {
  return cpuUnits * 100 + memoryMiB / 256;
}

function shapeOf({ kind, cpuUnits, memoryMiB }: ServiceSeed): Partial<TaskShape> {
  const isDaemon = KINDS[kind]?.isDaemon === true;
  return { cpuUnits: isDaemon ? 64 : cpuUnits, memoryMiB: isDaemon ? 128 : memoryMiB, ...KINDS[kind]?.shape };
}

function hostOf(seed: HostSeed, at: number, services: readonly ServiceSeed[]): Host {
  const { type, zone, isSpot, ageMs } = seed;
  const common = { id: `i-${at}`, type, zone, instance: { isSpot, launchedAt: NOW - ageMs } };
  if (seed.state === null) return { ...common, containerInstance: null };
  const size = TYPES.find(({ name }) => name === type);
  return {
    ...common,
    tasks: tasksOn(seed, services),
    containerInstance: {
      registered: registeredBy(type),
      gpus: size?.gpus ?? 0,
      registeredAt: NOW - ageMs + 60_000,
      ...seed.state,
      attributes: {
        'ecs.instance-type': type,
        'ecs.cpu-architecture': size?.architecture ?? 'x86_64',
        'ecs.os-type': 'linux',
        ...seed.state.attributes,
      },
    },
  };
}

/** As many of the wished tasks as there is room for, by sizes, GPUs, interfaces and what only one task can have. */
function tasksOn({ type, wishes }: HostSeed, services: readonly ServiceSeed[]): Record<string, number> {
  const size = TYPES.find(({ name }) => name === type);
  let { cpuUnits, memoryMiB } = registeredBy(type);
  let [gpus, enis] = [size?.gpus ?? 0, size?.eniSlots ?? 0];
  const tasks: Record<string, number> = {};
  const wished: readonly (readonly [string, Partial<TaskShape>, number])[] = [
    ...services.map((seed) => [nameOf(seed.kind), shapeOf(seed), wishes[seed.kind] ?? 0] as const),
    ['family:report', REPORT, (wishes.at(-1) ?? 0) > 2 ? 1 : 0],
  ];
  for (const [name, shape, wish] of wished) {
    const isAlone = ['port', 'lone', 'shy', 'logs', 'intel'].includes(name);
    for (let left = isAlone ? Math.min(1, wish) : wish; left > 0; left -= 1) {
      const need = { cpuUnits: 0, memoryMiB: 0, gpus: 0, eniSlots: 0, ...shape };
      if (need.cpuUnits > cpuUnits || need.memoryMiB > memoryMiB || need.gpus > gpus || need.eniSlots > enis) break;
      cpuUnits -= need.cpuUnits;
      memoryMiB -= need.memoryMiB;
      gpus -= need.gpus;
      enis -= need.eniSlots;
      tasks[name] = (tasks[name] ?? 0) + 1;
    }
  }
  return tasks;
}
