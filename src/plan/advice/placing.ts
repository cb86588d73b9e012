// What a cordon can do against a service: ECS itself knows none, so it holds only where a constraint of the service, or of
// its task definition, asks for it. Judged as ECS would, and where that depends on what is not known, against us.
import { ATTRIBUTE, OPERATORS_CORDON } from '../../model/attributes.ts';
import type { ContainerInstance } from '../../model/container-instance.ts';
import type { Service, TaskDefinition } from '../../model/service.ts';
import { ATTRIBUTES, groundObstacle } from '../capacity/ground.ts';
import { evaluate, type QuerySubject } from '../cluster-query/evaluate.ts';
import { MalformedExpression, parsed } from '../cluster-query/parse.ts';

export type Placing =
  /** Its constraints keep it off a cordoned instance. */
  | 'kept-off'
  /** It could not stand there in any case. */
  | 'elsewhere'
  /** A DAEMON service: it has its task there whatever is cordoned, and that is as it should be. */
  | 'daemon'
  /** It would still place tasks there. */
  | 'still-places'
  /** Its definition cannot be read, and the service itself does not keep it off. */
  | 'unreadable';

/** What becomes of a service on an instance that is cordoned. @param definition null when it cannot be read */
export function placingOn(service: Service, definition: TaskDefinition | null, on: ContainerInstance): Placing {
  const expressions = expressionsOf(service, definition);
  const attributes: Readonly<Record<string, string>> = { ...on.attributes, [ATTRIBUTE.ready]: 'yes' };
  const { [ATTRIBUTE.cordoned]: _, ...uncordoned } = attributes;
  if (!isPossible(definition, on)) return 'elsewhere';
  const cordoned = { ...attributes, [ATTRIBUTE.cordoned]: attributes[ATTRIBUTE.cordoned] ?? OPERATORS_CORDON };
  if (!mayHold(expressions, subjectOf(on, cordoned))) {
    return mayHold(expressions, subjectOf(on, uncordoned)) ? 'kept-off' : 'elsewhere';
  }
  if (service.schedulingStrategy === 'DAEMON') return 'daemon';
  return definition === null ? 'unreadable' : 'still-places';
}

export interface Lacks {
  /** It would place tasks on an instance that is not ready, or whose agent never said anything. */
  readonly ready: boolean;
  /** It would place tasks on a cordoned instance. */
  readonly cordon: boolean;
}

/** What a service lacks of the placement constraint, on whatever instance. DAEMON services need neither. */
export function lacksOf(service: Service, definition: TaskDefinition | null): Lacks {
  if (service.schedulingStrategy === 'DAEMON') return { ready: false, cordon: false };
  const expressions = expressionsOf(service, definition);
  const mayStand = (ready: string | null, cordoned: string | null) =>
    mayHold(expressions, {
      ...NOTHING_KNOWN,
      attribute: (name) => (name === ATTRIBUTE.ready ? ready : name === ATTRIBUTE.cordoned ? cordoned : undefined),
    });
  return { ready: mayStand('no', null) || mayStand(null, null), cordon: mayStand('yes', OPERATORS_CORDON) };
}

function expressionsOf({ placementConstraints }: Service, definition: TaskDefinition | null): string[] {
  const own = placementConstraints.flatMap((each) => (each.type === 'memberOf' ? [each.expression] : []));
  return [...own, ...(definition?.shape.expressions ?? [])];
}

/** Processor, operating system, required attributes: nothing that a cordon changes. */
function isPossible(definition: TaskDefinition | null, on: ContainerInstance): boolean {
  if (definition === null) return true;
  const ground = {
    owner: on.instanceId,
    instanceType: on.attributes[ATTRIBUTES.type] ?? '',
    zone: on.attributes[ATTRIBUTES.zone] ?? null,
    groups: new Map(),
    traits: {
      attributes: on.attributes,
      architecture: null,
      agentVersion: on.agentVersion,
      registeredAt: on.registeredAt,
      runningTaskCount: null,
    },
  };
  return groundObstacle(ground, { ...definition.shape, expressions: [] }) === null;
}

/** Whether all of them may hold. One that we cannot read was accepted by ECS, and may say anything. */
function mayHold(expressions: readonly string[], subject: QuerySubject): boolean {
  return expressions.every((text) => {
    const expression = parsed(text);
    return expression instanceof MalformedExpression || evaluate(expression, subject) !== 'no';
  });
}

const NOTHING_KNOWN: QuerySubject = {
  attribute: () => undefined,
  ec2InstanceId: undefined,
  agentConnected: undefined,
  agentVersion: undefined,
  registeredAt: undefined,
  runningTasksCount: undefined,
  taskGroups: undefined,
};

/** Tasks come and go, so neither their number nor their groups say anything about the next one. */
function subjectOf(on: ContainerInstance, attributes: Readonly<Record<string, string>>): QuerySubject {
  return {
    ...NOTHING_KNOWN,
    attribute: (name) => (Object.hasOwn(attributes, name) ? (attributes[name] ?? '') : null),
    ec2InstanceId: on.instanceId,
    agentVersion: on.agentVersion ?? undefined,
    registeredAt: on.registeredAt,
  };
}
