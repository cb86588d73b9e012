// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstances.html
import type { Ec2Instance } from '../../world/ec2/instance.ts';
import type { World } from '../../world/world.ts';
import { type ApiAction, ApiError, type ApiInput } from '../api.ts';
import { applyFilters } from './filters.ts';
import { pageOf, texts } from './input.ts';
import { describeInstance, describeState, tagsOf } from './instance-description.ts';
import { findInstances } from './instance-ids.ts';

const PAGE_LIMITS = [5, 1000] as const;

/** What each plain filter compares with; `tag:KEY` stands beside them. */
const FILTERS: Readonly<Record<string, (instance: Ec2Instance) => readonly string[]>> = {
  'availability-zone': ({ zone }) => [zone],
  'instance-id': ({ id }) => [id],
  'instance-lifecycle': ({ spotInstanceRequestId }) => (spotInstanceRequestId === null ? [] : ['spot']),
  'instance-state-code': ({ state }) => [String(describeState(state).code)],
  'instance-state-name': ({ state }) => [state],
  'instance-type': ({ instanceType }) => [instanceType],
  'private-ip-address': ({ privateIp }) => [privateIp],
  'spot-instance-request-id': ({ spotInstanceRequestId }) => (spotInstanceRequestId ? [spotInstanceRequestId] : []),
  'subnet-id': ({ subnetId }) => [subnetId],
  'tag-key': (instance) => tagsOf(instance).map(({ key }) => key),
};

export const describeInstances: ApiAction = ({ world, input }) => {
  const chosen = applyFilters(input, named(world, input), isFilter, filterValues);
  const { items, nextToken } = pageOf(input, chosen, PAGE_LIMITS);
  return {
    reservationSet: items.map((instance) => ({
      // A fleet launches each instance by a request of its own, so each is a reservation.
      reservationId: `r-${instance.id.slice('i-'.length)}`,
      ownerId: world.settings.accountId,
      groupSet: [],
      instancesSet: [describeInstance(world, instance)],
    })),
    nextToken,
  };
};

function named(world: World, input: ApiInput): readonly Ec2Instance[] {
  const ids = texts(input, 'InstanceId');
  if (ids.length === 0) return [...world.ec2.instances.values()];
  if (input.MaxResults !== undefined) {
    throw new ApiError(
      'InvalidParameterCombination',
      'The parameter instancesSet cannot be used with the parameter maxResults',
    );
  }
  return findInstances(world, ids);
}

function isFilter(name: string): boolean {
  return Object.hasOwn(FILTERS, name) || name.startsWith('tag:');
}

function filterValues(instance: Ec2Instance, name: string): readonly string[] {
  if (!name.startsWith('tag:')) return FILTERS[name]?.(instance) ?? [];
  return tagsOf(instance)
    .filter(({ key }) => key === name.slice('tag:'.length))
    .map(({ value }) => value);
}
