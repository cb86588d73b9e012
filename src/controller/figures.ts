// The report as figures for CloudWatch. Only sums over the cluster and the fleet: each distinct set of dimensions is
// paid for.
import type { PlanReport } from '../plan/report.ts';
import type { Metric } from '../ports/metrics.ts';

/** @param placementFailures services whose newest event says that a task could not be placed */
export function figuresOf(report: PlanReport, fleet: string, placementFailures: number): Metric[] {
  const largest = report.shapes.filter(({ isLargest }) => isLargest);
  const sum = (of: (line: (typeof report.shapes)[number]) => number, lines = report.shapes) =>
    lines.reduce((total, line) => total + of(line), 0);
  const standing = (name: string) => report.ledger.filter((line) => line.standing === name).length;
  return [
    { name: 'SchedulableTasks', value: sum((line) => line.schedulableNow, largest) },
    { name: 'PromisedTasks', value: sum((line) => line.promised, largest) },
    { name: 'PendingTasks', value: sum((line) => line.pending) },
    { name: 'PlacementFailures', value: placementFailures },
    { name: 'InterruptionNotices', value: standing('noticed') },
    { name: 'Retiring', value: standing('retiring') },
    { name: 'TargetCapacity', value: report.target.presentUnits, fleet },
    { name: 'FulfilledCapacity', value: report.target.fulfilledUnits, fleet },
    { name: 'UsableCapacity', value: report.target.usableUnits, fleet },
  ];
}
