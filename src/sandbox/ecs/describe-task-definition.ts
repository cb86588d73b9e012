// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTaskDefinition.html
import { type ApiAction, ApiError } from '../api.ts';
import { requiredText } from './input.ts';
import { taskDefinitionJson } from './task-definition-json.ts';

export const describeTaskDefinition: ApiAction = ({ world, input }) => {
  const definition = world.ecs.findTaskDefinition(requiredText(input, 'taskDefinition'));
  if (definition === undefined) throw new ApiError('ClientException', 'Unable to describe task definition.');
  return { taskDefinition: taskDefinitionJson(definition), tags: [] };
};
