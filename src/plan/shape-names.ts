// What people call a shape: its size. Shapes that differ in constraints alone are told apart by a number.
import { constraintsOf, shapeKey, type TaskShape } from '../model/task-shape.ts';

/** By shape key. @param shapes in a stable order: the first of a size keeps the bare name */
export function shapeNames(shapes: readonly TaskShape[]): ReadonlyMap<string, string> {
  const taken = new Map<string, number>();
  return new Map(
    shapes.map((shape) => {
      const constraints = constraintsOf(shape);
      const key = shapeKey(shape);
      const size = constraints.length === 0 ? key : key.slice(0, -constraints.join('/').length - 1);
      const count = (taken.get(size) ?? 0) + 1;
      taken.set(size, count);
      return [key, count === 1 ? size : `${size}#${count}`];
    }),
  );
}
