// From the values of the controller's file to the policy that the planner follows: its units and its words.
import type { Policy } from '../plan/policy.ts';
import type { CONTROLLER_SETTINGS } from './controller-settings.ts';
import type { FleetConfig } from './fleet.ts';
import { pinsOf } from './headroom.ts';
import type { Values } from './settings.ts';

type Table = typeof CONTROLLER_SETTINGS;

export function policyOf(values: Values<Table>, fleet: FleetConfig): Policy {
  return {
    headroom: headroomOf(values),
    fleet: { name: fleet.name, minUnits: fleet.minUnits, maxUnits: fleet.maxUnits },
    scaleIn: { idleMs: values['scaleIn.idleSeconds'] * 1_000 },
    pendingDebounceMs: values.pendingDebounceSeconds * 1_000,
    joinGraceMs: values.joinGraceSeconds * 1_000,
    disconnectGraceMs: values.disconnectGraceSeconds * 1_000,
    isReportedByInstance: values['metrics.perInstance'],
  };
}

function headroomOf(values: Values<Table>): Policy['headroom'] {
  const quantile = values['headroom.arrivalQuantile'];
  return {
    largestTasks: values['headroom.largestTasks'],
    survive: values['headroom.survive'],
    pins: pinsOf(values['headroom.pins']),
    arrivalQuantile: quantile === 'off' ? null : quantile,
    forgetLargestMs: values['headroom.forgetLargestSeconds'] * 1_000,
    floors: values['headroom.floors'],
  };
}
