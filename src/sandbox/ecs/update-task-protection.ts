// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateTaskProtection.html
import { findTask } from '../../world/ecs/cluster.ts';
import { ecsArn } from '../../world/ecs/identity.ts';
import type { ApiAction } from '../api.ts';
import { flag, has, invalid, requiredTexts, whole } from './input.ts';
import { clusterOf, findAll } from './lookup.ts';
import { isProtectable, protectionJson } from './protection-json.ts';

const DEFAULT_MINUTES = 120;

export const updateTaskProtection: ApiAction = (request) => {
  const { world, input } = request;
  const cluster = clusterOf(request);
  if (!has(input, 'protectionEnabled')) throw invalid('Protection enabled cannot be empty.');
  const minutes = whole(input, 'expiresInMinutes', 1, 2_880) ?? DEFAULT_MINUTES;
  const { found, failures } = findAll(
    requiredTexts(input, 'tasks', 10),
    (reference) => findTask(cluster, reference),
    (id) => ecsArn(request.world.settings, 'task', `${cluster.name}/${id}`),
  );
  const { now } = world.agenda;
  const until = flag(input, 'protectionEnabled') ? now + minutes * 60_000 : null;
  const valid = found.filter(isProtectable);
  for (const task of valid) world.ecs.protectTask(task, until);
  return {
    protectedTasks: valid.map((task) => protectionJson(task, now)),
    failures: [
      ...failures,
      ...found.filter((task) => !isProtectable(task)).map(({ arn }) => ({ arn, reason: 'TASK_NOT_VALID' })),
    ],
  };
};
