// Finding the container instance for one task: filter by what binds, rank by strategy, or say what came closest. It
// decides only; nothing is placed here.
import type { Rng } from '../../ports/rng.ts';
import { activeContainerInstances, type EcsCluster } from './cluster.ts';
import { type EcsContainerInstance, remainingOn } from './container-instance.ts';
import { choose, type PlacementStrategy } from './placement-strategy.ts';
import { type Demand, type Shortfall, shortfallsOn } from './shortfall.ts';
import type { EcsTask } from './task.ts';

export interface Refused {
  readonly instance: EcsContainerInstance;
  /** At least one, gravest first. */
  readonly shortfalls: readonly Shortfall[];
}

export type Placement =
  | { readonly instance: EcsContainerInstance }
  /** Nothing fits: every ACTIVE instance with its reasons, closest first. */
  | { readonly instance: null; readonly refused: readonly Refused[] };

export interface PlacementQuestion extends Demand {
  readonly strategies: readonly PlacementStrategy[];
  /** Tasks of the same service or group that are meant to run. */
  readonly peers: readonly EcsTask[];
}

export function findPlacement(cluster: EcsCluster, question: PlacementQuestion, rng: Rng): Placement {
  const judged = activeContainerInstances(cluster).map((instance) => ({
    instance,
    shortfalls: shortfallsOn(instance, question),
  }));
  const candidates = judged.filter(({ shortfalls }) => shortfalls.length === 0).map(({ instance }) => instance);
  if (candidates.length > 0) return { instance: choose(candidates, question.strategies, question.peers, rng) };
  return { instance: null, refused: judged.sort(byCloseness) };
}

/** AWS does not say what "closest" is; here it is the fewest obstacles, then the most cpu left. */
function byCloseness(a: Refused, b: Refused): number {
  return (
    a.shortfalls.length - b.shortfalls.length || remainingOn(b.instance).cpuUnits - remainingOn(a.instance).cpuUnits
  );
}
