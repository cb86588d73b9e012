import { describe, expect, it } from 'vitest';
import { NO_PAINT } from '../../src/cli/paint.ts';
import { renderChart } from '../../src/cli/render-chart.ts';

const FRAME = { from: 0, until: 10_000, width: 10, height: 4 };
const point = (at: number, targetUnits: number, fulfilledUnits: number, usableUnits: number) => ({
  at,
  targetUnits,
  fulfilledUnits,
  usableUnits,
});

describe('the capacity chart', () => {
  it('draws the target as a line over what is fulfilled and what is usable', () => {
    const curve = [point(0, 4, 0, 0), point(2_500, 4, 8, 0), point(5_500, 4, 8, 6)];
    expect(renderChart(curve, FRAME, NO_PAINT)).toBe(
      [
        '    8 │  ░░░░░░░░',
        '      │  ░░░█████',
        '      │━━━━━━━━━━',
        '    2 │  ░░░█████',
        '      └──────────',
        '       0 s   10 s',
        '       ━ target   ░ fulfilled   █ usable: ACTIVE and without a notice   (units)',
      ].join('\n'),
    );
  });

  it('shows nothing before the first point', () => {
    const [top] = renderChart([point(8_500, 4, 8, 8)], FRAME, NO_PAINT).split('\n');
    expect(top).toBe('    8 │        ██');
  });

  it('is empty when there never was any capacity', () => {
    expect(renderChart([point(0, 0, 0, 0)], FRAME, NO_PAINT)).toBe('');
    expect(renderChart([], FRAME, NO_PAINT)).toBe('');
  });
});
