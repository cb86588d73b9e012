// What the operator of a made-up cluster wants: two of each largest task, and the loss of a pool survived.
import { RETIREMENT_REASONS } from '../../src/model/attributes.ts';
import type { Policy } from '../../src/plan/policy.ts';

const anHour = { limitMs: 3_600_000, end: 'give-up' } as const;
const drain = Object.fromEntries(RETIREMENT_REASONS.map((reason) => [reason, anHour]));

export const BENCH_POLICY: Policy = {
  mode: 'full',
  safety: { unknownShare: 0.2 },
  headroom: {
    largestTasks: 2,
    survive: 'pool',
    pins: [],
    arrivalQuantile: 0.95,
    forgetLargestMs: 86_400_000,
    floors: [],
  },
  fleet: { name: 'bench', minUnits: 0, maxUnits: 1_000_000 },
  onDemand: {
    baseUnits: 0,
    fallback: { afterMs: 120_000, maximumUnits: 0, maximumPricePerHour: null, pricePerUnitHour: null },
    returnAfterMs: 1_800_000,
  },
  retirement: {
    minimumAgeMs: 0,
    budgets: [{ most: { count: 1 }, isPerZone: false, withinMs: null }],
    quiet: [],
    consolidateEveryMs: 0,
    drain: drain as Policy['retirement']['drain'],
    drift: 'report',
    standaloneTasks: 'refuse',
  },
  interruptions: { atRiskMs: 1_800_000, storm: { notices: 2, withinMs: 180_000, lastsMs: 600_000 } },
  orphans: { response: 'terminate', disconnectedMs: 1_800_000, failuresBeforeStop: 3 },
  scaleIn: { idleMs: 0 },
  // Pending tasks of the bench count at once, or a first plan would have nothing to do.
  pendingDebounceMs: 0,
  joinGraceMs: 600_000,
  disconnectGraceMs: 300_000,
  isReportedByInstance: false,
};
