// The ECS actions the sandbox answers.
import { EcsRefusal } from '../../world/ecs/refusal.ts';
import { type ApiAction, ApiError } from '../api.ts';
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
import { updateContainerInstancesState } from './update-container-instances-state.ts';
import { updateService } from './update-service.ts';
import { updateTaskProtection } from './update-task-protection.ts';

/** By the name AWS gives them. An `ApiError` is the answer to what cannot be done. */
export const ecsActions: Readonly<Record<string, ApiAction>> = {
  CreateService: withRefusals(createService),
  DeleteAttributes: withRefusals(deleteAttributes),
  DescribeClusters: withRefusals(describeClusters),
  DescribeContainerInstances: withRefusals(describeContainerInstances),
  DescribeServices: withRefusals(describeServices),
  DescribeTaskDefinition: withRefusals(describeTaskDefinition),
  DescribeTasks: withRefusals(describeTasks),
  GetTaskProtection: withRefusals(getTaskProtection),
  ListContainerInstances: withRefusals(listContainerInstances),
  ListServices: withRefusals(listServices),
  ListTasks: withRefusals(listTasks),
  PutAttributes: withRefusals(putAttributes),
  RegisterTaskDefinition: withRefusals(registerTaskDefinition),
  RunTask: withRefusals(runTask),
  StartTask: withRefusals(startTask),
  StopTask: withRefusals(stopTask),
  UpdateContainerInstancesState: withRefusals(updateContainerInstancesState),
  UpdateService: withRefusals(updateService),
  UpdateTaskProtection: withRefusals(updateTaskProtection),
};

/** What the world refuses carries AWS's own code already. */
function withRefusals(action: ApiAction): ApiAction {
  return (request) => {
    try {
      return action(request);
    } catch (error) {
      throw error instanceof EcsRefusal ? new ApiError(error.code, error.message) : error;
    }
  };
}
