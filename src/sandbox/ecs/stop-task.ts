// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopTask.html
import { findTask } from '../../world/ecs/cluster.ts';
import type { ApiAction } from '../api.ts';
import { invalid, requiredText, text } from './input.ts';
import { clusterOf } from './lookup.ts';
import { taskJson } from './task-json.ts';

export const stopTask: ApiAction = (request) => {
  const { world, input } = request;
  const task = findTask(clusterOf(request), requiredText(input, 'task'));
  if (task === undefined) throw invalid('The referenced task was not found.');
  world.ecs.stopTask(task, text(input, 'reason') ?? 'Task stopped by user');
  return { task: taskJson(task) };
};
