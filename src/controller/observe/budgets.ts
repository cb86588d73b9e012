// The share of each of AWS's buckets of reads that observing may take.
import type { Clock } from '../../ports/clock.ts';
import { AWS_LIMITS, CallBudget, type Share } from './call-budget.ts';

export type Budgets = Readonly<Record<keyof typeof AWS_LIMITS, CallBudget>>;

// Each is described once in the life of a leader, so the only time this matters is its beginning, when nothing may
// shrink until they are known.
const DEFINITIONS_SHARE: Share = { sustained: 0.4, burst: 0.5 };

export function budgetsOf(clock: Clock, share: Share): Budgets {
  return {
    clusterResources: new CallBudget({ limit: AWS_LIMITS.clusterResources, share, clock }),
    services: new CallBudget({ limit: AWS_LIMITS.services, share, clock }),
    definitions: new CallBudget({ limit: AWS_LIMITS.definitions, share: DEFINITIONS_SHARE, clock }),
    ec2: new CallBudget({ limit: AWS_LIMITS.ec2, share, clock }),
  };
}

/** To be called at the beginning of each observation: what it costs is counted from here. */
export function beginRound(budgets: Budgets): void {
  for (const budget of Object.values(budgets)) budget.beginRound();
}

/** Whether what has been spent since the round began could be spent once more, be it owed. */
export function canOweAnotherRound(budgets: Budgets): boolean {
  return Object.values(budgets).every((budget) => budget.canOwe(budget.spentInRound));
}

/** Whether what has been spent since the round began could be spent once more, within our share of every bucket. */
export function canAffordAnotherRound(budgets: Budgets): boolean {
  return Object.values(budgets).every((budget) => budget.available() >= budget.spentInRound);
}
