// Somebody has given the fleet leave to choose victims. A controller does not start with such a fleet; a running one takes
// the leave back with its next change of the target, and until then any other hand that lowers it ends full instances.
import type { Fleet } from '../../model/fleet.ts';
import type { Conflict } from './conflict.ts';

export function fleetMayTerminate({ id: fleetId, excessCapacityTerminationPolicy, targetUnits }: Fleet): Conflict[] {
  return excessCapacityTerminationPolicy === 'noTermination'
    ? []
    : [{ kind: 'fleet-may-terminate', fleetId, targetUnits }];
}
