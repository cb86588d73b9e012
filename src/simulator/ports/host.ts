// What an instance asks next door: its metadata service, and the ECS agent's introspection. Both answer from the world.
import { containerInstanceArn, taskArn } from '../../model/ids.ts';
import {
  type EcsAgentIntrospection,
  type InstanceMetadata,
  type LocalTask,
  MAINTENANCE_CODES,
  type MaintenanceEvent,
} from '../../ports/metadata.ts';
import type { Ec2Instance } from '../../world/ec2/instance.ts';
import type { MaintenanceRecord } from '../../world/ec2/maintenance.ts';
import { type EcsTask, knownStatusOf } from '../../world/ecs/task.ts';
import { type AwsAccess, asking } from './access.ts';

export function metadataOver(access: AwsAccess, instance: Ec2Instance): InstanceMetadata {
  const { read } = asking(access, 'metadata');
  return {
    interruptionNotice: (signal) =>
      read('reading the interruption notice', signal, () => {
        const { notice } = instance;
        return notice === null ? null : { action: notice.action, deadlineAt: wholeSeconds(notice.deadlineAt) };
      }),
    rebalanceRecommendation: (signal) =>
      read('reading the rebalance recommendation', signal, () => {
        const at = instance.rebalanceRecommendedAt;
        return at === null ? null : { noticedAt: wholeSeconds(at) };
      }),
    maintenanceEvents: (signal) =>
      read('reading scheduled maintenance', signal, () => instance.maintenance.map(readMaintenance)),
    targetLifecycleState: (signal) => read('reading the target lifecycle state', signal, () => instance.targetState),
    region: (signal) => read('reading the region', signal, () => access.world.settings.region),
    instanceId: (signal) => read('reading the instance id', signal, () => instance.id),
    keepsConnections: () => true,
  };
}

export function introspectionOver(access: AwsAccess, instance: Ec2Instance): EcsAgentIntrospection {
  const { read } = asking(access, 'metadata');
  const { ecs } = access.world;
  return {
    whoAmI: (signal) =>
      read('asking the ECS agent who this is', signal, () => {
        const registered = ecs.containerInstanceOf(instance.id);
        if (registered === undefined) return null;
        return { cluster: registered.cluster.name, containerInstanceArn: containerInstanceArn(registered.arn) };
      }),
    tasks: (signal) =>
      read('asking the ECS agent for its tasks', signal, () =>
        [...(ecs.containerInstanceOf(instance.id)?.tasks ?? [])].map(readLocalTask),
      ),
  };
}

/** IMDS gives whole seconds. */
function wholeSeconds(at: number): number {
  return Math.floor(at / 1_000) * 1_000;
}

function readMaintenance({ id, code, state, notBeforeAt }: MaintenanceRecord): MaintenanceEvent {
  return { id, code: MAINTENANCE_CODES.find((known) => known === code) ?? null, state, notBeforeAt };
}

function readLocalTask(task: EcsTask): LocalTask {
  const { definition } = task;
  return {
    arn: taskArn(task.arn),
    family: definition.family,
    revision: definition.revision,
    knownStatus: knownStatusOf(task),
    // It is not told to stop a task before the task's load balancers have let go of it.
    desiredStatus: task.lastStatus === 'DEACTIVATING' ? 'RUNNING' : task.desiredStatus,
    images: definition.containers.map(({ image }) => image),
  };
}
