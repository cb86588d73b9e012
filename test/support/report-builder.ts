// Reports of a calm cluster, to be made less calm by each test.
import { instanceId } from '../../src/model/ids.ts';
import type {
  LedgerLine,
  NearMiss,
  PlanReport,
  ScenarioLine,
  ShapeLine,
  UnschedulableShape,
  WeightAdvice,
} from '../../src/plan/report.ts';

export function aShape(over: Partial<ShapeLine> = {}): ShapeLine {
  return {
    shape: '1024cpu/2048MiB',
    constraints: [],
    users: ['web'],
    isLargest: true,
    schedulableNow: 3,
    inFlight: 0,
    promised: 2,
    pending: 0,
    short: 0,
    afterLoss: null,
    obstacle: null,
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
    schedulable: [3],
    obstacles: [null],
    ...over,
  };
}

export function anUnschedulable(over: Partial<UnschedulableShape> = {}): UnschedulableShape {
  return {
    shape: '99999cpu/1MiB',
    constraints: [],
    users: ['huge'],
    nearestType: 'm6i.large',
    missing: { cpuUnits: 97_951, memoryMiB: 0, gpus: 0, eniSlots: 0, constraints: [] },
    ...over,
  };
}

export function aNearMiss(over: Partial<NearMiss> = {}): NearMiss {
  return {
    shape: '1024cpu/4096MiB',
    instanceType: 'm5.large',
    fits: 1,
    resource: 'memory',
    missing: 207,
    share: 207 / 4096,
    ...over,
  };
}

/** Weights by vCPU for a task of 4 vCPU and 14 GiB: an m5 takes one for 4 units, a c5 one for 8. */
export function weightAdvice(over: Partial<WeightAdvice> = {}): WeightAdvice {
  return {
    shape: '4096cpu/14336MiB',
    types: [
      { instanceType: 'm5.xlarge', weightUnits: 4, slots: 1, slotsPerUnit: 0.25, recommendedWeight: 1 },
      { instanceType: 'c5.2xlarge', weightUnits: 8, slots: 1, slotsPerUnit: 0.125, recommendedWeight: 1 },
    ],
    loss: 0.5,
    ...over,
  };
}

export function aScenario(over: Partial<ScenarioLine> = {}): ScenarioLine {
  return { name: 'promise', lost: null, tasks: 40, unplaced: 0, shortUnits: 0, ...over };
}

/** Nothing holds. */
export function aRestraint(over: Partial<PlanReport['restraint']> = {}): PlanReport['restraint'] {
  return { mode: 'full', stop: null, pause: null, frozen: [], holds: [], held: [], ...over };
}

export function aReport(over: Partial<PlanReport> = {}): PlanReport {
  return {
    cluster: 'production',
    observedAt: Date.UTC(2026, 10, 21, 8, 22, 0, 500),
    gaps: [],
    restraint: aRestraint(),
    conflicts: [],
    ledger: [aLine('i-1')],
    shapes: [aShape()],
    unschedulable: [],
    nearMisses: [],
    weights: null,
    scenarios: [aScenario({ name: 'now', tasks: 4 }), aScenario({ tasks: 6 })],
    storms: [],
    launches: { failed: 0, stoppedSince: null, nextTryAt: null },
    setAside: [],
    leadTime: { p50Ms: 95_000, p95Ms: 180_000, isLearned: true },
    target: {
      reason: 'keep',
      presentUnits: 6,
      fulfilledUnits: 6,
      leavingUnits: 0,
      usableUnits: 6,
      scenario: null,
      shortUnits: 0,
      proposedUnits: 6,
    },
    onDemand: {
      presentUnits: 0,
      fulfilledUnits: 0,
      proposedUnits: 0,
      reason: 'keep',
      missingUnits: 0,
      failedReturns: 0,
    },
    drifted: [],
    scaleIn: { reason: 'no-surplus', victims: [], unremovable: [] },
    ...over,
  };
}
