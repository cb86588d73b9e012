// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeClusters.html

import type { EcsCluster } from '../../world/ecs/cluster.ts';
import { countsOn } from '../../world/ecs/container-instance.ts';
import { ecsArn } from '../../world/ecs/identity.ts';
import type { ApiAction } from '../api.ts';
import { texts } from './input.ts';
import { findAll } from './lookup.ts';
import { tagsJson } from './tags.ts';

export const describeClusters: ApiAction = (request) => {
  const names = texts(request.input, 'clusters') ?? [];
  const include = texts(request.input, 'include') ?? [];
  const { found, failures } = findAll(
    names.length === 0 ? ['default'] : names,
    (reference) => request.world.ecs.findCluster(reference),
    (name) => ecsArn(request.world.settings, 'cluster', name),
  );
  return { clusters: found.map((cluster) => clusterJson(cluster, include)), failures };
};

function clusterJson(cluster: EcsCluster, include: readonly string[]): object {
  const registered = [...cluster.containerInstances.values()].filter(({ status }) => status !== 'INACTIVE');
  const counts = registered.map(countsOn);
  return {
    clusterArn: cluster.arn,
    clusterName: cluster.name,
    status: 'ACTIVE',
    registeredContainerInstancesCount: registered.length,
    runningTasksCount: counts.reduce((sum, { runningCount }) => sum + runningCount, 0),
    pendingTasksCount: counts.reduce((sum, { pendingCount }) => sum + pendingCount, 0),
    activeServicesCount: cluster.services.size,
    statistics: [],
    tags: include.includes('TAGS') ? tagsJson(cluster) : [],
    settings: [],
    capacityProviders: [],
    defaultCapacityProviderStrategy: [],
  };
}
