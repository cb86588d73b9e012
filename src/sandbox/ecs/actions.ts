// The ECS actions the sandbox answers.
import type { ApiAction } from '../api.ts';
import { listAccountSettings, putAccountSetting } from './account-settings.ts';
import { createService } from './create-service.ts';
import { deleteAttributes } from './delete-attributes.ts';
import { describeClusters } from './describe-clusters.ts';
import { describeContainerInstances } from './describe-container-instances.ts';
import { describeServices } from './describe-services.ts';
import { describeTaskDefinition } from './describe-task-definition.ts';
import { describeTasks } from './describe-tasks.ts';
import { getTaskProtection } from './get-task-protection.ts';
import { listContainerInstances } from './list-container-instances.ts';
import { listServices } from './list-services.ts';
import { listTasks } from './list-tasks.ts';
import { putAttributes } from './put-attributes.ts';
import { registerTaskDefinition } from './register-task-definition.ts';
import { runTask } from './run-task.ts';
import { startTask } from './start-task.ts';
import { stopTask } from './stop-task.ts';
import { listTagsForResource, tagResource, untagResource } from './tags.ts';
import { updateContainerInstancesState } from './update-container-instances-state.ts';
import { updateService } from './update-service.ts';
import { updateTaskProtection } from './update-task-protection.ts';

/** By the name AWS gives them. An `ApiError`, or a `Refusal` of the world, is the answer to what cannot be done. */
export const ecsActions: Readonly<Record<string, ApiAction>> = {
  CreateService: createService,
  DeleteAttributes: deleteAttributes,
  DescribeClusters: describeClusters,
  DescribeContainerInstances: describeContainerInstances,
  DescribeServices: describeServices,
  DescribeTaskDefinition: describeTaskDefinition,
  DescribeTasks: describeTasks,
  GetTaskProtection: getTaskProtection,
  ListAccountSettings: listAccountSettings,
  ListContainerInstances: listContainerInstances,
  ListServices: listServices,
  ListTagsForResource: listTagsForResource,
  ListTasks: listTasks,
  PutAccountSetting: putAccountSetting,
  PutAccountSettingDefault: putAccountSetting,
  PutAttributes: putAttributes,
  RegisterTaskDefinition: registerTaskDefinition,
  RunTask: runTask,
  StartTask: startTask,
  StopTask: stopTask,
  TagResource: tagResource,
  UntagResource: untagResource,
  UpdateContainerInstancesState: updateContainerInstancesState,
  UpdateService: updateService,
  UpdateTaskProtection: updateTaskProtection,
};
