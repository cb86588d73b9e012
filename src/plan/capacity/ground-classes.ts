// Instances on which the same shapes may stand form a class, so that constraints are evaluated once a class and not once
// an instance. What depends on the single instance (its tasks, its age) is evaluated there, for the few shapes that ask.
import type { TaskShape } from '../../model/task-shape.ts';
import { type NamesAsked, namesAskedBy } from '../cluster-query/expression.ts';
import { MalformedExpression, parsed } from '../cluster-query/parse.ts';
import type { Room } from '../room.ts';
import { ATTRIBUTES, attributeOf, groundObstacle } from './ground.ts';

/** What a set of shapes asks about instances. */
export interface GroundQuestions {
  /** Attributes, sorted. */
  readonly names: readonly string[];
  /** Shapes that ask about more than attributes, which is no matter of a class. */
  readonly ofTheInstance: readonly number[];
}

export function groundQuestions(shapes: readonly TaskShape[]): GroundQuestions {
  const asked = shapes.map(askedBy);
  return {
    names: [...new Set(asked.flatMap(({ attributes }) => attributes))].sort(),
    ofTheInstance: asked.flatMap(({ isAboutInstance }, column) => (isAboutInstance ? [column] : [])),
  };
}

/** What an instance answers: equal for instances of one class. */
export function signatureOf(room: Room, names: readonly string[]): string {
  return names.map((name) => attributeOf(room, name) ?? `${attributeOf(room, name)}!`).join('\n');
}

/** 1 for each shape that may stand on instances of a class. @param room one of them */
export function allowedOn(
  room: Room,
  signature: string,
  shapes: readonly TaskShape[],
  { names, ofTheInstance }: GroundQuestions,
): Uint8Array {
  const ofClass = `${names.join()}\n${signature}`;
  return Uint8Array.from(shapes, (shape, column) =>
    ofTheInstance.includes(column) || mayStand(shape, room, ofClass) ? 1 : 0,
  );
}

const answers = new WeakMap<TaskShape, Map<string, boolean>>();

// Far more than a cluster has at once: images and attributes change over the months that a process may run.
const MOST_CLASSES = 1_000;

/** The answer for one instance of a class is that for all of it, in this pass and in every later one. */
export function mayStand(shape: TaskShape, sample: Room, ofClass: string): boolean {
  if (isUnconstrained(shape)) return true;
  const known = answers.get(shape) ?? new Map<string, boolean>();
  answers.set(shape, known);
  const answer = known.get(ofClass) ?? groundObstacle(sample, shape) === null;
  if (known.size >= MOST_CLASSES) known.clear();
  known.set(ofClass, answer);
  return answer;
}

export function isUnconstrained(shape: TaskShape): boolean {
  const { architecture, operatingSystem, requiredAttributes, expressions } = shape;
  return (
    architecture === null && operatingSystem === null && requiredAttributes.length === 0 && expressions.length === 0
  );
}

interface Asked {
  readonly attributes: readonly string[];
  readonly isAboutInstance: boolean;
}

function askedBy(shape: TaskShape): Asked {
  const expressions = shape.expressions.flatMap((text): NamesAsked[] => {
    const expression = parsed(text);
    return expression instanceof MalformedExpression ? [] : [namesAskedBy(expression)];
  });
  return {
    attributes: [
      ...(shape.architecture === null ? [] : [ATTRIBUTES.architecture]),
      ...(shape.operatingSystem === null ? [] : [ATTRIBUTES.operatingSystem]),
      ...shape.requiredAttributes.map(({ name }) => name),
      ...expressions.flatMap(({ attributes }) => [...attributes]),
    ],
    isAboutInstance: expressions.some((each) => each.asksAboutTasks || each.asksAboutInstance),
  };
}
