// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html
import { type EcsCluster, findContainerInstance, serviceNamed } from '../../world/ecs/cluster.ts';
import type { EcsTask } from '../../world/ecs/task.ts';
import type { ApiAction, ApiInput } from '../api.ts';
import { has, invalid, text, word } from './input.ts';
import { clusterOf, listingPage } from './lookup.ts';

type Test = (task: EcsTask) => boolean;

const OTHER_FILTERS = ['containerInstance', 'family', 'serviceName', 'launchType'] as const;

/** By what is desired of them, RUNNING unless the request says STOPPED; PENDING never finds anything, as on AWS. */
export const listTasks: ApiAction = (request) => {
  const { input } = request;
  const cluster = clusterOf(request);
  const tests = testsOf(input, cluster);
  const listed = [...cluster.tasks.values()].filter((task) => tests.every((test) => test(task)));
  const { items, nextToken } = listingPage(input, listed, 100);
  return { taskArns: items.map(({ arn }) => arn), nextToken: nextToken ?? undefined };
};

function testsOf(input: ApiInput, cluster: EcsCluster): Test[] {
  const desired = word(input, 'desiredStatus', ['RUNNING', 'PENDING', 'STOPPED'] as const) ?? 'RUNNING';
  const startedBy = text(input, 'startedBy');
  if (startedBy !== undefined) {
    if (OTHER_FILTERS.some((field) => has(input, field))) throw invalid('startedBy must be the only filter.');
    return [(task) => task.desiredStatus === desired && task.startedBy === startedBy];
  }
  const launchType = word(input, 'launchType', ['EC2', 'FARGATE', 'EXTERNAL', 'MANAGED_INSTANCES'] as const) ?? 'EC2';
  return [
    (task) => task.desiredStatus === desired && launchType === 'EC2',
    onInstance(input, cluster),
    ofFamily(input),
    ofService(input, cluster),
  ];
}

function onInstance(input: ApiInput, cluster: EcsCluster): Test {
  const reference = text(input, 'containerInstance');
  if (reference === undefined) return () => true;
  const instance = findContainerInstance(cluster, reference);
  if (instance === undefined) throw invalid(`Container instance ${reference} was not found.`);
  return (task) => task.containerInstance === instance;
}

function ofFamily(input: ApiInput): Test {
  const family = text(input, 'family');
  return (task) => family === undefined || task.definition.family === family;
}

function ofService(input: ApiInput, cluster: EcsCluster): Test {
  const name = text(input, 'serviceName');
  if (name === undefined) return () => true;
  const service = serviceNamed(cluster, name);
  return (task) => task.service === service;
}
