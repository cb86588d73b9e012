// The services of made-up clusters: sizes over two orders of magnitude, and of each twenty shapes two bound to a zone,
// three with a network interface of their own, one with a host port, one on distinct instances, one for arm64 or GPUs.
import type { PlacementConstraint, PlacementStrategy } from '../../src/model/service.ts';
import { NO_SHAPE, type TaskShape } from '../../src/model/task-shape.ts';
import type { Rng } from '../../src/ports/rng.ts';

/** A service before it has any tasks. */
export interface ServicePlan {
  readonly name: string;
  /** As its definition says it, without what the service adds. */
  readonly shape: TaskShape;
  readonly constraints: readonly PlacementConstraint[];
  readonly strategy: readonly PlacementStrategy[];
  /** The only zone its tasks may stand in. */
  readonly zone: string | null;
  readonly isDistinct: boolean;
  /** How many of the tasks, against the other services. */
  readonly share: number;
}

const STRATEGIES: readonly (readonly PlacementStrategy[])[] = [
  [],
  [{ type: 'binpack', field: 'memory' }],
  [
    { type: 'spread', field: 'attribute:ecs.availability-zone' },
    { type: 'binpack', field: 'cpu' },
  ],
  [{ type: 'spread', field: 'instanceId' }],
];

/**
 * The plans of all services; exactly `shapes` different shapes among them, each shared by `copies` services, apart from
 * those on distinct instances, which never share. Sizes are not round yet: see `stretched`.
 */
export function servicePlans(shapes: number, zones: readonly string[], copies: number, rng: Rng): ServicePlan[] {
  return Array.from({ length: shapes }, (_, index) => index).flatMap((index) => {
    const kind = kindOf(index, zones);
    const shape: TaskShape = { ...NO_SHAPE, ...sizeOf(rng), ...kind.shape };
    const services = kind.isDistinct ? 1 : copies;
    return Array.from({ length: services }, (_, copy): ServicePlan => {
      const name = `s${index}-${copy}`;
      return {
        name,
        shape,
        constraints: kind.constraints,
        strategy: STRATEGIES[Math.floor(rng.next() * STRATEGIES.length)] ?? [],
        zone: kind.zone,
        isDistinct: kind.isDistinct,
        // Small tasks are many: the share falls with the root of the size.
        share: ((0.2 + rng.next()) * kind.share) / Math.sqrt(shape.cpuUnits) / services,
      };
    });
  });
}

interface Kind {
  readonly shape: Partial<TaskShape>;
  readonly constraints: readonly PlacementConstraint[];
  readonly zone: string | null;
  readonly isDistinct: boolean;
  readonly share: number;
}

function kindOf(index: number, zones: readonly string[]): Kind {
  const x86 = { architecture: 'x86_64' } as const;
  const free: Kind = { shape: x86, constraints: [], zone: null, isDistinct: false, share: 1 };
  const zone = zones[Math.floor(index / 20) % zones.length] ?? '';
  const expression = `attribute:ecs.availability-zone in [${zone}]`;
  switch (index % 20) {
    case 0:
      return { ...free, zone, constraints: [{ type: 'memberOf', expression }] };
    case 1:
      return { ...free, zone, shape: { ...x86, expressions: [`attribute:ecs.availability-zone == ${zone}`] } };
    case 2:
    case 3:
    case 4:
      return { ...free, shape: { ...x86, eniSlots: 1 } };
    case 5:
      return { ...free, shape: { ...x86, hostPorts: [`tcp:${8000 + index}`] }, share: 0.3 };
    case 6:
      return { ...free, isDistinct: true, constraints: [{ type: 'distinctInstance' }], share: 0.3 };
    case 7:
      return index % 40 === 7
        ? { ...free, shape: { architecture: 'arm64' } }
        : { ...free, shape: { ...x86, gpus: 1 }, share: 0.1 };
    default:
      return free;
  }
}

/** Sizes over two orders of magnitude, and from one to eight MiB a unit. */
function sizeOf(rng: Rng): { cpuUnits: number; memoryMiB: number } {
  const cpuUnits = 64 * 64 ** (rng.next() ** 1.5);
  return { cpuUnits, memoryMiB: cpuUnits * 8 ** rng.next() };
}

/** The same plans with every size stretched, rounded, and still no two sizes alike. */
export function stretched(plans: readonly ServicePlan[], by: { cpu: number; memory: number }): ServicePlan[] {
  const known = new Set<string>();
  const shapes = new Map<TaskShape, TaskShape>();
  const stretch = (shape: TaskShape): TaskShape => {
    const memoryMiB = rounded(shape.memoryMiB * by.memory, 8);
    let cpuUnits = rounded(shape.cpuUnits * by.cpu, 8);
    while (known.has(`${cpuUnits}/${memoryMiB}`)) cpuUnits += 8;
    known.add(`${cpuUnits}/${memoryMiB}`);
    return { ...shape, cpuUnits, memoryMiB };
  };
  return plans.map((plan) => {
    const shape = shapes.get(plan.shape) ?? stretch(plan.shape);
    shapes.set(plan.shape, shape);
    return { ...plan, shape };
  });
}

function rounded(value: number, to: number): number {
  return Math.max(1, Math.round(value / to)) * to;
}
