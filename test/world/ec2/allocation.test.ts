import { describe, expect, it } from 'vitest';
import {
  type AllocationStrategy,
  choosePool,
  choosePoolToShrink,
  type PoolView,
} from '../../../src/world/ec2/allocation.ts';
import { seededRng } from '../../../src/world/seeded-rng.ts';

function aView(instanceType: string, change: Partial<PoolView['pool']> & Partial<PoolView> = {}): PoolView {
  const { weightUnits = 1, heldUnits = 0, ...pool } = change;
  return {
    pool: { instanceType, zone: 'us-east-1a', pricePerHour: 0.04, available: null, ...pool },
    weightUnits,
    heldUnits,
  };
}

/** Every pool that comes up over many rolls of the dice. */
function chosen(choose: typeof choosePool, strategy: AllocationStrategy, views: readonly PoolView[]): string[] {
  const rng = seededRng(7);
  const names = Array.from({ length: 60 }, () => choose(strategy, views, rng)?.pool.instanceType ?? 'none');
  return [...new Set(names)].sort();
}

describe('the pool for the next instance', () => {
  it('is none when there is nothing to choose from', () => {
    expect(choosePool('lowestPrice', [], seededRng(1))).toBeNull();
  });

  it('has the lowest price per unit, not per instance, under lowestPrice', () => {
    const views = [aView('dear', { pricePerHour: 0.04 }), aView('cheap', { pricePerHour: 0.06, weightUnits: 2 })];
    expect(chosen(choosePool, 'lowestPrice', views)).toEqual(['cheap']);
  });

  it('is the deepest under capacityOptimized, whatever the price', () => {
    const views = [aView('shallow', { available: 3 }), aView('deep', { available: 40, pricePerHour: 0.9 })];
    expect(chosen(choosePool, 'capacityOptimized', views)).toEqual(['deep']);
  });

  it('is the one in which the fleet holds least under diversified', () => {
    const views = [aView('held', { heldUnits: 2 }), aView('new', { pricePerHour: 0.9 })];
    expect(chosen(choosePool, 'diversified', views)).toEqual(['new']);
  });

  it('is cheap among the deep ones under priceCapacityOptimized', () => {
    const views = [
      aView('cheapest but shallow', { available: 2, pricePerHour: 0.01 }),
      aView('deep', { available: 30 }),
      aView('deep but dear', { available: 40, pricePerHour: 0.9 }),
    ];
    expect(chosen(choosePool, 'priceCapacityOptimized', views)).toEqual(['deep']);
  });

  it('alternates between pools of nearly the same price under priceCapacityOptimized', () => {
    const views = [aView('cheaper', { heldUnits: 4 }), aView('nearly as cheap', { pricePerHour: 0.044 })];
    expect(chosen(choosePool, 'priceCapacityOptimized', views)).toEqual(['nearly as cheap']);
  });

  it('is any of those that tie', () => {
    expect(chosen(choosePool, 'capacityOptimized', [aView('a'), aView('b'), aView('c')])).toEqual(['a', 'b', 'c']);
  });
});

describe('the pool that loses an instance first', () => {
  const views = [
    aView('dear', { pricePerHour: 0.9, heldUnits: 1, available: 50 }),
    aView('shallow', { available: 1, heldUnits: 2 }),
    aView('full', { heldUnits: 9, available: 50 }),
  ];

  it.each<[AllocationStrategy, string]>([
    ['lowestPrice', 'dear'],
    ['capacityOptimized', 'shallow'],
    ['priceCapacityOptimized', 'shallow'],
    ['diversified', 'full'],
  ])('under %s is the %s one', (strategy, name) => {
    expect(chosen(choosePoolToShrink, strategy, views)).toEqual([name]);
  });
});
