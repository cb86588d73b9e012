// Scheduled maintenance: AWS says days ahead that it will reboot, stop or move this instance, and says so until it has,
// sometimes longer. What is drained for it must come back when the event is over, or it drains the fleet for good.
import type { MaintenanceEvent } from '../../ports/metadata.ts';
import { unlearned } from './cause.ts';
import type { Situation } from './situation.ts';
import type { Cause } from './steps.ts';
import { needMs } from './stops.ts';

/** The causes that stand, soonest first, and the keys of events that are over for good although they still stand. */
export function maintenanceCauses(situation: Situation): { causes: Cause[]; over: string[] } {
  const { signals, memory, settings } = situation;
  const { response, ignoredCodes, aheadMs } = settings.maintenance;
  if (response === 'ignore') return { causes: [], over: [] };
  if (signals.maintenance === undefined) {
    const causes = unlearned(memory, 'maintenance').map((cause) => ({
      ...cause,
      isVoluntary: isVoluntary(cause, situation),
    }));
    return { causes, over: [] };
  }
  const active = (signals.maintenance?.events ?? []).filter(
    ({ code, state }) => state === 'active' && !(code !== null && ignoredCodes.includes(code)),
  );
  const isOver = (event: MaintenanceEvent) => isHandled(event, situation) || memory.over.includes(keyOf(event));
  const standing = active.filter(
    (event) => situation.bootedAt < event.notBeforeAt && situation.now >= event.notBeforeAt - aheadMs && !isOver(event),
  );
  standing.sort((a, b) => a.notBeforeAt - b.notBeforeAt || (a.id < b.id ? -1 : 1));
  return {
    causes: standing.map((event) => causeOf(event, situation)),
    over: active.filter((event) => isHandled(event, situation)).map(keyOf),
  };
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

function causeOf(event: MaintenanceEvent, situation: Situation): Cause {
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
