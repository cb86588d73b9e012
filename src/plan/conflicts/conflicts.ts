// Everybody else who acts on what is ours, as far as it shows: from the snapshot, and from what was asked and seen before.
import type { ClusterSnapshot } from '../../model/snapshot.ts';
import type { Holding } from '../ledger.ts';
import type { Memory } from '../memory.ts';
import type { PlanInput } from '../plan-input.ts';
import { capacityProviders } from './capacity-provider.ts';
import { capacityRebalancing } from './capacity-rebalancing.ts';
import type { Conflict } from './conflict.ts';
import { fleetMayTerminate } from './fleet-may-terminate.ts';
import { foreignDrain, foreignDrains } from './foreign-drain.ts';
import { secondDrainers } from './second-drainer.ts';
import { targetMoved } from './target-moved.ts';
import { watchTarget } from './target-watch.ts';

/** What of the doings of others has to be remembered. */
type Watched = Pick<Memory, 'targetWatch' | 'foreignDrains'>;

/** The memory after this look. */
export function seenOfOthers({ snapshot, memory, now }: PlanInput, holdings: readonly Holding[]): Watched {
  return {
    targetWatch: watchTarget(memory.targetWatch, snapshot.fleet, now),
    foreignDrains: foreignDrains(holdings, memory.foreignDrains, now),
  };
}

/** In the order of `CONFLICT_KINDS`; what could not be seen is in conflict with nobody. */
export function conflictsOf(
  snapshot: ClusterSnapshot,
  { targetWatch, foreignDrains }: Watched,
  now: number,
): Conflict[] {
  const { fleet } = snapshot;
  return [
    ...(fleet === null
      ? []
      : [...targetMoved(targetWatch, fleet), ...fleetMayTerminate(fleet), ...capacityRebalancing(fleet)]),
    ...capacityProviders(snapshot),
    ...foreignDrain(foreignDrains, now),
    ...secondDrainers(snapshot),
  ];
}
