import { describe, expect, it } from 'vitest';
import { lowerBound, startable, stoppable, upperBound } from '../../../src/world/ecs/service-bounds.ts';

const bounds = (minimumHealthyPercent: number, maximumPercent: number) => ({ minimumHealthyPercent, maximumPercent });

describe('the bounds of a service', () => {
  it.each([
    { min: 100, max: 200, desired: 4, lower: 4, upper: 8 },
    { min: 50, max: 100, desired: 4, lower: 2, upper: 4 },
    { min: 50, max: 100, desired: 5, lower: 3, upper: 5 },
    { min: 0, max: 100, desired: 4, lower: 0, upper: 4 },
    { min: 100, max: 100, desired: 4, lower: 4, upper: 4 },
    { min: 100, max: 150, desired: 1, lower: 1, upper: 1 },
    { min: 66, max: 133, desired: 3, lower: 2, upper: 3 },
    { min: 100, max: 110, desired: 10, lower: 10, upper: 11 },
    { min: 100, max: 200, desired: 0, lower: 0, upper: 0 },
  ])('$min/$max of $desired are $lower and $upper', ({ min, max, desired, lower, upper }) => {
    expect(lowerBound(desired, bounds(min, max))).toBe(lower);
    expect(upperBound(desired, bounds(min, max))).toBe(upper);
  });

  it.each([
    { name: '100/200 starts all replacements first', b: bounds(100, 200), alive: 4, healthy: 4, start: 4, stop: 0 },
    { name: '100/200 stops as replacements get healthy', b: bounds(100, 200), alive: 8, healthy: 7, start: 0, stop: 3 },
    { name: '50/100 stops half first', b: bounds(50, 100), alive: 4, healthy: 4, start: 0, stop: 2 },
    { name: '50/100 starts what it stopped', b: bounds(50, 100), alive: 2, healthy: 2, start: 2, stop: 0 },
    { name: '0/100 stops all', b: bounds(0, 100), alive: 4, healthy: 4, start: 0, stop: 4 },
    { name: '100/100 can do nothing', b: bounds(100, 100), alive: 4, healthy: 4, start: 0, stop: 0 },
  ])('$name', ({ b, alive, healthy, start, stop }) => {
    const standing = {
      desiredCount: 4,
      stayingCount: alive === 8 ? 4 : 0,
      aliveCount: alive,
      healthyCount: healthy,
    };
    expect({ start: startable(standing, b), stop: stoppable(standing, b) }).toEqual({ start, stop });
  });
});
