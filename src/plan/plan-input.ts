// Everything a plan is made from.
import type { ClusterSnapshot } from '../model/snapshot.ts';
import type { Memory } from './memory.ts';
import type { Policy } from './policy.ts';

export interface PlanInput {
  readonly snapshot: ClusterSnapshot;
  readonly policy: Policy;
  /** Of the pass before. */
  readonly memory: Memory;
  /** Epoch milliseconds. */
  readonly now: number;
}
