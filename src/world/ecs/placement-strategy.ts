// Strategies rank the instances a task fits on; they are best effort and applied in order, each keeping only the best of
// what the one before it left. A ranking is made once and kept up to date while tasks are placed by it.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-placement-strategies.html
import type { Rng } from '../../ports/rng.ts';
import { pick } from '../seeded-rng.ts';
import { type EcsContainerInstance, remainingOn } from './container-instance.ts';

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

/** One strategy as numbers: the instance at `index` has the amount of its class, and less is better. */
interface Level {
  readonly classOf: Int32Array;
  readonly amounts: Float64Array;
  placed(index: number): void;
}

export class Ranking {
  readonly #instances: readonly EcsContainerInstance[];
  readonly #levels: readonly Level[];
  readonly #isRandom: boolean;
  readonly #rng: Rng;

  /** @param group whose tasks meant to run spread counts: those of the service or of the task group, and no others */
  constructor(
    instances: readonly EcsContainerInstance[],
    strategies: readonly PlacementStrategy[],
    group: string,
    rng: Rng,
  ) {
    this.#instances = instances;
    this.#rng = rng;
    const random = strategies.findIndex(({ type }) => type === 'random');
    this.#isRandom = random !== -1;
    // A random choice leaves nothing for what comes after it.
    const ranking = this.#isRandom ? strategies.slice(0, random) : strategies;
    this.#levels = ranking.flatMap((strategy) => levelOf(strategy, instances, group) ?? []);
  }

  /**
   * The best of the candidates, which are indices of instances, ascending and at least one. What the strategies cannot
   * tell apart goes to the longest registered, so that equal worlds place equally.
   */
  best(candidates: readonly number[]): number {
    let best = candidates[0];
    if (best === undefined) throw new RangeError('no candidate to choose from');
    for (const candidate of candidates) if (this.#compare(candidate, best) < 0) best = candidate;
    if (!this.#isRandom) return best;
    const first = best;
    return pick(
      this.#rng,
      candidates.filter((candidate) => this.#compare(candidate, first) === 0),
    );
  }

  /** A task of the group has just been placed there. */
  placed(index: number): void {
    if (this.#instances[index]?.status !== 'ACTIVE') return;
    for (const level of this.#levels) level.placed(index);
  }

  #compare(a: number, b: number): number {
    for (const { classOf, amounts } of this.#levels) {
      const difference = (amounts[classOf[a] ?? 0] ?? 0) - (amounts[classOf[b] ?? 0] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  }
}

function levelOf(strategy: PlacementStrategy, instances: readonly EcsContainerInstance[], group: string): Level | null {
  switch (strategy.type) {
    case 'random':
      return null;
    case 'binpack':
      return packing(strategy.field, instances);
    case 'spread':
      return spreading(strategy.field, instances, group);
    default:
      return strategy satisfies never;
  }
}

function packing(field: 'cpu' | 'memory', instances: readonly EcsContainerInstance[]): Level {
  const left = (instance: EcsContainerInstance): number =>
    remainingOn(instance)[field === 'cpu' ? 'cpuUnits' : 'memoryMiB'];
  const amounts = Float64Array.from(instances, left);
  const placed = (index: number): void => {
    const instance = instances[index];
    if (instance !== undefined) amounts[index] = left(instance);
  };
  return { classOf: Int32Array.from(instances.keys()), amounts, placed };
}

function spreading(field: string, instances: readonly EcsContainerInstance[], group: string): Level {
  const classes = new Map<string, number>();
  const classOf = Int32Array.from(instances, (instance) => {
    const value = spreadValue(instance, field);
    const known = classes.get(value) ?? classes.size;
    classes.set(value, known);
    return known;
  });
  const amounts = new Float64Array(classes.size);
  const count = (index: number, more: number): void => {
    const at = classOf[index] ?? 0;
    amounts[at] = (amounts[at] ?? 0) + more;
  };
  for (const [index, { tally }] of instances.entries()) count(index, tally.groups.get(group) ?? 0);
  return { classOf, amounts, placed: (index) => count(index, 1) };
}

/** What spread groups by: the instance itself, or the value of one of its attributes. */
export function spreadValue(instance: EcsContainerInstance, field: string): string {
  if (!field.startsWith('attribute:')) return instance.ec2.id;
  return instance.attributes.get(field.slice('attribute:'.length)) ?? '';
}
