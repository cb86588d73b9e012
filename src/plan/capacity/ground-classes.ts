// Instances on which the same shapes may stand form a class, so that constraints are evaluated once a class and not once
// an instance. What depends on the single instance (its tasks, its age) is evaluated there, for the few shapes that ask.
import type { TaskShape } from '../../model/task-shape.ts';
import { type NamesAsked, namesAskedBy } from '../cluster-query/expression.ts';
import { MalformedExpression, parsed } from '../cluster-query/parse.ts';
import type { Room } from '../room.ts';
import { ATTRIBUTES, attributeOf, groundObstacle } from './ground.ts';

export interface GroundClasses {
  /** The class of each room. */
  readonly classOf: Uint16Array;
  /** `allowed[class * shapes + shape]`: 1 where the shape may stand. */
  readonly allowed: Uint8Array;
  /** For each shape that asks about the single instance: 1 for the rooms that refuse it. */
  readonly isBlocked: ReadonlyMap<number, Uint8Array>;
}

export function groundClasses(rooms: readonly Room[], shapes: readonly TaskShape[]): GroundClasses {
  const asked = shapes.map(askedBy);
  const names = [...new Set(asked.flatMap(({ attributes }) => attributes))].sort();
  const classes = new Map<string, { index: number; sample: Room }>();
  const classOf = Uint16Array.from(rooms, (room) => {
    const signature = signatureOf(room, names);
    const known = classes.get(signature);
    if (known !== undefined) return known.index;
    classes.set(signature, { index: classes.size, sample: room });
    return classes.size - 1;
  });
  const samples = [...classes.values()].map(({ sample }) => sample);
  const isOfTheInstance = (column: number) => asked[column]?.asksAboutInstance === true;
  const allowed = Uint8Array.from({ length: samples.length * shapes.length }, (_, at) => {
    const shape = shapes[at % shapes.length];
    const sample = samples[Math.floor(at / shapes.length)];
    if (shape === undefined || sample === undefined || isOfTheInstance(at % shapes.length)) return 1;
    return groundObstacle(sample, shape) === null ? 1 : 0;
  });
  const isBlocked = new Map(
    shapes.flatMap((shape, column): [number, Uint8Array][] =>
      isOfTheInstance(column)
        ? [[column, Uint8Array.from(rooms, (room) => (groundObstacle(room, shape) === null ? 0 : 1))]]
        : [],
    ),
  );
  return { classOf, allowed, isBlocked };
}

interface Asked {
  readonly attributes: readonly string[];
  /** Besides attributes, which whole classes share. */
  readonly asksAboutInstance: boolean;
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
    asksAboutInstance: expressions.some((each) => each.asksAboutTasks || each.asksAboutInstance),
  };
}

const signatures = new WeakMap<Room, { readonly names: string; readonly signature: string }>();

/** The values of these attributes; rooms of instances that did not change are the same objects, and are asked once. */
function signatureOf(room: Room, names: readonly string[]): string {
  if (names.length === 0) return '';
  const joined = names.join();
  const known = signatures.get(room);
  if (known?.names === joined) return known.signature;
  const signature = names.map((name) => attributeOf(room, name) ?? `${attributeOf(room, name)}!`).join('\n');
  signatures.set(room, { names: joined, signature });
  return signature;
}
