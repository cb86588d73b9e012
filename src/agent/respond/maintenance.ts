// Scheduled maintenance: AWS says days ahead that it will reboot, stop or move this instance, and says so until it has,
// sometimes longer. What is drained for it must come back when the event is over, or it drains the fleet for good.
import type { MaintenanceEvent } from '../../ports/metadata.ts';
import type { Cause } from './cause.ts';
import { unlearned } from './memory.ts';
import type { Situation } from './situation.ts';
import { needMs } from './stops.ts';

/** Those that stand, soonest first. */
export function maintenanceCauses(situation: Situation): Cause[] {
  const { signals, memory, settings, now, bootedAt } = situation;
  if (signals.maintenance === undefined) {
    return unlearned(memory, 'maintenance').map((cause) => ({ ...cause, isVoluntary: isVoluntary(cause, situation) }));
  }
  return activeEvents(situation)
    .filter(({ notBeforeAt }) => bootedAt < notBeforeAt && now >= notBeforeAt - settings.maintenance.aheadMs)
    .filter((event) => !isHandled(event, situation) && !memory.over.includes(keyOf(event)))
    .sort((a, b) => a.notBeforeAt - b.notBeforeAt || (a.id < b.id ? -1 : 1))
    .map((event) => causeFor(event, situation));
}

/** The keys of events that are over for good although AWS still lists them: kept for as long as it does. */
export function handledMaintenance(situation: Situation): string[] {
  return activeEvents(situation)
    .filter((event) => isHandled(event, situation) || situation.memory.over.includes(keyOf(event)))
    .map(keyOf);
}

function activeEvents({ signals, settings }: Situation): MaintenanceEvent[] {
  const { ignoredCodes } = settings.maintenance;
  return (signals.maintenance?.events ?? []).filter(
    ({ code, state }) => state === 'active' && !(code !== null && ignoredCodes.includes(code)),
  );
}

/**
 * Whoever reboots (or stops and starts) the instance before the date has done what the event wanted, if it concerns the
 * instance; one of the host under it (system-*) stays. Known by our own drain, made before this boot.
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/schedevents_actions_reboot.html
 */
function isHandled(event: MaintenanceEvent, { memory, bootedAt }: Situation): boolean {
  const { drained, last } = memory;
  if (!event.code?.startsWith('instance-') || drained === null || drained.since >= bootedAt) return false;
  return drained.cause === keyOf(event) || last?.key === keyOf(event);
}

function causeFor(event: MaintenanceEvent, situation: Situation): Cause {
  const cause = { key: keyOf(event), action: event.code, deadlineAt: event.notBeforeAt };
  return { kind: 'maintenance', ...cause, isVoluntary: isVoluntary(cause, situation) };
}

/** Until the last moment at which everything here can still be stopped in time. */
function isVoluntary({ deadlineAt }: Pick<Cause, 'deadlineAt'>, { now, here, settings }: Situation): boolean {
  return deadlineAt !== null && now < deadlineAt - needMs(here, settings);
}

function keyOf({ id }: MaintenanceEvent): string {
  return `maintenance/${id}`;
}
