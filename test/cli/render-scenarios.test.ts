import { describe, expect, it } from 'vitest';
import { renderScenarios } from '../../src/cli/render-scenarios.ts';
import { aReport, aScenario } from '../support/report-builder.ts';

describe('the scenarios', () => {
  it('are one line when all hold', () => {
    expect(renderScenarios(aReport(), 100)).toBe('Every scenario holds [now, promise].');
    const partial = aReport({ gaps: [{ part: 'definitions', why: 'throttled' }] });
    expect(renderScenarios(partial, 100)).toBe('Every scenario holds, as far as could be seen [now, promise].');
  });

  it('are shown with what they are short of when they do not hold, the others not', () => {
    const scenarios = [
      aScenario({ name: 'now' }),
      aScenario({ name: 'pool-loss', lost: 'm5.large us-east-1a', tasks: 412, unplaced: 18, shortUnits: 9 }),
    ];
    expect(renderScenarios(aReport({ scenarios }), 100)).toBe(
      `does not hold                              tasks  no place  units short  scenario
the loss of one pool: m5.large us-east-1a    412        18            9  pool-loss`,
    );
  });

  it('are counted when there are many', () => {
    const scenarios = Array.from({ length: 25 }, () => aScenario({ name: 'zone-loss', lost: 'a', unplaced: 1 }));
    expect(renderScenarios(aReport({ scenarios }), 100)).toContain('\nand 5 more; --json has them all');
  });

  it('are nothing where nothing could be judged', () => {
    expect(renderScenarios(aReport({ scenarios: [] }), 100)).toBe('');
  });
});
