// Whether an instance is ground on which a task may stand at all, however much room it has: CPU architecture, operating
// system, required attributes, `memberOf` expressions.
//
// What is not known counts as allowed, once: attributes of a type that nobody has seen join are learned when the first
// one does, and a cluster with nothing in it could otherwise never begin.
import type { InstanceId } from '../../model/ids.ts';
import type { CpuArchitecture, TaskShape } from '../../model/task-shape.ts';
import { evaluate, type QuerySubject } from '../cluster-query/evaluate.ts';
import { MalformedExpression, parsed } from '../cluster-query/parse.ts';
import type { Obstacle } from '../report.ts';

export interface Traits {
  /** null while nobody of the kind has joined. */
  readonly attributes: Readonly<Record<string, string>> | null;
  /** null while not known. */
  readonly architecture: CpuArchitecture | null;
  readonly agentVersion: string | null;
  /** Epoch milliseconds. */
  readonly registeredAt: number | null;
  readonly runningTaskCount: number | null;
}

/** An instance, as constraints ask about it. */
export interface Ground {
  /** null for an instance that does not exist yet. */
  readonly owner: InstanceId | null;
  readonly instanceType: string;
  /** null while it is not known: of an instance that does not exist yet, or that nobody has described. */
  readonly zone: string | null;
  /** Task groups that stand there, each with how many of its tasks. */
  readonly groups: ReadonlyMap<string, number>;
  readonly traits: Traits;
}

export const ATTRIBUTES = {
  type: 'ecs.instance-type',
  zone: 'ecs.availability-zone',
  architecture: 'ecs.cpu-architecture',
  operatingSystem: 'ecs.os-type',
  subnet: 'ecs.subnet-id',
  trunk: 'ecs.awsvpc-trunk-id',
} as const;

/** The value, null when the instance has no such attribute, undefined while that is not known. */
export function attributeOf(ground: Ground, name: string): string | null | undefined {
  const { attributes, architecture } = ground.traits;
  if (name === ATTRIBUTES.type) return ground.instanceType;
  if (name === ATTRIBUTES.zone && ground.zone !== null) return ground.zone;
  if (name === ATTRIBUTES.architecture && architecture !== null) return architecture;
  if (attributes === null) return undefined;
  // Which zone and subnet the fleet will pick is its own choice.
  if (ground.owner === null && (name === ATTRIBUTES.zone || name === ATTRIBUTES.subnet)) return undefined;
  return Object.hasOwn(attributes, name) ? (attributes[name] ?? '') : null;
}

export function groundObstacle(ground: Ground, shape: TaskShape): Obstacle | null {
  if (!mayBe(attributeOf(ground, ATTRIBUTES.architecture), shape.architecture)) return 'architecture';
  if (!mayBe(attributeOf(ground, ATTRIBUTES.operatingSystem), shape.operatingSystem)) return 'operating-system';
  const isMissing = shape.requiredAttributes.some(({ name, value }) => {
    const present = attributeOf(ground, name);
    return present === null || !mayBe(present, value);
  });
  if (isMissing) return 'attribute';
  return shape.expressions.every((text) => mayHold(ground, text)) ? null : 'member-of';
}

/** An attribute that is not there forbids nothing here: whether ECS enforces a runtime platform is not documented. */
function mayBe(present: string | null | undefined, wanted: string | null): boolean {
  return wanted === null || present === null || present === undefined || present === wanted;
}

function mayHold(ground: Ground, text: string): boolean {
  const expression = parsed(text);
  // Services with an expression that cannot be read are set aside before anybody gets here.
  return expression instanceof MalformedExpression || evaluate(expression, subjectOf(ground)) !== 'no';
}

function subjectOf(ground: Ground): QuerySubject {
  const { owner, groups, traits } = ground;
  return {
    attribute: (name) => attributeOf(ground, name),
    ec2InstanceId: owner ?? undefined,
    // Only what is connected, or is expected to be, is ever asked.
    agentConnected: true,
    agentVersion: traits.agentVersion ?? undefined,
    registeredAt: traits.registeredAt ?? undefined,
    runningTasksCount: traits.runningTaskCount ?? undefined,
    taskGroups: new Set(groups.keys()),
  };
}

const excluding = new WeakMap<TaskShape, Map<string, boolean>>();

/** Whether a task keeps further ones of its own group away by an expression: `not(task:group == service:web)`. */
export function excludesItself(shape: TaskShape): boolean {
  return shape.group !== null && excludes(shape, shape.group);
}

/** Whether an expression of the shape keeps its tasks from instances where one of the group stands, whatever else is there. */
export function excludes(shape: TaskShape, group: string): boolean {
  if (shape.group === null || shape.expressions.length === 0) return false;
  const known = excluding.get(shape) ?? new Map<string, boolean>();
  excluding.set(shape, known);
  const answered = known.get(group);
  if (answered !== undefined) return answered;
  const nowhere: Ground = { owner: null, instanceType: '', zone: null, groups: new Map(), traits: UNKNOWN };
  const beside: Ground = { ...nowhere, groups: new Map([[group, 1]]) };
  const answer = shape.expressions.some((text) => mayHold(nowhere, text) && !mayHold(beside, text));
  known.set(group, answer);
  return answer;
}

const UNKNOWN: Traits = {
  attributes: null,
  architecture: null,
  agentVersion: null,
  registeredAt: null,
  runningTaskCount: null,
};
