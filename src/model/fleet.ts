// A Spot fleet as the controller sees it. Units are weighted capacity, never instances.
import type { FleetId, InstanceId } from './ids.ts';
import type { LaunchSpec } from './launch.ts';

export type FleetState =
  | 'submitted'
  | 'active'
  | 'modifying'
  | 'failed'
  | 'cancelled'
  | 'cancelled_running'
  | 'cancelled_terminating';

export type FleetType = 'maintain' | 'request' | 'instant';
export type ExcessCapacityTerminationPolicy = 'default' | 'noTermination';

/**
 * What the fleet itself does when a rebalance recommendation reaches a member: `launch` launches a replacement and leaves
 * the member, `launch-before-terminate` ends it, too.
 * https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_SpotCapacityRebalance.html
 */
export type CapacityRebalance = 'launch' | 'launch-before-terminate';

/** One launch override: an instance type and the weight it counts for. */
export interface FleetOption {
  readonly instanceType: string;
  readonly weightUnits: number;
}

export interface FleetMember {
  readonly instanceId: InstanceId;
  readonly instanceType: string;
}

export interface Fleet {
  readonly id: FleetId;
  readonly state: FleetState;
  readonly type: FleetType;
  readonly excessCapacityTerminationPolicy: ExcessCapacityTerminationPolicy;
  /** null when it is off, as it should be: replacing is ours. */
  readonly capacityRebalance: CapacityRebalance | null;
  /** Shows the old value while `state` is `modifying`. */
  readonly targetUnits: number;
  /** The part of the target that is to be On-Demand. */
  readonly onDemandTargetUnits: number;
  /** What of the fulfilled units is On-Demand. */
  readonly onDemandFulfilledUnits: number;
  readonly fulfilledUnits: number;
  readonly options: readonly FleetOption[];
  /** As the request has them; a type may be named by several. */
  readonly launchSpecs: readonly LaunchSpec[];
  /** By instance id. Possibly out of date: AWS refreshes this list periodically. */
  readonly members: readonly FleetMember[];
}

/** It will never launch anything again. */
export function isEnded({ state }: Fleet): boolean {
  return state !== 'submitted' && state !== 'active' && state !== 'modifying';
}
