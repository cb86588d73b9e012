// When nothing may be given away, whoever would leave and for whatever reason: what we see, or what comes of what we do,
// is not to be trusted. Growing is never frozen: too much room costs money for a while, too little costs tasks.
import { type ActFailures, areFailing } from './act-failures.ts';
import { isTargetFought } from './conflicts/target-moved.ts';
import type { TargetWatch } from './conflicts/target-watch.ts';
import { viewFaults } from './freshness.ts';
import type { PlanInput } from './plan-input.ts';
import { isManyLost, type Roll } from './roll-call.ts';

/** Why nothing shrinks. */
export const FREEZE_REASONS = [
  /** A part of the cluster could not be seen. */
  'partial-view',
  /** What was seen is too old. */
  'stale-view',
  /** Many instances went out of sight at once. */
  'many-lost',
  /** What we did failed several times in a row. */
  'acts-failing',
  /** Somebody sets the target back whenever we have set it. */
  'target-fought',
] as const;

export type FreezeReason = (typeof FREEZE_REASONS)[number];

/** How a decision names the freeze that it obeys: what cannot be seen is another matter than what went wrong. */
export type Frozen = 'blind' | 'frozen';

/** Everything that freezes now; empty for nothing. */
export function freezeOf(
  { snapshot, policy, now }: PlanInput,
  { roll, actFailures, targetWatch }: { roll: Roll; actFailures: ActFailures; targetWatch: TargetWatch },
): FreezeReason[] {
  return [
    ...viewFaults(snapshot, now),
    ...(isManyLost(roll, policy.safety.unknownShare) ? (['many-lost'] as const) : []),
    ...(areFailing(actFailures, now) ? (['acts-failing'] as const) : []),
    ...(isTargetFought(targetWatch, now) ? (['target-fought'] as const) : []),
  ];
}

export function frozenAs(reasons: readonly FreezeReason[]): Frozen | null {
  if (reasons.length === 0) return null;
  return reasons.some((reason) => reason === 'partial-view' || reason === 'stale-view') ? 'blind' : 'frozen';
}
