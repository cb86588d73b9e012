import { describe, expect, it } from 'vitest';
import { figuresOf, MOST_SHAPES } from '../../src/controller/figures.ts';
import type { PlanReport } from '../../src/plan/report.ts';
import { aLine, aReport, aShape } from '../support/report-builder.ts';

const OPTIONS = { fleet: 'general', placementFailures: 0, isByInstance: false };
const figures = (report: Partial<PlanReport>, over: Partial<typeof OPTIONS> = {}) =>
  figuresOf(aReport(report), { ...OPTIONS, ...over });

const SHAPES = [
  aShape({ shape: 'b', schedulableNow: 3, promised: 2, pending: 1, afterLoss: { pool: 'p', schedulable: 1 } }),
  aShape({ shape: 'a', schedulableNow: 4, promised: 2, afterLoss: { pool: 'q', schedulable: 0 } }),
  aShape({ shape: 'c', schedulableNow: 99, promised: 0, pending: 5, isLargest: false }),
];

describe('the figures of a report', () => {
  it('sum room, loss and promise over the largest shapes, and what waits over all', () => {
    const sums = figures({ shapes: SHAPES }, { placementFailures: 2 }).filter((metric) => metric.shape === undefined);
    expect(Object.fromEntries(sums.map(({ name, value }) => [name, value]))).toMatchObject({
      SchedulableTasks: 7,
      AfterLossTasks: 1,
      PromisedTasks: 4,
      PendingTasks: 6,
      PlacementFailures: 2,
    });
  });

  it('tell of each largest shape, in an order that is always the same', () => {
    const told = figures({ shapes: SHAPES }).filter((metric) => metric.shape !== undefined);
    expect(told).toEqual([
      { name: 'SchedulableTasks', value: 4, shape: 'a' },
      { name: 'AfterLossTasks', value: 0, shape: 'a' },
      { name: 'SchedulableTasks', value: 3, shape: 'b' },
      { name: 'AfterLossTasks', value: 1, shape: 'b' },
    ]);
    expect(figures({ shapes: [...SHAPES].reverse() })).toEqual(figures({ shapes: SHAPES }));
  });

  it('tell of a bounded number of shapes, however many are largest; the sum has them all', () => {
    const shapes = Array.from({ length: 40 }, (_, index) => aShape({ shape: `s${index}`, schedulableNow: 1 }));
    const told = figures({ shapes });
    expect(new Set(told.flatMap(({ shape }) => shape ?? [])).size).toBe(MOST_SHAPES);
    expect(told.find(({ name }) => name === 'SchedulableTasks')).toEqual({ name: 'SchedulableTasks', value: 40 });
  });

  it('have no loss where none is looked at', () => {
    expect(figures({}).map(({ name }) => name)).not.toContain('AfterLossTasks');
  });

  it('count instances by where they stand', () => {
    const ledger = [aLine('i-1', { standing: 'noticed' }), aLine('i-2', { standing: 'retiring' }), aLine('i-3')];
    const values = new Map(figures({ ledger }).map(({ name, value }) => [name, value]));
    expect([values.get('InterruptionNotices'), values.get('Retiring')]).toEqual([1, 1]);
  });

  it('give units with the name of the fleet', () => {
    const units = figures({}).filter(({ fleet }) => fleet === 'general');
    expect(units.map(({ name }) => name)).toEqual(['TargetCapacity', 'FulfilledCapacity', 'UsableCapacity']);
  });

  it('tell of single instances that take tasks only when asked', () => {
    const ledger = [
      aLine('i-1', { schedulable: [2, 1] }),
      aLine('i-2', { standing: 'launching', schedulable: [0, 0] }),
    ];
    expect(figures({ ledger }).some(({ instanceId }) => instanceId !== undefined)).toBe(false);
    expect(figures({ ledger }, { isByInstance: true }).at(-1)).toEqual({
      name: 'SchedulableTasks',
      value: 3,
      instanceId: 'i-1',
    });
  });
});
