// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeContainerInstances.html
import { findContainerInstance } from '../../world/ecs/cluster.ts';
import { ecsArn } from '../../world/ecs/identity.ts';
import type { ApiAction } from '../api.ts';
import { containerInstanceJson } from './container-instance-json.ts';
import { requiredTexts, texts } from './input.ts';
import { clusterOf, findAll } from './lookup.ts';

export const describeContainerInstances: ApiAction = (request) => {
  const cluster = clusterOf(request);
  const { found, failures } = findAll(
    requiredTexts(request.input, 'containerInstances', 100),
    (reference) => findContainerInstance(cluster, reference),
    (id) => ecsArn(request.world.settings, 'container-instance', `${cluster.name}/${id}`),
  );
  const { settings } = request.world;
  const include = texts(request.input, 'include') ?? [];
  return { containerInstances: found.map((instance) => containerInstanceJson(instance, settings, include)), failures };
};
