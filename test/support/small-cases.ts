// Small packing problems at random, the same for the same seed, in the words of the kernel and of the exhaustive search
// alike. Sizes are such that one to four tasks fill an instance: there a greedy answer goes wrong most easily.
import { instanceId } from '../../src/model/ids.ts';
import type { HostPort } from '../../src/model/resources.ts';
import { NO_SHAPE, type TaskShape } from '../../src/model/task-shape.ts';
import { notWorked, type Room } from '../../src/plan/room.ts';
import type { Rng } from '../../src/ports/rng.ts';
import { pick } from '../../src/world/seeded-rng.ts';
import type { SmallInstance, Wanted } from './exhaustive.ts';

export interface SmallCase {
  readonly instances: readonly SmallInstance[];
  readonly wanted: readonly Wanted[];
}

const ZONES = ['a', 'b'] as const;
const PORTS: readonly HostPort[] = ['tcp:80', 'udp:53'];

/** Up to six half-filled instances, and up to eight tasks of one to five shapes. */
export function aSmallCase(rng: Rng): SmallCase {
  const instances = Array.from({ length: whole(rng, 1, 6) }, () => anInstance(rng, 0.2, 1));
  return { instances, wanted: someTasks(rng, whole(rng, 1, 8)) };
}

/** An empty instance, and four to eight tasks for as many of its kind as it takes. */
export function anEmptyCase(rng: Rng): { readonly empty: SmallInstance; readonly wanted: readonly Wanted[] } {
  const empty = {
    ...anInstance(rng, 1, 1),
    gpus: 2,
    eniSlots: 3,
    takenPorts: [],
    groups: [],
    attributes: { zone: 'a' },
  };
  return { empty, wanted: someTasks(rng, whole(rng, 4, 8)) };
}

/** Two to six instances cut into two to four tasks each, with nothing left over: exactly so many hold them all again. */
export function aPerfectCase(rng: Rng): {
  readonly empty: SmallInstance;
  readonly wanted: readonly Wanted[];
  readonly instances: number;
} {
  const empty = { ...anInstance(rng, 1, 1), cpuUnits: 4096, memoryMiB: 15_360 };
  const instances = whole(rng, 2, 6);
  const wanted = Array.from({ length: instances }, () => {
    const pieces = whole(rng, 2, 4);
    const [cpu, memory] = [partsOf(16, pieces, rng), partsOf(16, pieces, rng)];
    return cpu.map((part, at) => ({
      shape: { ...NO_SHAPE, cpuUnits: part * 256, memoryMiB: (memory[at] ?? 0) * 960 },
      count: 1,
    }));
  });
  return { empty, wanted: wanted.flat(), instances };
}

/** So many positive whole numbers that add up to the sum. */
function partsOf(sum: number, parts: number, rng: Rng): number[] {
  const cuts = new Set<number>();
  while (cuts.size < parts - 1) cuts.add(whole(rng, 1, sum - 1));
  const ends = [0, ...[...cuts].sort((a, b) => a - b), sum];
  return ends.slice(1).map((end, at) => end - (ends[at] ?? 0));
}

function anInstance(rng: Rng, least: number, most: number): SmallInstance {
  const share = () => least + (most - least) * rng.next();
  return {
    cpuUnits: Math.round(4096 * share()),
    memoryMiB: Math.round(pick(rng, [7_690, 15_500, 31_000]) * share()),
    gpus: rng.next() < 0.3 ? whole(rng, 1, 2) : 0,
    eniSlots: whole(rng, 0, 3),
    takenPorts: rng.next() < 0.2 ? [pick(rng, PORTS)] : [],
    groups: rng.next() < 0.2 ? ['service:alone'] : [],
    attributes: { zone: pick(rng, ZONES) },
  };
}

function someTasks(rng: Rng, tasks: number): Wanted[] {
  const shapes = Array.from({ length: whole(rng, 1, 5) }, () => aShapeAtRandom(rng));
  const counts = shapes.map(() => 0);
  for (let task = 0; task < tasks; task += 1) {
    const at = Math.floor(rng.next() * shapes.length);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return shapes.map((shape, at) => ({ shape, count: counts[at] ?? 0 })).filter(({ count }) => count > 0);
}

/** Three in five are bound by nothing but their size. */
function aShapeAtRandom(rng: Rng): TaskShape {
  const size = {
    ...NO_SHAPE,
    cpuUnits: 64 * whole(rng, 4, 40),
    memoryMiB: 64 * whole(rng, 4, rng.next() < 0.5 ? 60 : 200),
  };
  switch (Math.floor(rng.next() * 12)) {
    case 0:
      return { ...size, gpus: 1 };
    case 1:
      return { ...size, eniSlots: 1 };
    case 2:
      return { ...size, hostPorts: [pick(rng, PORTS)] };
    case 3:
      return { ...size, isDistinct: true, group: 'service:alone' };
    case 4:
      return { ...size, requiredAttributes: [{ name: 'zone', value: 'a' }] };
    default:
      return size;
  }
}

/** The same instance as the kernel is handed it. */
export function roomOf(instance: SmallInstance, index: number | null): Room {
  return {
    owner: index === null ? null : instanceId(`i-${index}`),
    instanceType: 'm5.xlarge',
    zone: null,
    groups: new Map(instance.groups.map((group) => [group, 1])),
    traits: {
      attributes: instance.attributes,
      architecture: null,
      agentVersion: null,
      registeredAt: null,
      runningTaskCount: null,
    },
    cpuUnits: instance.cpuUnits,
    memoryMiB: instance.memoryMiB,
    gpus: instance.gpus,
    eniSlots: instance.eniSlots,
    takenPorts: new Set(instance.takenPorts),
    isTallied: true,
    isSpot: true,
    worked: notWorked(),
  };
}

function whole(rng: Rng, least: number, most: number): number {
  return least + Math.floor(rng.next() * (most - least + 1));
}
