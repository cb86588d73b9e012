// The allocation strategies of a Spot fleet: which pool the next instance comes from, and which instance goes first when
// the fleet itself sheds capacity. Pure but for the dice that break ties.
import type { Rng } from '../../ports/rng.ts';
import { pick } from '../seeded-rng.ts';
import type { Pool } from './market.ts';

export type AllocationStrategy = 'priceCapacityOptimized' | 'capacityOptimized' | 'diversified' | 'lowestPrice';

/** A pool as one fleet sees it. */
export interface PoolView {
  readonly pool: Pool;
  /** What one instance of the pool counts for in this fleet. */
  readonly weightUnits: number;
  /** Units the fleet holds in the pool. */
  readonly heldUnits: number;
}

/**
 * Pools this much dearer than the cheapest still count as equally cheap under priceCapacityOptimized. AWS publishes no
 * figure; without one a fleet in a calm market would put everything into a single pool, which real fleets do not.
 */
const NEARLY_THE_SAME_PRICE = 1.2;

/** The pool for the next instance, or null when there is none to choose from. */
export function choosePool<View extends PoolView>(
  strategy: AllocationStrategy,
  views: readonly View[],
  rng: Rng,
): View | null {
  return views.length === 0 ? null : pick(rng, bestPools(strategy, views));
}

/** The instance's pool that is to lose one first, by the rules AWS gives for a decrease of the target capacity. */
export function choosePoolToShrink<View extends PoolView>(
  strategy: AllocationStrategy,
  views: readonly View[],
  rng: Rng,
): View | null {
  return views.length === 0 ? null : pick(rng, worstPools(strategy, views));
}

function bestPools<View extends PoolView>(strategy: AllocationStrategy, views: readonly View[]): View[] {
  switch (strategy) {
    case 'lowestPrice':
      return least(views, pricePerUnit);
    case 'capacityOptimized':
      return least(views, (view) => -depth(view));
    case 'diversified':
      return least(views, (view) => view.heldUnits);
    case 'priceCapacityOptimized': {
      const deep = deepest(views);
      const cheapest = Math.min(...deep.map(pricePerUnit));
      const cheap = deep.filter((view) => pricePerUnit(view) <= cheapest * NEARLY_THE_SAME_PRICE);
      return least(cheap, (view) => view.heldUnits);
    }
    default:
      return strategy satisfies never;
  }
}

function worstPools<View extends PoolView>(strategy: AllocationStrategy, views: readonly View[]): View[] {
  switch (strategy) {
    case 'lowestPrice':
      return least(views, (view) => -pricePerUnit(view));
    case 'capacityOptimized':
      return least(views, depth);
    case 'diversified':
      return least(views, (view) => -view.heldUnits);
    case 'priceCapacityOptimized':
      return least(least(views, depth), (view) => -pricePerUnit(view));
    default:
      return strategy satisfies never;
  }
}

/** Pools with at least half of what the deepest has to give: the "highest capacity availability" of AWS's text. */
function deepest<View extends PoolView>(views: readonly View[]): View[] {
  const most = Math.max(...views.map(depth));
  return views.filter((view) => depth(view) >= most / 2);
}

function depth(view: PoolView): number {
  return view.pool.available ?? Number.POSITIVE_INFINITY;
}

function pricePerUnit(view: PoolView): number {
  return view.pool.pricePerHour / view.weightUnits;
}

/** All items that share the smallest score. */
function least<Item>(items: readonly Item[], score: (item: Item) => number): Item[] {
  const smallest = Math.min(...items.map(score));
  return items.filter((item) => score(item) === smallest);
}
