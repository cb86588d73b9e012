// The Cluster port over the world's ECS, without the wire protocol.
import type { ContainerInstanceArn, TaskDefinitionArn } from '../../model/ids.ts';
import { shortName, taskArn } from '../../model/ids.ts';
import { ordersIn } from '../../model/orders.ts';
import type { TaskDefinition } from '../../model/service.ts';
import type { Cluster } from '../../ports/cluster.ts';
import { Failure } from '../../ports/failure.ts';
import { deleteAttribute, putAttribute } from '../../world/ecs/attributes.ts';
import { type EcsCluster, findContainerInstance, findTask } from '../../world/ecs/cluster.ts';
import type { EcsContainerInstance } from '../../world/ecs/container-instance.ts';
import { putTags } from '../../world/ecs/tags.ts';
import { isProtected } from '../../world/ecs/task.ts';
import { Refusal } from '../../world/refusal.ts';
import { readDefinition, readTask } from '../reading/ecs.ts';
import { type AwsAccess, asking } from './access.ts';
import { clusterReads } from './cluster-reads.ts';

export function clusterOver(access: AwsAccess, cluster: EcsCluster): Cluster {
  const { world } = access;
  const { read, write } = asking(access, 'ecs');
  const reads = clusterReads(access, cluster);
  const definitions = new Map<TaskDefinitionArn, TaskDefinition>();

  return {
    ...reads,
    verify: (signal) => read(`looking up cluster ${cluster.name}`, signal, () => {}),

    async containerInstance(arn, signal) {
      const { items } = await reads.describeContainerInstances([arn], signal);
      return items[0] ?? null;
    },

    async servicesNamed(names, signal) {
      return [...(await reads.describeServices(names, signal)).items];
    },

    async taskDefinition(arn, signal) {
      const known = definitions.get(arn);
      if (known !== undefined) return known;
      const definition = await read(`describing task definition ${arn}`, signal, () => {
        const found = world.ecs.findTaskDefinition(arn);
        return found === undefined ? null : readDefinition(found);
      });
      if (definition === null) throw new Failure('unreadable', `describing task definition ${arn}`);
      definitions.set(arn, definition);
      return definition;
    },

    operatorWords: (signal) =>
      read(`reading the tags of cluster ${cluster.name}`, signal, () => ({
        orders: ordersIn([...cluster.tags].map(([key, value]) => ({ key, value }))),
        intents: async () => ({ intents: [], malformed: [] }),
      })),

    setTag: (key, value, signal) =>
      write(`setting the tag ${key} of cluster ${cluster.name}`, signal, () => putTags(cluster.tags, [{ key, value }])),

    removeTag: (key, signal) =>
      write(`removing the tag ${key} from cluster ${cluster.name}`, signal, () => {
        cluster.tags.delete(key);
      }),

    tasksOn: (arn, signal) =>
      read(`listing tasks on container instance ${shortName(arn)}`, signal, () =>
        [...instanceOf(cluster, arn).tasks].filter(({ lastStatus }) => lastStatus !== 'STOPPED').map(readTask),
      ),

    drain: (arn, signal) =>
      write(`setting container instance ${shortName(arn)} DRAINING`, signal, () =>
        world.ecs.setStatus(registered(cluster, arn), 'DRAINING'),
      ),

    reactivate: (arn, signal) =>
      write(`setting container instance ${shortName(arn)} ACTIVE`, signal, () =>
        world.ecs.setStatus(registered(cluster, arn), 'ACTIVE'),
      ),

    setAttribute: (arn, name, value, signal) =>
      write(`setting attribute ${name} on container instance ${shortName(arn)}`, signal, () => {
        putAttribute(registered(cluster, arn), { name, value });
        world.ecs.reconsider(cluster);
      }),

    removeAttribute: (arn, name, signal) =>
      write(`removing attribute ${name} from container instance ${shortName(arn)}`, signal, () => {
        deleteAttribute(registered(cluster, arn), { name, value: null });
        world.ecs.reconsider(cluster);
      }),

    startTask: (on, family, startedBy, signal) =>
      write(`starting a task of ${family} on container instance ${shortName(on)}`, signal, () => {
        const definition = world.ecs.findTaskDefinition(family);
        if (definition === undefined) throw new Refusal('ClientException', 'TaskDefinition not found.');
        const { tasks, failures } = world.ecs.startTask(cluster, { definition, containerInstances: [on], startedBy });
        const [task] = tasks;
        if (task === undefined) throw new Refusal('ClientException', failures[0]?.reason ?? 'MISSING');
        return taskArn(task.arn);
      }),

    protectedTasks: (arns, signal) =>
      read(`reading the scale-in protection of ${arns.length} tasks`, signal, () => {
        const { now } = world.agenda;
        return new Set(
          arns.filter((arn) => {
            const task = findTask(cluster, arn);
            return task !== undefined && isProtected(task, now);
          }),
        );
      }),

    stopTask: (arn, reason, signal) =>
      write(`stopping task ${shortName(arn)}`, signal, () => {
        const task = findTask(cluster, arn);
        if (task !== undefined) world.ecs.stopTask(task, reason);
      }),
  };
}

/** @throws Refusal as ECS does for one that it does not know */
function instanceOf(cluster: EcsCluster, arn: ContainerInstanceArn): EcsContainerInstance {
  const found = findContainerInstance(cluster, arn);
  if (found === undefined) throw new Refusal('InvalidParameterException', 'Container instance not found.');
  return found;
}

/** @throws Refusal also for one that is INACTIVE: nothing can be done to it any more */
function registered(cluster: EcsCluster, arn: ContainerInstanceArn): EcsContainerInstance {
  const found = instanceOf(cluster, arn);
  if (found.status === 'INACTIVE') throw new Refusal('InvalidParameterException', 'Container instance is INACTIVE.');
  return found;
}
