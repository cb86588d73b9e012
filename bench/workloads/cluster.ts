// A made-up cluster of any size as one snapshot: services placed until it is about 73 % full, the same for the same
// seed. Built in one run over tasks and instances, so that 100,000 tasks take a second and not a minute.

import type { Resources } from '../../src/model/resources.ts';
import type { ClusterSnapshot } from '../../src/model/snapshot.ts';
import type { TaskShape } from '../../src/model/task-shape.ts';
import type { Rng } from '../../src/ports/rng.ts';
import { seededRng } from '../../src/world/seeded-rng.ts';
import { poolsOf } from './catalogue.ts';
import { type ServicePlan, servicePlans, stretched } from './services.ts';
import { emptySites, mayStand, occupySite, type Site, settle } from './site.ts';
import { snapshotOf } from './to-snapshot.ts';

export interface ClusterSize {
  readonly instances: number;
  readonly tasks: number;
  readonly shapes: number;
  readonly pools: number;
}

export interface Workload {
  readonly size: ClusterSize;
  readonly snapshot: ClusterSnapshot;
  /** Tasks there really are, and the shares of registered cpu and memory that they take. */
  readonly filled: { readonly tasks: number; readonly cpu: number; readonly memory: number };
}

const CPU_SHARE = 0.73;
const MEMORY_SHARE = 0.66;
/** ECS allows a service this many. */
const MOST_TASKS_OF_A_SERVICE = 5_000;
/** What every instance runs beside everything else. */
const DAEMON: Resources = { cpuUnits: 64, memoryMiB: 128 };

export function aCluster(size: ClusterSize, seed: number): Workload {
  const rng = seededRng(seed);
  const pools = poolsOf(size.pools);
  const sites = emptySites(size.instances, pools, rng);
  const zones = [...new Set(pools.map(({ zone }) => zone))];
  const whole = total(sites);
  const services = fitted(
    counted(servicePlans(size.shapes - 1, zones, copiesFor(size), rng), sites, size),
    size,
    whole,
  );
  const plans = [...services.map(({ plan }) => plan), daemonPlan()];
  for (const site of sites) occupySite(site, daemonPlan().shape, services.length);
  settleAll(services, size.tasks - size.instances, rng);
  const left = total(sites);
  return {
    size,
    snapshot: snapshotOf({ sites, plans, pools }),
    filled: {
      tasks: sites.reduce((sum, { tasks }) => sum + [...tasks.values()].reduce((all, count) => all + count, 0), 0),
      cpu: 1 - left.cpuUnits / whole.cpuUnits,
      memory: 1 - left.memoryMiB / whole.memoryMiB,
    },
  };
}

/** A service with the number of tasks it is to have and where they may stand. */
interface Counted {
  readonly plan: ServicePlan;
  readonly index: number;
  readonly count: number;
  readonly mayStandOn: readonly Site[];
}

/** In a small cluster each shape belongs to one service, so that each has work. */
function copiesFor({ tasks, shapes }: ClusterSize): number {
  return tasks >= shapes * 20 ? 3 : 1;
}

function daemonPlan(): ServicePlan {
  const [plan] = servicePlans(1, [''], 1, seededRng(0));
  if (plan === undefined) throw new RangeError('no service was planned');
  const shape = { ...plan.shape, ...DAEMON, architecture: null, expressions: [] };
  return { ...plan, name: 'daemon', shape, constraints: [], strategy: [], zone: null };
}

/** One task for each service, and the others by share, as far as there can be room; what is too much the easy ones take. */
function counted(plans: readonly ServicePlan[], sites: readonly Site[], size: ClusterSize): Counted[] {
  const ordinary = size.tasks - size.instances;
  const shares = plans.reduce((sum, { share }) => sum + share, 0);
  const services = plans.map((plan, index): Counted => {
    const mayStandOn = sites.filter((site) => mayStand(site, plan));
    const wanted = 1 + Math.round((Math.max(0, ordinary - plans.length) * plan.share) / shares);
    return { plan, index, count: Math.min(wanted, mostOf(plan, plans, mayStandOn)), mayStandOn };
  });
  const left = ordinary - services.reduce((sum, { count }) => sum + count, 0);
  const easy = services.filter(({ plan }) => isEasy(plan));
  return services.map((service) =>
    isEasy(service.plan) ? { ...service, count: Math.max(1, service.count + Math.floor(left / easy.length)) } : service,
  );
}

/** Half of the instances where each takes one task, and of GPUs and network interfaces a fair part of 60 %. */
function mostOf(plan: ServicePlan, plans: readonly ServicePlan[], sites: readonly Site[]): number {
  if (isOneEach(plan)) return Math.ceil(sites.length / 2);
  const part = (of: (shape: TaskShape) => number, there: (site: Site) => number) =>
    of(plan.shape) === 0
      ? MOST_TASKS_OF_A_SERVICE
      : Math.floor(
          (0.6 * sites.reduce((sum, site) => sum + there(site), 0)) / plans.filter(({ shape }) => of(shape) > 0).length,
        );
  return Math.max(
    1,
    Math.min(
      part(
        ({ gpus }) => gpus,
        ({ gpus }) => gpus,
      ),
      part(
        ({ eniSlots }) => eniSlots,
        ({ eniSlots }) => eniSlots,
      ),
    ),
  );
}

/** The same with sizes such that all tasks together take the wanted shares of cpu and memory. */
function fitted(services: readonly Counted[], size: ClusterSize, whole: Resources): Counted[] {
  const need = (of: (shape: TaskShape) => number) =>
    services.reduce((sum, { plan, count }) => sum + of(plan.shape) * count, 0);
  const cpu = whole.cpuUnits * CPU_SHARE - DAEMON.cpuUnits * size.instances;
  const memory = whole.memoryMiB * MEMORY_SHARE - DAEMON.memoryMiB * size.instances;
  const plans = stretched(
    services.map(({ plan }) => plan),
    { cpu: cpu / need(({ cpuUnits }) => cpuUnits), memory: memory / need(({ memoryMiB }) => memoryMiB) },
  );
  return services.map((service, index) => ({ ...service, plan: plans[index] ?? service.plan }));
}

/** Those hardest to place first, then the largest; what finds no place is made up for by the easy ones. */
function settleAll(services: readonly Counted[], tasks: number, rng: Rng): void {
  const order = [...services].sort(
    (a, b) => hardness(b.plan) - hardness(a.plan) || b.plan.shape.cpuUnits - a.plan.shape.cpuUnits,
  );
  let left = tasks;
  for (const service of order) left -= settle(service.mayStandOn, service, Math.min(left, service.count), rng);
  const easy = order.filter(({ plan }) => isEasy(plan));
  for (let placed = 1; left > 0 && placed > 0; ) {
    const each = Math.max(1, Math.floor(left / easy.length));
    placed = 0;
    for (const service of easy) placed += settle(service.mayStandOn, service, Math.min(left - placed, each), rng);
    left -= placed;
  }
}

function hardness(plan: ServicePlan): number {
  return plan.shape.gpus * 4 + (isOneEach(plan) ? 2 : 0) + plan.shape.eniSlots;
}

/** It may stand on most instances, many on one. */
function isEasy(plan: ServicePlan): boolean {
  return hardness(plan) === 0 && plan.zone === null && plan.shape.architecture === 'x86_64';
}

/** An instance takes one task of such a service at most. */
function isOneEach({ shape, isDistinct }: ServicePlan): boolean {
  return isDistinct || shape.hostPorts.length > 0;
}

function total(sites: readonly Site[]): Resources {
  return {
    cpuUnits: sites.reduce((sum, { cpuUnits }) => sum + cpuUnits, 0),
    memoryMiB: sites.reduce((sum, { memoryMiB }) => sum + memoryMiB, 0),
  };
}
