// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSpotFleetInstances.html
import type { ApiAction } from '../api.ts';
import { findFleet } from './fleet-ids.ts';
import { pageOf, requiredText } from './input.ts';

const PAGE_LIMITS = [1, 1000] as const;

/** The live members. Weights, zones and states are not in this answer, on AWS neither. */
export const describeSpotFleetInstances: ApiAction = ({ world, input }) => {
  const fleet = findFleet(world, requiredText(input, 'SpotFleetRequestId'));
  const { items, nextToken } = pageOf(input, fleet.members, PAGE_LIMITS);
  return {
    spotFleetRequestId: fleet.id,
    activeInstanceSet: items.map(({ id, instanceType, spotInstanceRequestId }) => ({
      instanceId: id,
      instanceType,
      spotInstanceRequestId,
      instanceHealth: 'healthy',
    })),
    nextToken,
  };
};
