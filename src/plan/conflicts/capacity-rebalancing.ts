// The fleet answers rebalance recommendations itself: it launches replacements that we did not ask for, up to twice the
// target, no longer counts whom it replaces, and by `launch-before-terminate` ends them after a delay of its own.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-fleet-capacity-rebalance.html
import type { Fleet } from '../../model/fleet.ts';
import type { Conflict } from './conflict.ts';

export function capacityRebalancing({ id: fleetId, capacityRebalance: strategy }: Fleet): Conflict[] {
  return strategy === null ? [] : [{ kind: 'capacity-rebalancing', fleetId, strategy }];
}
