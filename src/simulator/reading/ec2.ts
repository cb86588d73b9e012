// The world's EC2 in the words of our model, as the adapters over the real API would read it.
import type { Fleet } from '../../model/fleet.ts';
import { fleetId, instanceId } from '../../model/ids.ts';
import type { Instance, InstanceType } from '../../model/instance.ts';
import type { Fleet as WorldFleet } from '../../world/ec2/fleet.ts';
import type { Ec2Instance } from '../../world/ec2/instance.ts';
import { findInstanceType } from '../../world/ec2/instance-types.ts';

export function readInstance(from: Ec2Instance): Instance {
  return {
    id: instanceId(from.id),
    instanceType: from.instanceType,
    zone: from.zone,
    state: from.state,
    isSpot: from.spotInstanceRequestId !== null,
    launchedAt: from.launchedAt,
    launch: {
      imageId: from.imageId,
      template: from.template === null ? null : { id: from.template.id, version: from.template.version },
    },
  };
}

/** null for a name that EC2 does not know. */
export function readInstanceType(name: string): InstanceType | null {
  const type = findInstanceType(name);
  if (type === null) return null;
  return {
    name,
    nominal: { cpuUnits: type.vcpus * 1_024, memoryMiB: type.memoryMiB },
    gpus: type.gpus?.count ?? 0,
    architecture: type.architecture,
    // The first network interface is the instance's own.
    eniSlots: Math.max(0, type.networkInterfaces - 1),
    eniSlotsWithTrunk: type.tasksWithTrunk,
  };
}

/** @param members the ones of the fleet's present members, in the order of their ids */
export function readFleet(from: WorldFleet, members: Fleet['members']): Fleet {
  const weights = new Map<string, number>();
  for (const { instanceType, weightUnits } of from.spec.overrides) {
    weights.set(instanceType, Math.max(weightUnits, weights.get(instanceType) ?? 0));
  }
  return {
    id: fleetId(from.id),
    state: from.state,
    type: from.spec.type,
    excessCapacityTerminationPolicy: from.excessCapacityTerminationPolicy,
    capacityRebalance: from.spec.capacityRebalance,
    targetUnits: from.targetUnits,
    onDemandTargetUnits: from.onDemandTargetUnits,
    onDemandFulfilledUnits: from.onDemandFulfilledUnits,
    fulfilledUnits: from.fulfilledUnits,
    launchSpecs: [...weights.keys()].map((instanceType) => ({
      instanceType,
      imageId: null,
      template: { idOrName: from.template.id, version: from.template.version },
    })),
    options: [...weights].map(([instanceType, weightUnits]) => ({ instanceType, weightUnits })),
    members,
  };
}
