// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
import { serviceNamed } from '../../world/ecs/cluster.ts';
import type { ApiAction } from '../api.ts';
import { flag, has, requiredText } from './input.ts';
import { clusterOf, taskDefinitionOf } from './lookup.ts';
import { serviceChangeOf } from './service-input.ts';
import { serviceJson } from './service-json.ts';

export const updateService: ApiAction = (request) => {
  const { world, input } = request;
  const service = serviceNamed(clusterOf(request), requiredText(input, 'service'));
  world.ecs.updateService(service, {
    ...serviceChangeOf(input),
    ...(has(input, 'taskDefinition') ? { definition: taskDefinitionOf(request) } : {}),
    forceNewDeployment: flag(input, 'forceNewDeployment'),
  });
  return { service: serviceJson(service) };
};
