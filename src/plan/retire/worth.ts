// Whether what is saved is worth the moves: Karpenter's Balanced rule. The instance's share of the cost of all must be at
// least half of its share of the tasks that would have to move; it is the only published rule whose churn is bounded.
// https://github.com/kubernetes-sigs/karpenter/blob/main/designs/balanced-consolidation.md
import type { Holding } from '../ledger.ts';

const LEAST_SAVED_FOR_MOVED = 0.5;

/** Units stand for cost: the fleet pays by them. */
export function isWorthIt(holding: Holding, holdings: readonly Holding[]): boolean {
  const moved = tasksOn(holding);
  if (moved === 0) return true;
  const serving = holdings.filter(({ standing }) => standing === 'serving');
  const units = serving.reduce((sum, { weightUnits }) => sum + weightUnits, 0);
  const tasks = serving.reduce((sum, each) => sum + tasksOn(each), 0);
  return holding.weightUnits / units >= LEAST_SAVED_FOR_MOVED * (moved / tasks);
}

/** How many tasks would have to move; by ECS's own counts, daemons among them, where nobody looked. */
export function tasksOn({ ordinaryCount, containerInstance }: Holding): number {
  if (ordinaryCount !== null) return ordinaryCount;
  return (containerInstance?.runningTaskCount ?? 0) + (containerInstance?.pendingTaskCount ?? 0);
}
