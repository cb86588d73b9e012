// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
import type { ApiAction } from '../api.ts';
import { text, whole } from './input.ts';
import { clusterOf } from './lookup.ts';
import { placementConstraintsOf, placementStrategyOf } from './placement-input.ts';
import { standaloneInputOf } from './standalone-input.ts';
import { taskJson } from './task-json.ts';

export const runTask: ApiAction = (request) => {
  const { world, input } = request;
  const cluster = clusterOf(request);
  const count = whole(input, 'count', 1, 10) ?? 1;
  const clientToken = text(input, 'clientToken');
  const placementConstraints = placementConstraintsOf(input);
  const placementStrategy = placementStrategyOf(input);
  const { tasks, failures } = world.ecs.runTask(cluster, {
    ...standaloneInputOf(request),
    count,
    ...(clientToken === undefined ? {} : { clientToken }),
    ...(placementConstraints === undefined ? {} : { placementConstraints }),
    ...(placementStrategy === undefined ? {} : { placementStrategy }),
  });
  return { tasks: tasks.map(taskJson), failures };
};
