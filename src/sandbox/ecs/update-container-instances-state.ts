// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateContainerInstancesState.html
import { findContainerInstance } from '../../world/ecs/cluster.ts';
import { ecsArn } from '../../world/ecs/identity.ts';
import type { ApiAction } from '../api.ts';
import { containerInstanceJson } from './container-instance-json.ts';
import { invalid, requiredTexts, word } from './input.ts';
import { clusterOf, findAll } from './lookup.ts';

/** The status an instance has already is no failure. */
export const updateContainerInstancesState: ApiAction = (request) => {
  const { world, input } = request;
  const cluster = clusterOf(request);
  const status = word(input, 'status', ['ACTIVE', 'DRAINING'] as const);
  if (status === undefined) throw invalid('Status cannot be empty.');
  const { found, failures } = findAll(
    requiredTexts(input, 'containerInstances', 10),
    (reference) => findContainerInstance(cluster, reference),
    (id) => ecsArn(request.world.settings, 'container-instance', `${cluster.name}/${id}`),
  );
  const living = found.filter((instance) => instance.status !== 'INACTIVE');
  for (const instance of living) world.ecs.setStatus(instance, status);
  const inactive = found.filter((instance) => instance.status === 'INACTIVE');
  return {
    containerInstances: living.map((instance) => containerInstanceJson(instance, world.settings)),
    failures: [...failures, ...inactive.map(({ arn }) => ({ arn, reason: 'INACTIVE' }))],
  };
};
