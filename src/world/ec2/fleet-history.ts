// The record DescribeSpotFleetRequestHistory reads: what a fleet did, in AWS's words. Kept 48 hours, as on AWS.
import type { Agenda } from '../agenda.ts';

/** Every sub-type this world can produce, with the event type AWS files it under. */
export const FLEET_EVENT_TYPES = {
  submitted: 'fleetRequestChange',
  active: 'fleetRequestChange',
  modify_in_progress: 'fleetRequestChange',
  modify_succeeded: 'fleetRequestChange',
  cancelled: 'fleetRequestChange',
  cancelled_running: 'fleetRequestChange',
  cancelled_terminating: 'fleetRequestChange',
  launched: 'instanceChange',
  terminated: 'instanceChange',
  termination_notified: 'instanceChange',
  allLaunchSpecsTemporarilyBlacklisted: 'error',
  spotInstanceCountLimitExceeded: 'error',
} as const;

export type FleetEventSubType = keyof typeof FLEET_EVENT_TYPES;

export interface FleetRecord {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly subType: FleetEventSubType;
  readonly description: string;
  readonly instanceId: string | null;
}

const KEPT_MS = 48 * 3_600_000;

export class FleetHistory {
  readonly #agenda: Agenda;
  #records: FleetRecord[] = [];

  constructor(agenda: Agenda) {
    this.#agenda = agenda;
  }

  record(subType: FleetEventSubType, description: string, instanceId: string | null = null): void {
    this.#forgetOld();
    this.#records.push({ at: this.#agenda.now, subType, description, instanceId });
  }

  /** Oldest first. */
  get records(): readonly FleetRecord[] {
    this.#forgetOld();
    return this.#records;
  }

  #forgetOld(): void {
    const oldest = this.#records[0];
    const from = this.#agenda.now - KEPT_MS;
    if (oldest !== undefined && oldest.at < from) this.#records = this.#records.filter((record) => record.at >= from);
  }
}
