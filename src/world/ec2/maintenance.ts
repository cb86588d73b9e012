// Maintenance that AWS schedules for an instance. It is only announced: whoever plays it also plays what it does to the
// instance (a reboot, a stop), and then completes it.
// https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_scheduled_events.html
import type { Rng } from '../../ports/rng.ts';
import { newMaintenanceEventId } from './ids.ts';
import type { Ec2Instance } from './instance.ts';

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceStatusEvent.html */
export const MAINTENANCE_CODES = [
  'instance-reboot',
  'system-reboot',
  'system-maintenance',
  'instance-retirement',
  'instance-stop',
] as const;
export type MaintenanceCode = (typeof MAINTENANCE_CODES)[number];

export interface MaintenanceOrder {
  /** Any text: AWS may come up with codes that nobody knows yet. */
  readonly code: MaintenanceCode | (string & {});
  /** Epoch milliseconds. */
  readonly notBeforeAt: number;
  readonly notAfterAt?: number | null;
  readonly description?: string;
}

export interface MaintenanceRecord {
  readonly id: string;
  readonly code: string;
  readonly description: string;
  readonly state: 'active' | 'completed' | 'canceled';
  readonly notBeforeAt: number;
  readonly notAfterAt: number | null;
}

/** Announces it. Returns the event's id. */
export function scheduleMaintenance(instance: Ec2Instance, order: MaintenanceOrder, rng: Rng): string {
  const { code, notBeforeAt, notAfterAt = null, description = `scheduled ${code}` } = order;
  const id = newMaintenanceEventId(rng);
  instance.maintenance = [...instance.maintenance, { id, code, description, state: 'active', notBeforeAt, notAfterAt }];
  return id;
}

/** Returns whether there was such an event that was still to come. */
export function finishMaintenance(instance: Ec2Instance, eventId: string, state: 'completed' | 'canceled'): boolean {
  const isOpen = instance.maintenance.some((event) => event.id === eventId && event.state === 'active');
  instance.maintenance = instance.maintenance.map((event) =>
    event.id === eventId && event.state === 'active' ? { ...event, state } : event,
  );
  return isOpen;
}
