// Finding container instances for tasks of one kind, one after the other: filter by what binds, rank by strategy, or say
// what came closest. It decides only; nothing is placed here. The cluster is read once, so a finder is good only as long
// as nobody else places or stops anything: within one step of the world.
import type { Rng } from '../../ports/rng.ts';
import { activeContainerInstances, type EcsCluster } from './cluster.ts';
import { type EcsContainerInstance, remainingOn } from './container-instance.ts';
import { type PlacementStrategy, Ranking } from './placement-strategy.ts';
import { canTake, type Demand, type Shortfall, shortfallsOn } from './shortfall.ts';

export interface Refused {
  readonly instance: EcsContainerInstance;
  /** At least one, gravest first. */
  readonly shortfalls: readonly Shortfall[];
}

export interface PlacementQuestion extends Demand {
  readonly strategies: readonly PlacementStrategy[];
}

export class PlacementFinder {
  readonly #question: PlacementQuestion;
  readonly #instances: readonly EcsContainerInstance[];
  readonly #ranking: Ranking;
  #candidates: number[];

  constructor(cluster: EcsCluster, question: PlacementQuestion, rng: Rng) {
    this.#question = question;
    this.#instances = activeContainerInstances(cluster);
    this.#ranking = new Ranking(this.#instances, question.strategies, question.group, rng);
    this.#candidates = [...this.#instances.keys()].filter((index) => this.#canTake(index));
  }

  /** The instance for the next task, which `place` has to put there at once; null when nothing fits. */
  placeNext<Placed>(place: (instance: EcsContainerInstance) => Placed): Placed | null {
    if (this.#candidates.length === 0) return null;
    const index = this.#ranking.best(this.#candidates);
    const instance = this.#instances[index];
    if (instance === undefined) throw new RangeError(`no container instance ${index}`);
    const placed = place(instance);
    this.#ranking.placed(index);
    if (!this.#canTake(index)) this.#candidates = this.#candidates.filter((candidate) => candidate !== index);
    return placed;
  }

  /** Every ACTIVE instance with its reasons, closest first; asked when nothing fits. */
  refused(): Refused[] {
    return this.#instances.map((instance) => this.#judge(instance)).sort(byCloseness);
  }

  /** The first of `refused`; null in a cluster without ACTIVE instances. */
  closest(): Refused | null {
    let closest: Refused | null = null;
    for (const instance of this.#instances) {
      const judged = this.#judge(instance);
      if (closest === null || byCloseness(judged, closest) < 0) closest = judged;
    }
    return closest;
  }

  #judge(instance: EcsContainerInstance): Refused {
    return { instance, shortfalls: shortfallsOn(instance, this.#question) };
  }

  #canTake(index: number): boolean {
    const instance = this.#instances[index];
    return instance !== undefined && canTake(instance, this.#question);
  }
}

/** AWS does not say what "closest" is; here it is the fewest obstacles, then the most cpu left. */
function byCloseness(a: Refused, b: Refused): number {
  return (
    a.shortfalls.length - b.shortfalls.length || remainingOn(b.instance).cpuUnits - remainingOn(a.instance).cpuUnits
  );
}
