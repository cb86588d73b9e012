// What ECS answers with a 200 although it did nothing of what was asked: each item is among the `failures`. For injected
// faults; what the world itself refuses is answered by the actions.
import type { ApiInput, ApiOutput } from '../api.ts';

/** Of each action that can answer so, the list it was asked with and the list it would have answered with. */
const LISTS: Readonly<Record<string, readonly [asked: string, answered: string]>> = {
  UpdateContainerInstancesState: ['containerInstances', 'containerInstances'],
  DescribeContainerInstances: ['containerInstances', 'containerInstances'],
  StartTask: ['containerInstances', 'tasks'],
  DescribeTasks: ['tasks', 'tasks'],
  GetTaskProtection: ['tasks', 'protectedTasks'],
  UpdateTaskProtection: ['tasks', 'protectedTasks'],
  DescribeServices: ['services', 'services'],
};

export const CAN_REFUSE_ITEMS: readonly string[] = Object.keys(LISTS);

/** null for an action whose answer has no failures: the fault does nothing to it. */
export function refusingEverything(action: string, input: ApiInput, reason: string): ApiOutput | null {
  const lists = Object.hasOwn(LISTS, action) ? LISTS[action] : undefined;
  if (lists === undefined) return null;
  const items = input[lists[0]];
  const named = Array.isArray(items) ? items.map(String) : [];
  return { [lists[1]]: [], failures: named.map((arn) => ({ arn, reason })) };
}
