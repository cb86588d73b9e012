// A service in our words: its counts, its deployments, and what binds and ranks the instances its tasks stand on.
import type {
  Deployment as AwsDeployment,
  PlacementConstraint as AwsPlacementConstraint,
  PlacementStrategy as AwsPlacementStrategy,
  Service as AwsService,
  TaskSet,
} from '@aws-sdk/client-ecs';
import { serviceArn, taskDefinitionArn } from '../model/ids.ts';
import type { Deployment, PlacementConstraint, PlacementStrategy, Service } from '../model/service.ts';

// ECS's own defaults for services that set none.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
const DEFAULT_MINIMUM_HEALTHY_PERCENT = 100;
const DEFAULT_MAXIMUM_PERCENT = 200;

export function readService(from: AwsService): Service {
  const deployments = deploymentsOf(from);
  return {
    arn: serviceArn(from.serviceArn ?? ''),
    name: from.serviceName ?? '',
    schedulingStrategy: from.schedulingStrategy === 'DAEMON' ? 'DAEMON' : 'REPLICA',
    taskDefinition: taskDefinitionArn(newestDefinition(from)),
    desiredCount: from.desiredCount ?? 0,
    runningCount: from.runningCount ?? 0,
    pendingCount: from.pendingCount ?? 0,
    minimumHealthyPercent: from.deploymentConfiguration?.minimumHealthyPercent ?? DEFAULT_MINIMUM_HEALTHY_PERCENT,
    maximumPercent: from.deploymentConfiguration?.maximumPercent ?? DEFAULT_MAXIMUM_PERCENT,
    placementConstraints: (from.placementConstraints ?? []).map(readConstraint),
    placementStrategy: (from.placementStrategy ?? []).map(readStrategy),
    deployments,
    targetGroups: (from.loadBalancers ?? []).flatMap(({ targetGroupArn }) => targetGroupArn ?? []),
    isDeploying: deployments.length > 1,
    placementFailure: newestPlacementFailure(from),
  };
}

/**
 * What new tasks are started from. The service names it too, but the two are not written at once, and a deployment that
 * is rolled back makes the older definition PRIMARY again. Empty where deployments are somebody else's (EXTERNAL).
 */
function newestDefinition({ deployments = [], taskDefinition = '' }: AwsService): string {
  return deployments.find(({ status }) => status === 'PRIMARY')?.taskDefinition ?? taskDefinition;
}

/** Services that CodeDeploy or somebody else deploys have task sets in the place of deployments. */
function deploymentsOf({ deployments = [], taskSets = [] }: AwsService): Deployment[] {
  return deployments.length > 0 ? deployments.map(readDeployment) : taskSets.map(readTaskSet);
}

function readDeployment(from: AwsDeployment): Deployment {
  return {
    status: from.status === 'PRIMARY' || from.status === 'ACTIVE' ? from.status : 'INACTIVE',
    taskDefinition: taskDefinitionArn(from.taskDefinition ?? ''),
    desiredCount: from.desiredCount ?? 0,
    runningCount: from.runningCount ?? 0,
    pendingCount: from.pendingCount ?? 0,
  };
}

/** A DRAINING set is on its way out, as an INACTIVE deployment is. */
function readTaskSet(from: TaskSet): Deployment {
  const { computedDesiredCount = 0, ...rest } = from;
  return readDeployment({ ...rest, desiredCount: computedDesiredCount });
}

/**
 * All that is not `distinctInstance` is an expression. One that is missing stays, empty: whoever parses it says so and
 * sets the service aside, which a constraint that was left out would not.
 */
function readConstraint({ type, expression = '' }: AwsPlacementConstraint): PlacementConstraint {
  return type === 'distinctInstance' ? { type } : { type: 'memberOf', expression: expression.trim() };
}

/**
 * ECS takes `host` for `instanceId`, and CPU and MEMORY in any case. A strategy that we do not know ranks in a way that
 * we do not know: as far as we can tell, at random.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PlacementStrategy.html
 */
function readStrategy({ type, field = '' }: AwsPlacementStrategy): PlacementStrategy {
  const lower = field.toLowerCase();
  if (type === 'binpack' && (lower === 'cpu' || lower === 'memory')) return { type, field: lower };
  if (type !== 'spread' || field === '') return { type: 'random' };
  return { type, field: lower === 'host' || lower === 'instanceid' ? 'instanceId' : field };
}

/** Events come newest first; one that is older than the last steady state is history. Matched loosely, as AWS words it in two ways. */
function newestPlacementFailure(from: AwsService): string | null {
  for (const { message = '' } of from.events ?? []) {
    if (/unable to place (a task|tasks)\b/i.test(message)) return message;
    if (/has reached a steady state/i.test(message)) return null;
  }
  return null;
}
