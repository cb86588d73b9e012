// Who else acts on what is ours: each conflict as data, with the evidence it rests on. Naming is all that is done about
// them; what there is to do is an operator's, because only he knows who the other is.
import type { CapacityRebalance } from '../../model/fleet.ts';
import type { FleetId, InstanceId } from '../../model/ids.ts';
import type { TargetMove } from './target-watch.ts';

export type Conflict =
  /** The target of the fleet is not what we last asked for, or what stood there, and nobody here asked for what it is. */
  | {
      readonly kind: 'target-moved';
      readonly fleetId: FleetId;
      /** Oldest first; at least one. */
      readonly moves: readonly TargetMove[];
    }
  /** The fleet chooses victims itself when its target comes down. */
  | { readonly kind: 'fleet-may-terminate'; readonly fleetId: FleetId; readonly targetUnits: number }
  /** The fleet answers rebalance recommendations itself. */
  | { readonly kind: 'capacity-rebalancing'; readonly fleetId: FleetId; readonly strategy: CapacityRebalance }
  /** Instances belong to a capacity provider, whose managed scaling and draining act on them. */
  | {
      readonly kind: 'capacity-provider';
      readonly provider: string;
      readonly instanceIds: readonly InstanceId[];
      /** How many of them are the fleet's. */
      readonly ofFleet: number;
    }
  /** Instances have been DRAINING for long by nobody that we know: no notice, no mark, no cordon. */
  | {
      readonly kind: 'foreign-drain';
      /** Since when each has been seen so, epoch milliseconds. */
      readonly instances: readonly { readonly instanceId: InstanceId; readonly since: number }[];
    }
  /** Something else on their hosts answers interruption notices, too. */
  | {
      readonly kind: 'second-drainer';
      /** As their agents found it: kind and name. */
      readonly found: string;
      readonly instanceIds: readonly InstanceId[];
    };

export type ConflictKind = Conflict['kind'];

export const CONFLICT_KINDS = [
  'target-moved',
  'fleet-may-terminate',
  'capacity-rebalancing',
  'capacity-provider',
  'foreign-drain',
  'second-drainer',
] as const satisfies readonly ConflictKind[];

/** What a conflict is known by while it lasts: more instances, or another move, are the same. */
export function nameOfConflict(conflict: Conflict): string {
  switch (conflict.kind) {
    case 'capacity-provider':
      return `${conflict.kind} ${conflict.provider}`;
    case 'second-drainer':
      return `${conflict.kind} ${conflict.found}`;
    case 'target-moved':
    case 'fleet-may-terminate':
    case 'capacity-rebalancing':
    case 'foreign-drain':
      return conflict.kind;
    default:
      return conflict satisfies never;
  }
}
