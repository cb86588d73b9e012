// Making and changing services; the schedulers do what follows from it.
import type { Ground } from '../ground.ts';
import { Refusal } from '../refusal.ts';
import type { EcsCluster } from './cluster.ts';
import { beginDeployment, newDeployment } from './deployments.ts';
import { ecsArn } from './identity.ts';
import type { LoadBalancerUse } from './load-balancers.ts';
import type { PlacementConstraint } from './placement-constraint.ts';
import type { PlacementStrategy } from './placement-strategy.ts';
import { type EcsService, primaryOf, recountWants } from './service.ts';
import type { Bounds } from './service-bounds.ts';
import { ServiceEvents } from './service-events.ts';
import { newServiceTally } from './tally.ts';
import type { EcsTaskDefinition } from './task-definition.ts';

export interface ServiceSpec {
  readonly name: string;
  readonly definition: EcsTaskDefinition;
  readonly schedulingStrategy?: 'REPLICA' | 'DAEMON';
  /** Without meaning for DAEMON. */
  readonly desiredCount?: number;
  readonly bounds?: Partial<Bounds>;
  readonly placementConstraints?: readonly PlacementConstraint[];
  readonly placementStrategy?: readonly PlacementStrategy[];
  readonly loadBalancers?: readonly LoadBalancerUse[];
}

export interface ServiceChange {
  readonly desiredCount?: number;
  readonly definition?: EcsTaskDefinition;
  readonly forceNewDeployment?: boolean;
  readonly bounds?: Partial<Bounds>;
  readonly placementConstraints?: readonly PlacementConstraint[];
  readonly placementStrategy?: readonly PlacementStrategy[];
  readonly loadBalancers?: readonly LoadBalancerUse[];
}

/** AWS's quota. https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html */
export const TASKS_PER_SERVICE = 5_000;

const DEFAULT_BOUNDS = {
  REPLICA: { minimumHealthyPercent: 100, maximumPercent: 200 },
  DAEMON: { minimumHealthyPercent: 0, maximumPercent: 100 },
} as const satisfies Record<EcsService['schedulingStrategy'], Bounds>;

/** @throws Refusal InvalidParameterException */
export function createService(ground: Ground, cluster: EcsCluster, spec: ServiceSpec): EcsService {
  const { agenda, rng, settings } = ground;
  if (cluster.services.has(spec.name)) throw invalid('Creation of service was not idempotent.');
  const schedulingStrategy = spec.schedulingStrategy ?? 'REPLICA';
  const bounds = { ...DEFAULT_BOUNDS[schedulingStrategy], ...spec.bounds };
  checkStrategy(schedulingStrategy, bounds, spec);
  checkDesiredCount(spec.desiredCount);
  const service: EcsService = {
    name: spec.name,
    arn: ecsArn(settings, 'service', `${cluster.name}/${spec.name}`),
    cluster,
    schedulingStrategy,
    createdAt: agenda.now,
    events: new ServiceEvents(rng),
    tasks: new Set(),
    tally: newServiceTally(),
    isSettled: false,
    isTouched: true,
    settledAtRoom: 0,
    stuck: null,
    wants: [],
    bounds,
    placementConstraints: spec.placementConstraints ?? [],
    placementStrategy: spec.placementStrategy ?? [],
    loadBalancers: spec.loadBalancers ?? [],
    desiredCount: schedulingStrategy === 'REPLICA' ? (spec.desiredCount ?? 0) : 0,
    deployments: [newDeployment(spec.definition, agenda.now, rng)],
  };
  cluster.services.set(service.name, service);
  recountWants(service, agenda.now);
  return service;
}

/** @throws Refusal InvalidParameterException */
export function updateService(ground: Ground, service: EcsService, change: ServiceChange): void {
  const { agenda, rng } = ground;
  const bounds = { ...service.bounds, ...change.bounds };
  checkStrategy(service.schedulingStrategy, bounds, change);
  if (change.desiredCount !== undefined && service.schedulingStrategy === 'DAEMON') {
    throw invalid('The daemon scheduling strategy does not support a desired count on a service.');
  }
  checkDesiredCount(change.desiredCount);
  service.isSettled = false;
  service.isTouched = true;
  service.stuck = null;
  service.bounds = bounds;
  service.placementConstraints = change.placementConstraints ?? service.placementConstraints;
  service.placementStrategy = change.placementStrategy ?? service.placementStrategy;
  service.loadBalancers = change.loadBalancers ?? service.loadBalancers;
  if (change.desiredCount !== undefined && change.desiredCount !== service.desiredCount) {
    service.desiredCount = change.desiredCount;
    service.events.unsteady();
  }
  const definition = change.definition ?? primaryOf(service).definition;
  if (definition !== primaryOf(service).definition || change.forceNewDeployment === true) {
    beginDeployment(service, newDeployment(definition, agenda.now, rng));
  }
  recountWants(service, agenda.now);
}

/** Every missing task is remembered since when it has been wanted, so what is wanted has to have an end. */
function checkDesiredCount(desiredCount = 0): void {
  if (Number.isInteger(desiredCount) && desiredCount >= 0 && desiredCount <= TASKS_PER_SERVICE) return;
  throw invalid(`A service's desired count is a whole number from 0 to ${TASKS_PER_SERVICE}.`);
}

function checkStrategy(
  schedulingStrategy: EcsService['schedulingStrategy'],
  bounds: Bounds,
  { placementStrategy = [] }: { readonly placementStrategy?: readonly PlacementStrategy[] },
): void {
  if (schedulingStrategy === 'REPLICA') return;
  if (placementStrategy.length > 0) {
    throw invalid('Placement strategies are not supported with DAEMON scheduling strategy.');
  }
  if (bounds.maximumPercent !== 100) {
    throw invalid('The maximumPercent of a service with the DAEMON scheduling strategy must be 100.');
  }
}

function invalid(message: string): Refusal {
  return new Refusal('InvalidParameterException', message);
}
