// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html
import { type EcsCluster, findContainerInstance, serviceNamed } from '../../world/ecs/cluster.ts';
import type { EcsContainerInstance } from '../../world/ecs/container-instance.ts';
import type { EcsService } from '../../world/ecs/service.ts';
import type { EcsTask } from '../../world/ecs/task.ts';
import type { ApiAction, ApiInput } from '../api.ts';
import { has, invalid, text, word } from './input.ts';
import { clusterOf, listingPage } from './lookup.ts';

type Test = (task: EcsTask) => boolean;

const OTHER_FILTERS = ['containerInstance', 'family', 'serviceName', 'launchType'] as const;
const LAUNCH_TYPES = ['EC2', 'FARGATE', 'EXTERNAL', 'MANAGED_INSTANCES'] as const;

/** By what is desired of them, RUNNING unless the request says STOPPED; PENDING never finds anything, as on AWS. */
export const listTasks: ApiAction = (request) => {
  const { input } = request;
  const cluster = clusterOf(request);
  const desired = word(input, 'desiredStatus', ['RUNNING', 'PENDING', 'STOPPED'] as const) ?? 'RUNNING';
  const asked = askedFor(input, cluster);
  const { items, nextToken } = listingPage(
    input,
    matching(asked.among ?? cluster.tasks.values(), (task) => task.desiredStatus === desired && asked.test(task)),
    100,
  );
  return { taskArns: items.map(({ arn }) => arn), nextToken: nextToken ?? undefined };
};

interface Asked {
  readonly test: Test;
  /** Where to look, when that is less than everywhere. */
  readonly among: Iterable<EcsTask> | null;
}

function askedFor(input: ApiInput, cluster: EcsCluster): Asked {
  const startedBy = text(input, 'startedBy');
  if (startedBy !== undefined) {
    if (OTHER_FILTERS.some((field) => has(input, field))) throw invalid('startedBy must be the only filter.');
    return { among: null, test: (task) => task.startedBy === startedBy };
  }
  const isEc2 = (word(input, 'launchType', LAUNCH_TYPES) ?? 'EC2') === 'EC2';
  const family = text(input, 'family');
  const instance = instanceIn(input, cluster);
  const service = serviceIn(input, cluster);
  return {
    among: smallest(cluster, instance, service),
    test: (task) =>
      isEc2 &&
      (instance === undefined || task.containerInstance === instance) &&
      (service === undefined || task.service === service) &&
      (family === undefined || task.definition.family === family),
  };
}

/** Tasks of one instance or service: those it has, and those that are over. */
function smallest(
  cluster: EcsCluster,
  instance?: EcsContainerInstance,
  service?: EcsService,
): Iterable<EcsTask> | null {
  const own = instance?.tasks ?? service?.tasks;
  return own === undefined ? null : [...cluster.stoppedTasks, ...own];
}

function* matching(tasks: Iterable<EcsTask>, test: Test): Iterable<EcsTask> {
  for (const task of tasks) if (test(task)) yield task;
}

function instanceIn(input: ApiInput, cluster: EcsCluster): EcsContainerInstance | undefined {
  const reference = text(input, 'containerInstance');
  if (reference === undefined) return undefined;
  const instance = findContainerInstance(cluster, reference);
  if (instance === undefined) throw invalid(`Container instance ${reference} was not found.`);
  return instance;
}

function serviceIn(input: ApiInput, cluster: EcsCluster): EcsService | undefined {
  const name = text(input, 'serviceName');
  return name === undefined ? undefined : serviceNamed(cluster, name);
}
