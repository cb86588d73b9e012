// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html
import type { ApiAction } from '../api.ts';
import { taskDefinitionSpecOf } from './task-definition-input.ts';
import { taskDefinitionJson } from './task-definition-json.ts';

export const registerTaskDefinition: ApiAction = ({ world, input }) => {
  return {
    taskDefinition: taskDefinitionJson(world.ecs.registerTaskDefinition(taskDefinitionSpecOf(input))),
    tags: [],
  };
};
