// A service as DescribeServices shows it.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html
import { countsOf, type Deployment, type EcsService, primaryOf } from '../../world/ecs/service.ts';
import { constraintJson } from './placement-input.ts';

export function serviceJson(service: EcsService): object {
  const primary = primaryOf(service);
  return {
    serviceArn: service.arn,
    serviceName: service.name,
    clusterArn: service.cluster.arn,
    status: 'ACTIVE',
    desiredCount: service.desiredCount,
    ...countsOf(service),
    launchType: 'EC2',
    taskDefinition: primary.definition.arn,
    deploymentConfiguration: {
      deploymentCircuitBreaker: { enable: false, rollback: false },
      maximumPercent: service.bounds.maximumPercent,
      minimumHealthyPercent: service.bounds.minimumHealthyPercent,
    },
    deployments: service.deployments.map((deployment) => deploymentJson(service, deployment)),
    events: service.events.newestFirst.map(({ id, createdAt, message }) => ({
      id,
      createdAt: new Date(createdAt),
      message,
    })),
    createdAt: new Date(service.createdAt),
    schedulingStrategy: service.schedulingStrategy,
    placementConstraints: service.placementConstraints.map(constraintJson),
    placementStrategy: service.placementStrategy,
    deploymentController: { type: 'ECS' },
    availabilityZoneRebalancing: 'DISABLED',
    loadBalancers: service.loadBalancers,
    serviceRegistries: [],
    enableECSManagedTags: false,
    enableExecuteCommand: false,
    propagateTags: 'NONE',
    tags: [],
  };
}

function deploymentJson(service: EcsService, deployment: Deployment): object {
  const counts = countsOf(service, deployment.id);
  const isPrimary = deployment === primaryOf(service);
  return {
    id: deployment.id,
    status: deployment.status,
    taskDefinition: deployment.definition.arn,
    // An older deployment wants no more than what is left of it.
    desiredCount: isPrimary ? service.desiredCount : counts.runningCount + counts.pendingCount,
    ...counts,
    failedTasks: 0,
    createdAt: new Date(deployment.createdAt),
    updatedAt: new Date(deployment.updatedAt),
    launchType: 'EC2',
    rolloutState: isPrimary ? deployment.rolloutState : 'IN_PROGRESS',
    rolloutStateReason: `ECS deployment ${deployment.id} ${deployment.rolloutState === 'COMPLETED' ? 'completed.' : 'in progress.'}`,
  };
}
