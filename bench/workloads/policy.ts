// What the operator of a made-up cluster wants: two of each largest task, and the loss of a pool survived.
import type { Policy } from '../../src/plan/policy.ts';

export const BENCH_POLICY: Policy = {
  headroom: {
    largestTasks: 2,
    survive: 'pool',
    pins: [],
    arrivalQuantile: 0.95,
    forgetLargestMs: 86_400_000,
    floors: [],
  },
  fleet: { name: 'bench', minUnits: 0, maxUnits: 1_000_000 },
  scaleIn: { idleMs: 0 },
  // Pending tasks of the bench count at once, or a first plan would have nothing to do.
  pendingDebounceMs: 0,
  joinGraceMs: 600_000,
  disconnectGraceMs: 300_000,
  isReportedByInstance: false,
};
