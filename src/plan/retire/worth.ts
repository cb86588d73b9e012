// Whether what is saved is worth the moves: Karpenter's Balanced rule. The instance's share of the cost of all must be at
// least half of its share of the tasks that would have to move; it is the only published rule whose churn is bounded.
// https://github.com/kubernetes-sigs/karpenter/blob/main/designs/balanced-consolidation.md
import type { Holding } from '../ledger.ts';

const LEAST_SAVED_FOR_MOVED = 0.5;

/** Units stand for cost: the fleet pays by them. */
export function isWorthIt(holding: Holding, holdings: readonly Holding[]): boolean {
  const moved = tasksOn(holding);
  if (moved === 0) return true;
  const { units, tasks } = servingIn(holdings);
  return holding.weightUnits / units >= LEAST_SAVED_FOR_MOVED * (moved / tasks);
}

interface Serving {
  readonly units: number;
  readonly tasks: number;
}

/** Dozens of candidates ask of the same thousands. */
const known = new WeakMap<readonly Holding[], Serving>();

function servingIn(holdings: readonly Holding[]): Serving {
  const before = known.get(holdings);
  if (before !== undefined) return before;
  let [units, tasks] = [0, 0];
  for (const holding of holdings) {
    if (holding.standing !== 'serving') continue;
    units += holding.weightUnits;
    tasks += tasksOn(holding);
  }
  known.set(holdings, { units, tasks });
  return { units, tasks };
}

/** How many tasks would have to move; by ECS's own counts, daemons among them, where nobody looked. */
export function tasksOn({ ordinaryCount, containerInstance }: Holding): number {
  if (ordinaryCount !== null) return ordinaryCount;
  return (containerInstance?.runningTaskCount ?? 0) + (containerInstance?.pendingTaskCount ?? 0);
}
