// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StartTask.html
import type { ApiAction } from '../api.ts';
import { requiredTexts } from './input.ts';
import { clusterOf } from './lookup.ts';
import { standaloneInputOf } from './standalone-input.ts';
import { taskJson } from './task-json.ts';

export const startTask: ApiAction = (request) => {
  const cluster = clusterOf(request);
  const containerInstances = requiredTexts(request.input, 'containerInstances', 10);
  const order = { ...standaloneInputOf(request), containerInstances };
  const { tasks, failures } = request.world.ecs.startTask(cluster, order);
  return { tasks: tasks.map(taskJson), failures };
};
