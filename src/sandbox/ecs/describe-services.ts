// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeServices.html
import { findService } from '../../world/ecs/cluster.ts';
import { ecsArn } from '../../world/ecs/identity.ts';
import type { ApiAction } from '../api.ts';
import { requiredTexts } from './input.ts';
import { clusterOf, findAll } from './lookup.ts';
import { serviceJson } from './service-json.ts';

export const describeServices: ApiAction = (request) => {
  const cluster = clusterOf(request);
  const { found, failures } = findAll(
    requiredTexts(request.input, 'services', 10),
    (reference) => findService(cluster, reference),
    (name) => ecsArn(request.world.settings, 'service', `${cluster.name}/${name}`),
  );
  return { services: found.map(serviceJson), failures };
};
