// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_GetTaskProtection.html
import { findTask } from '../../world/ecs/cluster.ts';
import { ecsArn } from '../../world/ecs/identity.ts';
import type { ApiAction } from '../api.ts';
import { requiredTexts } from './input.ts';
import { clusterOf, findAll } from './lookup.ts';
import { isProtectable, protectionJson } from './protection-json.ts';

export const getTaskProtection: ApiAction = (request) => {
  const cluster = clusterOf(request);
  const { found, failures } = findAll(
    requiredTexts(request.input, 'tasks', 100),
    (reference) => findTask(cluster, reference),
    (id) => ecsArn(request.world.settings, 'task', `${cluster.name}/${id}`),
  );
  const { now } = request.world.agenda;
  return {
    protectedTasks: found.filter(isProtectable).map((task) => protectionJson(task, now)),
    failures: [
      ...failures,
      ...found.filter((task) => !isProtectable(task)).map(({ arn }) => ({ arn, reason: 'TASK_NOT_VALID' })),
    ],
  };
};
