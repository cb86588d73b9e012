// Strategies rank the instances a task fits on; they are best effort and applied in order, each keeping only the best of
// what the one before it left.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement-strategies.html
import type { Rng } from '../../ports/rng.ts';
import { pick } from '../seeded-rng.ts';
import { type EcsContainerInstance, remainingOn } from './container-instance.ts';
import type { EcsTask } from './task.ts';

export type PlacementStrategy =
  | { readonly type: 'random' }
  /** `instanceId`, or `attribute:NAME`. */
  | { readonly type: 'spread'; readonly field: string }
  | { readonly type: 'binpack'; readonly field: 'cpu' | 'memory' };

/** What a service without a strategy gets; within a zone AWS spreads over instances as well. */
export const SERVICE_DEFAULT: readonly PlacementStrategy[] = [
  { type: 'spread', field: 'attribute:ecs.availability-zone' },
  { type: 'spread', field: 'instanceId' },
];

/** What RunTask without a strategy gets. */
export const RUN_TASK_DEFAULT: readonly PlacementStrategy[] = [{ type: 'random' }];

/**
 * The best of the candidates, which must not be empty.
 * @param peers tasks of the same service or task group that are meant to run: spread counts these and no others
 */
export function choose(
  candidates: readonly EcsContainerInstance[],
  strategies: readonly PlacementStrategy[],
  peers: readonly EcsTask[],
  rng: Rng,
): EcsContainerInstance {
  let best = candidates;
  for (const strategy of strategies) best = narrow(best, strategy, peers, rng);
  // What the strategies cannot tell apart goes to the longest registered, so that equal worlds place equally.
  const [first] = best;
  if (first === undefined) throw new RangeError('no candidate to choose from');
  return first;
}

function narrow(
  candidates: readonly EcsContainerInstance[],
  strategy: PlacementStrategy,
  peers: readonly EcsTask[],
  rng: Rng,
): readonly EcsContainerInstance[] {
  switch (strategy.type) {
    case 'random':
      return [pick(rng, candidates)];
    case 'binpack':
      return withLeast(candidates, (instance) => remainingFor(instance, strategy.field));
    case 'spread': {
      const counts = new Map<string, number>();
      for (const { containerInstance } of peers) {
        const value = spreadValue(containerInstance, strategy.field);
        if (containerInstance.status === 'ACTIVE') counts.set(value, (counts.get(value) ?? 0) + 1);
      }
      return withLeast(candidates, (instance) => counts.get(spreadValue(instance, strategy.field)) ?? 0);
    }
    default:
      return strategy satisfies never;
  }
}

function remainingFor(instance: EcsContainerInstance, field: 'cpu' | 'memory'): number {
  const remaining = remainingOn(instance);
  return field === 'cpu' ? remaining.cpuUnits : remaining.memoryMiB;
}

/** What spread groups by: the instance itself, or the value of one of its attributes. */
export function spreadValue(instance: EcsContainerInstance, field: string): string {
  if (!field.startsWith('attribute:')) return instance.ec2.id;
  return instance.attributes.get(field.slice('attribute:'.length)) ?? '';
}

function withLeast(
  candidates: readonly EcsContainerInstance[],
  measure: (instance: EcsContainerInstance) => number,
): readonly EcsContainerInstance[] {
  const measured = candidates.map((instance) => ({ instance, amount: measure(instance) }));
  const least = Math.min(...measured.map(({ amount }) => amount));
  return measured.filter(({ amount }) => amount === least).map(({ instance }) => instance);
}
