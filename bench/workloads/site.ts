// The instances of a made-up cluster while tasks are put on them: what is free, what stands where. Only builders use it;
// what comes out of it is a snapshot.
import type { TaskShape } from '../../src/model/task-shape.ts';
import type { Rng } from '../../src/ports/rng.ts';
import { type Pool, registeredMemory } from './catalogue.ts';
import type { ServicePlan } from './services.ts';

export interface Site {
  readonly id: string;
  readonly pool: Pool;
  readonly hasTrunk: boolean;
  cpuUnits: number;
  memoryMiB: number;
  gpus: number;
  eniSlots: number;
  readonly takenPorts: Set<string>;
  /** How many tasks of each service, by its place in the list of plans. */
  readonly tasks: Map<number, number>;
}

/** Every pool gets one before any gets its second; the rest go by share. */
export function emptySites(count: number, pools: readonly Pool[], rng: Rng): Site[] {
  const whole = pools.reduce((sum, { share }) => sum + share, 0);
  return Array.from({ length: count }, (_, index): Site => {
    const pool = pools[index] ?? atShare(pools, rng.next() * whole);
    const hasTrunk = index % 2 === 0;
    return {
      id: `i-${index.toString(16).padStart(17, '0')}`,
      pool,
      hasTrunk,
      cpuUnits: pool.type.nominal.cpuUnits,
      memoryMiB: registeredMemory(pool.type),
      gpus: pool.type.gpus,
      eniSlots: hasTrunk ? (pool.type.eniSlotsWithTrunk ?? pool.type.eniSlots) : pool.type.eniSlots,
      takenPorts: new Set(['tcp:22', 'tcp:2375', 'tcp:2376', 'tcp:51678', 'tcp:51679']),
      tasks: new Map(),
    };
  });
}

function atShare(pools: readonly Pool[], at: number): Pool {
  let left = at;
  const found = pools.find(({ share }) => {
    left -= share;
    return left < 0;
  });
  const last = found ?? pools.at(-1);
  if (last === undefined) throw new RangeError('a cluster needs a pool');
  return last;
}

/** As many sites are looked at for each task. More would fill all alike, fewer leave the ones with odd sizes half empty. */
const LOOKS = 4;

/**
 * Puts up to `count` tasks of a service on sites that may host it, each on the best of a few picked at random: the one
 * where most of the scarcer resource is left with it. Returns how many found a place; when a search of all finds none, it ends.
 */
export function settle(
  sites: readonly Site[],
  service: { readonly index: number; readonly plan: ServicePlan },
  count: number,
  rng: Rng,
): number {
  for (let placed = 0; placed < count; placed += 1) {
    let best: Site | null = null;
    for (let look = 0; look < LOOKS; look += 1) {
      const site = sites[Math.floor(rng.next() * sites.length)];
      if (site === undefined || !hasRoom(site, service)) continue;
      if (best === null || leftWith(site, service.plan) > leftWith(best, service.plan)) best = site;
    }
    best ??= firstWithRoom(sites, Math.floor(rng.next() * sites.length), service);
    if (best === null) return placed;
    occupySite(best, service.plan.shape, service.index);
  }
  return count;
}

/** The share of the scarcer resource that is left with one task more. */
function leftWith({ cpuUnits, memoryMiB, pool: { type } }: Site, { shape }: ServicePlan): number {
  return Math.min(
    (cpuUnits - shape.cpuUnits) / type.nominal.cpuUnits,
    (memoryMiB - shape.memoryMiB) / type.nominal.memoryMiB,
  );
}

/** Sites on which a task of this service may stand, whatever is free there. */
export function mayStand(site: Site, { shape, zone }: ServicePlan): boolean {
  return (
    (zone === null || zone === site.pool.zone) &&
    (shape.architecture ?? site.pool.type.architecture) === site.pool.type.architecture
  );
}

function firstWithRoom(
  sites: readonly Site[],
  start: number,
  service: { index: number; plan: ServicePlan },
): Site | null {
  for (let step = 0; step < sites.length; step += 1) {
    const site = sites[(start + step) % sites.length];
    if (site !== undefined && hasRoom(site, service)) return site;
  }
  return null;
}

function hasRoom(site: Site, { index, plan: { shape, isDistinct } }: { index: number; plan: ServicePlan }): boolean {
  return (
    shape.cpuUnits <= site.cpuUnits &&
    shape.memoryMiB <= site.memoryMiB &&
    shape.gpus <= site.gpus &&
    shape.eniSlots <= site.eniSlots &&
    !(isDistinct && site.tasks.has(index)) &&
    !shape.hostPorts.some((port) => site.takenPorts.has(port))
  );
}

export function occupySite(site: Site, shape: TaskShape, index: number): void {
  site.cpuUnits -= shape.cpuUnits;
  site.memoryMiB -= shape.memoryMiB;
  site.gpus -= shape.gpus;
  site.eniSlots -= shape.eniSlots;
  for (const port of shape.hostPorts) site.takenPorts.add(port);
  site.tasks.set(index, (site.tasks.get(index) ?? 0) + 1);
}
