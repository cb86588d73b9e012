// A task as either of its two lists gives it: the ECS agent's, which costs nothing, or that of ECS.
import { shortName, type TaskArn, type TaskDefinitionArn, taskDefinitionArn } from '../../model/ids.ts';
import type { Task } from '../../model/service.ts';
import type { LocalTask } from '../../ports/metadata.ts';

export interface ListedTask {
  readonly arn: TaskArn;
  readonly family: string;
  readonly definition: TaskDefinitionArn;
  readonly isStopping: boolean;
}

/** null for a task whose containers have all ended. */
export function fromEcsAgent({ arn, family, revision, knownStatus, desiredStatus }: LocalTask): ListedTask | null {
  if (knownStatus === 'STOPPED') return null;
  return { arn, family, definition: definitionBeside(arn, family, revision), isStopping: desiredStatus === 'STOPPED' };
}

export function fromEcs({ arn, taskDefinition, desiredStatus }: Task): ListedTask {
  const [family = ''] = shortName(taskDefinition).split(':');
  return { arn, family, definition: taskDefinition, isStopping: desiredStatus === 'STOPPED' };
}

/**
 * A task's definition is always of its own account and region, so that the ARN needs no question:
 * `arn:aws:ecs:REGION:ACCOUNT:task/CLUSTER/ID` beside `arn:aws:ecs:REGION:ACCOUNT:task-definition/FAMILY:REVISION`.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
 */
function definitionBeside(task: TaskArn, family: string, revision: number): TaskDefinitionArn {
  const place = task.slice(0, task.indexOf(':task/'));
  return taskDefinitionArn(`${place}:task-definition/${family}:${revision}`);
}
