// Why a container instance cannot take a task, and the words AWS has for it.
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages.html
// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/api_failures_messages.html
import { type EcsContainerInstance, freeEniSlotsOn, isPortTaken, remainingOn } from './container-instance.ts';
import { membershipHolds, type PlacementConstraint } from './placement-constraint.ts';
import type { EcsTaskDefinition } from './task-definition.ts';
import type { TaskNeed } from './task-need.ts';

export type Shortfall =
  | 'AGENT'
  | 'ATTRIBUTE'
  | 'MEMBER_OF'
  | 'DISTINCT_INSTANCE'
  | 'RESOURCE:CPU'
  | 'RESOURCE:MEMORY'
  | 'RESOURCE:PORTS'
  | 'RESOURCE:ENI'
  | 'RESOURCE:GPU';

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
    ...(hasAttributes(instance, demand.definition) ? [] : (['ATTRIBUTE'] as const)),
    ...(isMember(instance, demand) ? [] : (['MEMBER_OF'] as const)),
    ...(isAlone(instance, demand) ? [] : (['DISTINCT_INSTANCE'] as const)),
    ...resourceShortfalls(instance, demand.definition),
  ];
}

/** The same question as whether there is no shortfall, for schedulers that ask it of every instance. */
export function canTake(instance: EcsContainerInstance, demand: Demand): boolean {
  return (
    instance.agentConnected &&
    hasRoom(instance, demand.definition) &&
    isAlone(instance, demand) &&
    hasAttributes(instance, demand.definition) &&
    isMember(instance, demand)
  );
}

/** Whether the task may ever be placed there, leaving room and the ECS agent's connection aside. */
export function qualifies(instance: EcsContainerInstance, demand: Demand): boolean {
  return hasAttributes(instance, demand.definition) && isMember(instance, demand);
}

/** Room alone, as StartTask looks at it. */
export function resourceShortfalls(instance: EcsContainerInstance, { need }: EcsTaskDefinition): Shortfall[] {
  const remaining = remainingOn(instance);
  return [
    ...(need.cpuUnits <= remaining.cpuUnits ? [] : (['RESOURCE:CPU'] as const)),
    ...(need.memoryMiB <= remaining.memoryMiB ? [] : (['RESOURCE:MEMORY'] as const)),
    ...(need.hostPorts.some((port) => isPortTaken(instance, port)) ? (['RESOURCE:PORTS'] as const) : []),
    ...(hasInterfaces(instance, need) ? [] : (['RESOURCE:ENI'] as const)),
    ...(hasGpus(instance, need) ? [] : (['RESOURCE:GPU'] as const)),
  ];
}

function hasRoom(instance: EcsContainerInstance, { need }: EcsTaskDefinition): boolean {
  const { registered, tally } = instance;
  return (
    need.cpuUnits <= Math.max(0, registered.cpuUnits - tally.cpuUnits) &&
    need.memoryMiB <= Math.max(0, registered.memoryMiB - tally.memoryMiB) &&
    hasInterfaces(instance, need) &&
    hasGpus(instance, need) &&
    !need.hostPorts.some((port) => isPortTaken(instance, port))
  );
}

function hasInterfaces(instance: EcsContainerInstance, need: TaskNeed): boolean {
  return need.eniSlots === 0 || need.eniSlots <= freeEniSlotsOn(instance);
}

function hasGpus({ gpuIds, tally }: EcsContainerInstance, need: TaskNeed): boolean {
  return need.gpus <= gpuIds.length - tally.gpuIds.size;
}

function hasAttributes({ attributes }: EcsContainerInstance, definition: EcsTaskDefinition): boolean {
  const { cpuArchitecture, operatingSystemFamily } = definition;
  const os = operatingSystemFamily === undefined ? null : osTypeOf(operatingSystemFamily);
  return (
    (cpuArchitecture === null || cpuArchitecture === attributes.get('ecs.cpu-architecture')) &&
    (os === null || os === attributes.get('ecs.os-type')) &&
    definition.requiresAttributes.every((name) => attributes.has(name))
  );
}

function isMember(instance: EcsContainerInstance, { definition, constraints }: Demand): boolean {
  return membershipHolds(instance, definition.placementConstraints) && membershipHolds(instance, constraints);
}

/** Whether no other task of the group is meant to run there, where the demand asks for that. */
function isAlone(instance: EcsContainerInstance, { constraints, group }: Demand): boolean {
  return !constraints.some(({ type }) => type === 'distinctInstance') || !instance.tally.groups.has(group);
}

function osTypeOf(family: string): 'linux' | 'windows' {
  return family.startsWith('WINDOWS') ? 'windows' : 'linux';
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
  'RESOURCE:ENI': 'RESOURCE:ENI',
  'RESOURCE:GPU': 'RESOURCE:GPU',
};

const CLOSEST_MATCH: Readonly<Record<Shortfall, string>> = {
  AGENT: "doesn't have the agent connected.",
  ATTRIBUTE: 'is missing an attribute required by your task.',
  MEMBER_OF: 'encountered error "MemberOf placement constraint unsatisfied.".',
  DISTINCT_INSTANCE: 'encountered error "DistinctInstance placement constraint unsatisfied.".',
  'RESOURCE:CPU': 'has insufficient CPU units available.',
  'RESOURCE:MEMORY': 'has insufficient memory available.',
  'RESOURCE:PORTS': 'is already using a port required by your task.',
  // AWS publishes no text for these two.
  'RESOURCE:ENI': 'encountered error "RESOURCE:ENI".',
  'RESOURCE:GPU': 'encountered error "RESOURCE:GPU".',
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
