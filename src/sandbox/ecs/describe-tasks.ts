// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html
import { findTask } from '../../world/ecs/cluster.ts';
import { ecsArn } from '../../world/ecs/identity.ts';
import type { ApiAction } from '../api.ts';
import { requiredTexts } from './input.ts';
import { clusterOf, findAll } from './lookup.ts';
import { taskJson } from './task-json.ts';

export const describeTasks: ApiAction = (request) => {
  const cluster = clusterOf(request);
  const { found, failures } = findAll(
    requiredTexts(request.input, 'tasks', 100),
    (reference) => findTask(cluster, reference),
    (id) => ecsArn(request.world.settings, 'task', `${cluster.name}/${id}`),
  );
  return { tasks: found.map(taskJson), failures };
};
