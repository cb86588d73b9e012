// Karpenter's scheduling benchmark in ECS terms: an empty cluster, 400 instance types, and tasks of random sizes in five
// equal parts: of any kind, spread over zones, each on an instance of its own within its service, bound to a zone, and
// never two of the whole part on one instance. Sizes and types have the same distribution as there:
// https://github.com/kubernetes-sigs/karpenter/blob/main/pkg/controllers/provisioning/scheduling/scheduling_benchmark_test.go
//
// Not the same problem: Karpenter also has pods that follow other pods, and spreads zones as a hard limit; ECS has
// neither. Ours in turn answers for every type the fleet may pick. A ratio between the two says little more than an order
// of magnitude.
import type { InstanceType } from '../../src/model/instance.ts';
import type { PlacementConstraint, PlacementStrategy } from '../../src/model/service.ts';
import type { ClusterSnapshot } from '../../src/model/snapshot.ts';
import { NO_SHAPE } from '../../src/model/task-shape.ts';
import { pick, seededRng } from '../../src/world/seeded-rng.ts';
import { withDesired } from './churn.ts';
import type { ServicePlan } from './services.ts';
import { snapshotOf } from './to-snapshot.ts';

const TYPES = 400;
const CPU_UNITS = [102, 256, 512, 1_024, 1_536] as const;
const MEMORY_MIB = [100, 256, 512, 1_024, 2_048, 4_096] as const;
const LABELS = ['a', 'b', 'c', 'd', 'e', 'f', 'g'] as const;
const ZONES = ['us-east-1a', 'us-east-1b', 'us-east-1c'] as const;

const DISTINCT: readonly PlacementConstraint[] = [{ type: 'distinctInstance' }];
const ZONE_SPREAD: readonly PlacementStrategy[] = [{ type: 'spread', field: 'attribute:ecs.availability-zone' }];

/** So many tasks wanted, none of which has a place. */
export function karpenterMix(tasks: number, seed: number): ClusterSnapshot {
  const rng = seededRng(seed);
  const plans = new Map<string, ServicePlan>();
  const wanted = new Map<string, number>();
  for (let task = 0; task < tasks; task += 1) {
    const size = { cpuUnits: pick(rng, CPU_UNITS), memoryMiB: pick(rng, MEMORY_MIB) };
    const plan = planOf(task % 5, size, pick(rng, LABELS), pick(rng, ZONES));
    plans.set(plan.name, plan);
    wanted.set(plan.name, (wanted.get(plan.name) ?? 0) + 1);
  }
  const daemon: ServicePlan = { ...BASE, name: 'daemon' };
  const pools = Array.from({ length: TYPES }, (_, index) => ({ type: typeOf(index), zone: ZONES[0], share: 1 }));
  return withDesired(snapshotOf({ sites: [], plans: [...plans.values(), daemon], pools }), wanted);
}

const BASE = { shape: NO_SHAPE, constraints: [], strategy: [], zone: null, isDistinct: false, share: 1 };

function planOf(
  kind: number,
  size: { readonly cpuUnits: number; readonly memoryMiB: number },
  label: string,
  zone: string,
): ServicePlan {
  const shape = { ...NO_SHAPE, ...size };
  const words = `${size.cpuUnits}-${size.memoryMiB}`;
  switch (kind) {
    case 0:
      return { ...BASE, shape, name: `any-${words}` };
    case 1:
      return { ...BASE, shape, name: `spread-${words}`, strategy: ZONE_SPREAD };
    case 2:
      return { ...BASE, shape, name: `distinct-${words}-${label}`, constraints: DISTINCT, isDistinct: true };
    case 3: {
      const expression = `attribute:ecs.availability-zone == ${zone}`;
      return { ...BASE, shape, name: `zone-${words}-${zone}`, constraints: [{ type: 'memberOf', expression }], zone };
    }
    default: {
      // One service, because in ECS only tasks of one service keep each other away without being named.
      const medium = { ...NO_SHAPE, cpuUnits: CPU_UNITS[2], memoryMiB: MEMORY_MIB[3] };
      return { ...BASE, shape: medium, name: 'apart', constraints: DISTINCT, isDistinct: true };
    }
  }
}

/** From one vCPU with two GiB to 400 with 800. */
function typeOf(index: number): InstanceType {
  const vcpus = index + 1;
  return {
    name: `fake-it-${index}`,
    nominal: { cpuUnits: vcpus * 1_024, memoryMiB: vcpus * 2_048 },
    gpus: 0,
    architecture: 'x86_64',
    eniSlots: 3,
    eniSlotsWithTrunk: null,
  };
}
