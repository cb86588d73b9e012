// Why a container instance cannot take a task, and the words AWS has for it.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages.html
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html
import { covers } from '../../model/resources.ts';
import { type EcsContainerInstance, remainingOn, takenPortsOn } from './container-instance.ts';
import { isDistinct, membershipHolds, type PlacementConstraint } from './placement-constraint.ts';
import type { EcsTaskDefinition } from './task-definition.ts';

export type Shortfall =
  | 'AGENT'
  | 'ATTRIBUTE'
  | 'MEMBER_OF'
  | 'DISTINCT_INSTANCE'
  | 'RESOURCE:CPU'
  | 'RESOURCE:MEMORY'
  | 'RESOURCE:PORTS';

export interface Demand {
  readonly definition: EcsTaskDefinition;
  readonly group: string;
  /** The service's or the request's; the definition's own are looked up in it. */
  readonly constraints: readonly PlacementConstraint[];
}

/** Everything that stands between the task and this instance, gravest first; empty when it can be placed there. */
export function shortfallsOn(instance: EcsContainerInstance, demand: Demand): Shortfall[] {
  return [
    ...(instance.agentConnected ? [] : (['AGENT'] as const)),
    ...attributeShortfalls(instance, demand),
    ...(demand.constraints.some(({ type }) => type === 'distinctInstance') && !isDistinct(instance, demand.group)
      ? (['DISTINCT_INSTANCE'] as const)
      : []),
    ...resourceShortfalls(instance, demand.definition),
  ];
}

/** Whether the task may ever be placed there, leaving room and the ECS agent's connection aside. */
export function qualifies(instance: EcsContainerInstance, demand: Demand): boolean {
  return attributeShortfalls(instance, demand).length === 0;
}

function attributeShortfalls(instance: EcsContainerInstance, { definition, constraints }: Demand): Shortfall[] {
  const architecture = instance.attributes.get('ecs.cpu-architecture');
  const runsHere = definition.cpuArchitecture === null || definition.cpuArchitecture === architecture;
  const isMember = membershipHolds(instance, [...definition.placementConstraints, ...constraints]);
  return [...(runsHere ? [] : (['ATTRIBUTE'] as const)), ...(isMember ? [] : (['MEMBER_OF'] as const))];
}

/** Room alone, as StartTask looks at it. */
export function resourceShortfalls(instance: EcsContainerInstance, { need }: EcsTaskDefinition): Shortfall[] {
  const remaining = remainingOn(instance);
  const taken = takenPortsOn(instance);
  return [
    ...(covers(remaining, { ...need, memoryMiB: 0 }) ? [] : (['RESOURCE:CPU'] as const)),
    ...(covers(remaining, { ...need, cpuUnits: 0 }) ? [] : (['RESOURCE:MEMORY'] as const)),
    ...(need.hostPorts.some((port) => taken.includes(port)) ? (['RESOURCE:PORTS'] as const) : []),
  ];
}

/** `failures[].reason` of RunTask and StartTask. */
export const FAILURE_REASON: Readonly<Record<Shortfall, string>> = {
  AGENT: 'AGENT',
  ATTRIBUTE: 'ATTRIBUTE',
  MEMBER_OF: 'MemberOf placement constraint unsatisfied.',
  DISTINCT_INSTANCE: 'DistinctInstance placement constraint unsatisfied.',
  'RESOURCE:CPU': 'RESOURCE:CPU',
  'RESOURCE:MEMORY': 'RESOURCE:MEMORY',
  'RESOURCE:PORTS': 'RESOURCE:PORTS',
};

const CLOSEST_MATCH: Readonly<Record<Shortfall, string>> = {
  AGENT: "doesn't have the agent connected.",
  ATTRIBUTE: 'is missing an attribute required by your task.',
  MEMBER_OF: 'encountered error "MemberOf placement constraint unsatisfied.".',
  DISTINCT_INSTANCE: 'encountered error "DistinctInstance placement constraint unsatisfied.".',
  'RESOURCE:CPU': 'has insufficient CPU units available.',
  'RESOURCE:MEMORY': 'has insufficient memory available.',
  'RESOURCE:PORTS': 'is already using a port required by your task.',
};

const TAIL = 'For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.';

/** The service event's text; `closest` is null when the cluster has no ACTIVE container instance at all. */
export function placementFailureText(
  serviceName: string,
  closest: { readonly instance: EcsContainerInstance; readonly shortfall: Shortfall } | null,
): string {
  const head = `(service ${serviceName}) was unable to place a task because no container instance met all of its requirements.`;
  if (closest === null) return `${head} Reason: No Container Instances were found in your cluster. ${TAIL}`;
  const cause = `The closest matching (container-instance ${closest.instance.id}) ${CLOSEST_MATCH[closest.shortfall]}`;
  return `${head} ${cause} ${TAIL}`;
}
