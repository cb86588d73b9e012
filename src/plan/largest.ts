// The largest task shapes, for which room is promised: those that no other shape of the cluster outdoes in everything.
import { isAtLeast, shapeKey, type TaskShape } from '../model/task-shape.ts';

/** The Pareto-largest of the shapes, each once, in a stable order. A cpu-heavy and a memory-heavy shape can both be. */
export function largestShapes(shapes: readonly TaskShape[]): TaskShape[] {
  const distinct = [...new Map(shapes.map((shape) => [shapeKey(shape), shape])).entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, shape]) => shape);
  return distinct.filter((shape) => !distinct.some((other) => other !== shape && isAtLeast(other, shape)));
}
