// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
import type { ApiAction } from '../api.ts';
import { invalid, requiredText, word } from './input.ts';
import { clusterOf, taskDefinitionOf } from './lookup.ts';
import { serviceChangeOf } from './service-input.ts';
import { serviceJson } from './service-json.ts';

export const createService: ApiAction = (request) => {
  const { world, input } = request;
  const cluster = clusterOf(request);
  const name = requiredText(input, 'serviceName');
  if (!/^[\w-]{1,255}$/.test(name)) throw invalid(`Invalid service name: ${name}.`);
  const schedulingStrategy = word(input, 'schedulingStrategy', ['REPLICA', 'DAEMON'] as const) ?? 'REPLICA';
  const rest = serviceChangeOf(input);
  if (schedulingStrategy === 'REPLICA' && rest.desiredCount === undefined) {
    throw invalid('Desired count cannot be empty.');
  }
  const definition = taskDefinitionOf(request);
  return { service: serviceJson(world.ecs.createService(cluster, { name, definition, schedulingStrategy, ...rest })) };
};
