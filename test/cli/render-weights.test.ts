import { describe, expect, it } from 'vitest';
import { renderWeights } from '../../src/cli/render-weights.ts';
import { aReport, weightAdvice } from '../support/report-builder.ts';

const page = (over: Parameters<typeof weightAdvice>[0] = {}) =>
  renderWeights(aReport({ weights: weightAdvice(over) }), 100);

describe('the advice on weights', () => {
  it('is nothing when the weights are good', () => {
    expect(renderWeights(aReport(), 100)).toBe('');
  });

  it('shows what a unit of each type is worth, better weights, and what the present ones lose', () => {
    expect(page()).toBe(`Weights mislead: what one unit is worth in tasks of 4096cpu/14336MiB
type        weight  slots  slots a unit  better weight
m5.xlarge        4      1          0.25              1
c5.2xlarge       8      1         0.125              1
  Answered with c5.2xlarge in place of m5.xlarge, the same number of units brings 50 % less room for
  them.`);
  });

  it('names a type that hosts none, and gives it no weight', () => {
    const types = [
      ...weightAdvice().types,
      { instanceType: 'c5.large', weightUnits: 2, slots: 0, slotsPerUnit: 0, recommendedWeight: 1 },
    ];
    expect(page({ types })).toMatch(/^c5\.large +2 +0 +0 +-$/m);
    expect(page({ types })).toContain('  c5.large hosts none: units of that kind bring no room for them.');
  });

  it('speaks of no loss where only one type hosts any', () => {
    expect(page({ types: weightAdvice().types.slice(0, 1), loss: 0 })).not.toContain('%');
  });
});
