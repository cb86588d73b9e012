// What people call a shape: its size, and where constraints tell it apart a few letters that follow from them. A name must
// not depend on what else there is: alarms are set on it.
import { constraintsOf, shapeKey, type TaskShape } from '../model/task-shape.ts';

/** By shape key. @param shapes in a stable order */
export function shapeNames(shapes: readonly TaskShape[]): ReadonlyMap<string, string> {
  const taken = new Set<string>();
  return new Map(
    shapes.map((shape) => {
      const telling = tellingConstraints(shape);
      const short = `${sizeOf(shape)}${telling.length === 0 ? '' : `#${letters(telling.join('/'))}`}`;
      // Shapes that differ in nothing but capabilities, which hardly anybody ever sees.
      const name = taken.has(short) ? `${short}#${letters(constraintsOf(shape).join('/'))}` : short;
      taken.add(name);
      return [shapeKey(shape), name];
    }),
  );
}

/** Without the capabilities of the ECS agent, which every ordinary instance has, and of which a definition asks for many. */
export function tellingConstraints(shape: TaskShape): string[] {
  return constraintsOf(shape).filter((line) => !/^requires\((com\.amazonaws\.)?ecs\.capability\./.test(line));
}

function sizeOf(shape: TaskShape): string {
  const constraints = constraintsOf(shape);
  const key = shapeKey(shape);
  return constraints.length === 0 ? key : key.slice(0, -constraints.join('/').length - 1);
}

/** Four letters or digits that follow from the text: FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/ */
function letters(text: string): string {
  let hash = 0x811c9dc5;
  for (const character of text) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash.toString(36).padStart(7, '0').slice(-4);
}
