// The task shapes of the cluster's services: what the definition asks for, and what the service adds. A service whose
// constraints cannot be read, or whose definition could not, is set aside by name.
import type { TaskDefinitionArn } from '../model/ids.ts';
import type { Service, TaskDefinition } from '../model/service.ts';
import type { ClusterSnapshot, SetAside } from '../model/snapshot.ts';
import { shapeKey, type TaskShape } from '../model/task-shape.ts';
import { namesAskedBy } from './cluster-query/expression.ts';
import { MalformedExpression, parsed } from './cluster-query/parse.ts';

export interface Shapes {
  /** By task group (`service:web`), of services whose definition and constraints could be read. */
  readonly byGroup: ReadonlyMap<string, TaskShape>;
  readonly definitions: ReadonlyMap<TaskDefinitionArn, TaskDefinition>;
  readonly setAside: readonly SetAside[];
}

export function shapesOf({ services, definitions }: Pick<ClusterSnapshot, 'services' | 'definitions'>): Shapes {
  const readable = new Map(definitions.map((definition) => [definition.arn, definition]));
  const byGroup = new Map<string, TaskShape>();
  const setAside: SetAside[] = [];
  for (const { arn, shape } of definitions) {
    const detail = shape.expressions.flatMap((text) => malformed(text) ?? [])[0];
    if (detail !== undefined)
      setAside.push({ kind: 'definition', subject: arn, reason: 'malformed-expression', detail });
  }
  for (const service of services) {
    const definition = readable.get(service.taskDefinition);
    if (definition === undefined) continue;
    const shape = shapeIn(definition, groupOf(service), service);
    const detail = shape.expressions.flatMap((text) => malformed(text) ?? [])[0];
    if (detail === undefined) byGroup.set(groupOf(service), shape);
    else setAside.push({ kind: 'service', subject: service.name, reason: 'malformed-expression', detail });
  }
  return { byGroup, definitions: readable, setAside };
}

/** The shape of a definition's tasks in a task group; null when its constraints cannot be read. */
export function shapeOfGroup(definition: TaskDefinition, group: string): TaskShape | null {
  const shape = shapeIn(definition, group, null);
  return shape.expressions.some((text) => malformed(text) !== null) ? null : shape;
}

export function groupOf({ name }: Pick<Service, 'name'>): string {
  return `service:${name}`;
}

function shapeIn({ shape }: TaskDefinition, group: string, service: Service | null): TaskShape {
  const constraints = service?.placementConstraints ?? [];
  const added = constraints.flatMap((constraint) => (constraint.type === 'memberOf' ? [constraint.expression] : []));
  const expressions = [...new Set([...shape.expressions, ...added])].sort();
  const isDistinct = constraints.some(({ type }) => type === 'distinctInstance');
  const asksAboutTasks = expressions.some((text) => {
    const expression = parsed(text);
    return !(expression instanceof MalformedExpression) && namesAskedBy(expression).asksAboutTasks;
  });
  return interned({ ...shape, expressions, isDistinct, group: isDistinct || asksAboutTasks ? group : null });
}

// Far more than any cluster has at once; it only has to end.
const MOST_INTERNED = 5_000;
const known = new Map<string, TaskShape>();

/** Equal shapes are one object from pass to pass, so that what has been found out about one need not be found out again. */
function interned(shape: TaskShape): TaskShape {
  const key = shapeKey(shape);
  const same = known.get(key);
  if (same !== undefined) return same;
  if (known.size >= MOST_INTERNED) known.clear();
  known.set(key, shape);
  return shape;
}

/** What is wrong with an expression, and where; null when nothing is. */
function malformed(text: string): string | null {
  const expression = parsed(text);
  return expression instanceof MalformedExpression ? `${text}: ${expression.message}` : null;
}
