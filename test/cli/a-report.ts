// A report of a calm cluster, to be made less calm by each test.
import { instanceId } from '../../src/model/ids.ts';
import type { LedgerLine, PlanReport, ShapeLine } from '../../src/plan/report.ts';

export function aShape(over: Partial<ShapeLine> = {}): ShapeLine {
  return {
    shape: '1024cpu/2048MiB',
    services: ['web'],
    isLargest: true,
    schedulableNow: 3,
    inFlight: 0,
    promised: 2,
    pending: 0,
    short: 0,
    ...over,
  };
}

export function aLine(id: string, over: Partial<LedgerLine> = {}): LedgerLine {
  return {
    instanceId: instanceId(id),
    instanceType: 'm6i.large',
    zone: 'eu-west-1a',
    weightUnits: 2,
    standing: 'serving',
    taskCount: 4,
    ...over,
  };
}

export function aReport(over: Partial<PlanReport> = {}): PlanReport {
  return {
    cluster: 'production',
    observedAt: Date.UTC(2026, 10, 21, 8, 22, 0, 500),
    gaps: [],
    ledger: [aLine('i-1')],
    shapes: [aShape()],
    unschedulable: [],
    target: {
      reason: 'keep',
      presentUnits: 6,
      fulfilledUnits: 6,
      leavingUnits: 0,
      usableUnits: 6,
      shortUnits: 0,
      proposedUnits: 6,
    },
    scaleIn: { reason: 'no-surplus', victim: null, unremovable: [] },
    ...over,
  };
}
