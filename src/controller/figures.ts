// The report as figures for CloudWatch, where each distinct set of dimensions is paid for: sums over the cluster and the
// fleet, a bounded number of task shapes, and single instances only for those who ask.
import type { PlanReport, ShapeLine } from '../plan/report.ts';
import type { Metric } from '../ports/metrics.ts';

export interface FigureOptions {
  /** The fleet's name. */
  readonly fleet: string;
  /** Services whose newest event says that a task could not be placed. */
  readonly placementFailures: number;
  /** Also tells of every single instance. */
  readonly isByInstance: boolean;
}

// Shapes come and go with task definitions, so their number is nobody's decision, and each is two metrics. A cluster has
// rarely more than a few largest ones; what is past these is in the sums.
export const MOST_SHAPES = 10;

/** Every figure of one pass; sums first. */
export function figuresOf(report: PlanReport, options: FigureOptions): Metric[] {
  const largest = report.shapes.filter(({ isLargest }) => isLargest);
  return [
    ...clusterFigures(report, largest, options),
    ...shapeFigures(largest),
    ...(options.isByInstance ? instanceFigures(report) : []),
  ];
}

function clusterFigures(report: PlanReport, largest: readonly ShapeLine[], options: FigureOptions): Metric[] {
  const { fleet, placementFailures } = options;
  const standing = (name: string) => report.ledger.filter((line) => line.standing === name).length;
  const sum = (of: (line: ShapeLine) => number, lines = largest) => lines.reduce((total, line) => total + of(line), 0);
  const losses = largest.filter(({ afterLoss }) => afterLoss !== null);
  return [
    { name: 'SchedulableTasks', value: sum((line) => line.schedulableNow) },
    // Nobody looks at a loss unless told to survive one, and then there is no figure, not a zero.
    ...(losses.length === 0
      ? []
      : [{ name: 'AfterLossTasks', value: sum((line) => line.afterLoss?.schedulable ?? 0, losses) } as const]),
    { name: 'PromisedTasks', value: sum((line) => line.promised) },
    { name: 'PendingTasks', value: sum((line) => line.pending, report.shapes) },
    { name: 'PlacementFailures', value: placementFailures },
    { name: 'InterruptionNotices', value: standing('noticed') },
    { name: 'Retiring', value: standing('retiring') },
    { name: 'PoolsInStorm', value: report.storms.length },
    { name: 'FailedLaunches', value: report.launches.failed },
    { name: 'TargetCapacity', value: report.target.presentUnits, fleet },
    { name: 'FulfilledCapacity', value: report.target.fulfilledUnits, fleet },
    { name: 'UsableCapacity', value: report.target.usableUnits, fleet },
  ];
}

/** The first by name, so that the same cluster always has the same ones. */
function shapeFigures(largest: readonly ShapeLine[]): Metric[] {
  const told = [...largest].sort((a, b) => (a.shape < b.shape ? -1 : 1)).slice(0, MOST_SHAPES);
  return told.flatMap(({ shape, schedulableNow, afterLoss }): Metric[] => [
    { name: 'SchedulableTasks', value: schedulableNow, shape },
    ...(afterLoss === null ? [] : [{ name: 'AfterLossTasks', value: afterLoss.schedulable, shape } as const]),
  ]);
}

/** One figure an instance, summed over the largest shapes like the cluster's own; of those that take tasks. */
function instanceFigures({ ledger }: PlanReport): Metric[] {
  return ledger
    .filter(({ standing }) => standing === 'serving')
    .map(({ instanceId, schedulable }) => ({
      name: 'SchedulableTasks',
      value: schedulable.reduce((total, count) => total + count, 0),
      instanceId,
    }));
}
