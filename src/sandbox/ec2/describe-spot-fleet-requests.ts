// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSpotFleetRequests.html
import type { Fleet } from '../../world/ec2/fleet.ts';
import type { World } from '../../world/world.ts';
import type { ApiAction } from '../api.ts';
import { findFleet } from './fleet-ids.ts';
import { pageOf, texts } from './input.ts';

const PAGE_LIMITS = [1, 1000] as const;

/** Shows the old target while a fleet is `modifying`, as AWS does. */
export const describeSpotFleetRequests: ApiAction = ({ world, input }) => {
  const ids = texts(input, 'SpotFleetRequestId');
  const fleets = ids.length === 0 ? [...world.ec2.fleets.values()] : ids.map((id) => findFleet(world, id));
  const { items, nextToken } = pageOf(input, fleets, PAGE_LIMITS);
  return { spotFleetRequestConfigSet: items.map((fleet) => describeFleet(world, fleet)), nextToken };
};

function describeFleet(world: World, fleet: Fleet) {
  return {
    spotFleetRequestId: fleet.id,
    spotFleetRequestState: fleet.state,
    activityStatus: fleet.activityStatus,
    createTime: new Date(fleet.createdAt),
    spotFleetRequestConfig: describeConfig(world, fleet),
    tagSet: [],
  };
}

function describeConfig(world: World, fleet: Fleet) {
  const { allocationStrategy, maxPricePerUnitHour, type, capacityRebalance } = fleet.spec;
  return {
    iamFleetRole: `arn:aws:iam::${world.settings.accountId}:role/aws-ec2-spot-fleet-tagging-role`,
    type,
    targetCapacity: fleet.targetUnits,
    onDemandTargetCapacity: fleet.onDemandTargetUnits,
    fulfilledCapacity: fleet.fulfilledUnits,
    onDemandFulfilledCapacity: fleet.onDemandFulfilledUnits,
    allocationStrategy,
    onDemandAllocationStrategy: 'lowestPrice',
    excessCapacityTerminationPolicy: fleet.excessCapacityTerminationPolicy,
    spotMaintenanceStrategies:
      capacityRebalance === null ? null : { capacityRebalance: { replacementStrategy: capacityRebalance } },
    spotPrice: maxPricePerUnitHour === null ? null : String(maxPricePerUnitHour),
    instanceInterruptionBehavior: 'terminate',
    replaceUnhealthyInstances: false,
    terminateInstancesWithExpiration: false,
    launchTemplateConfigs: [describeTemplate(fleet)],
  };
}

function describeTemplate(fleet: Fleet) {
  const { id: launchTemplateId, version } = fleet.template;
  return {
    launchTemplateSpecification: { launchTemplateId, version },
    overrides: fleet.spec.overrides.map(({ instanceType, zone, weightUnits }) => ({
      instanceType,
      availabilityZone: zone,
      weightedCapacity: weightUnits,
    })),
  };
}
