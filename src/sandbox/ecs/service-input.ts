// What CreateService and UpdateService have in common, and what neither may ask of this world.
import type { LoadBalancerUse } from '../../world/ecs/load-balancers.ts';
import type { Bounds } from '../../world/ecs/service-bounds.ts';
import { type ServiceChange, TASKS_PER_SERVICE } from '../../world/ecs/services.ts';
import type { ApiInput } from '../api.ts';
import { has, invalid, requiredText, structure, structures, text, whole } from './input.ts';
import { placementConstraintsOf, placementStrategyOf } from './placement-input.ts';

/** The parts of a service both calls may set; what the request leaves out is left out. */
export function serviceChangeOf(input: ApiInput): ServiceChange {
  refuseOtherCapacity(input);
  const desiredCount = whole(input, 'desiredCount', 0, TASKS_PER_SERVICE);
  const bounds = boundsOf(input);
  const placementConstraints = placementConstraintsOf(input);
  const placementStrategy = placementStrategyOf(input);
  const loadBalancers = loadBalancersOf(input);
  return {
    ...(desiredCount === undefined ? {} : { desiredCount }),
    ...(bounds === undefined ? {} : { bounds }),
    ...(placementConstraints === undefined ? {} : { placementConstraints }),
    ...(placementStrategy === undefined ? {} : { placementStrategy }),
    ...(loadBalancers === undefined ? {} : { loadBalancers }),
  };
}

function loadBalancersOf(input: ApiInput): LoadBalancerUse[] | undefined {
  if (!has(input, 'loadBalancers')) return undefined;
  return structures(input, 'loadBalancers').map((use) => {
    if (has(use, 'loadBalancerName')) throw invalid('The sandbox has no Classic Load Balancers.');
    const containerPort = whole(use, 'containerPort', 0, 65_535);
    if (containerPort === undefined) throw invalid('Container port cannot be empty.');
    const [targetGroupArn, containerName] = [requiredText(use, 'targetGroupArn'), requiredText(use, 'containerName')];
    return { targetGroupArn, containerName, containerPort };
  });
}

/** Only the EC2 launch type exists here. */
export function refuseOtherCapacity(input: ApiInput): void {
  if (structures(input, 'capacityProviderStrategy').length > 0) {
    throw invalid('The sandbox has no capacity providers.');
  }
  const launchType = text(input, 'launchType');
  if (launchType !== undefined && launchType !== 'EC2') {
    throw invalid(`The sandbox has no ${launchType} capacity.`);
  }
}

function boundsOf(input: ApiInput): Partial<Bounds> | undefined {
  if (!has(input, 'deploymentConfiguration')) return undefined;
  const configuration = structure(input, 'deploymentConfiguration');
  const minimumHealthyPercent = whole(configuration, 'minimumHealthyPercent', 0, 100);
  const maximumPercent = whole(configuration, 'maximumPercent', 100, 200);
  return {
    ...(minimumHealthyPercent === undefined ? {} : { minimumHealthyPercent }),
    ...(maximumPercent === undefined ? {} : { maximumPercent }),
  };
}
