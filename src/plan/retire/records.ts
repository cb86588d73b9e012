// The other records that ECS keeps of an instance: an ECS agent that lost its state registers the same instance anew, and the
// old record stays, disconnected, with whatever stood on it.
import type { ClusterSnapshot } from '../../model/snapshot.ts';
import type { Holding } from '../ledger.ts';

/** Whether tasks are told of on a record of the instance other than the one the ledger stands on. */
export function hasTasksElsewhere(
  { instanceId, containerInstance }: Holding,
  { containerInstances, tasks }: Pick<ClusterSnapshot, 'containerInstances' | 'tasks'>,
): boolean {
  return containerInstances.some((record) => {
    if (record.instanceId !== instanceId || record.arn === containerInstance?.arn) return false;
    if (record.runningTaskCount > 0) return true;
    return tasks.some((entry) => entry.containerInstanceArn === record.arn && entry.tasks.length > 0);
  });
}
