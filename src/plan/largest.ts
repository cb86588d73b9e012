// The largest task shapes, for which room is promised: those that no other shape outdoes in everything, among shapes that
// may stand on the same instances. A cpu-heavy and a memory-heavy shape can both be; so can a small one that needs a GPU
// instance or a certain zone, because room elsewhere is none for it.
import { isAtLeast, type TaskShape } from '../model/task-shape.ts';
import type { Capacity } from './capacity/capacity.ts';
import type { Table } from './capacity/table.ts';
import { standsAlone } from './room.ts';

/** The Pareto-largest of these columns, in column order. */
export function largestColumns(capacity: Capacity, columns: readonly number[]): number[] {
  const grounds = [capacity.table, capacity.types].map((table) => groundsOf(table));
  const isOutdone = (column: number, by: number) => {
    const [shape, other] = [capacity.shapes[column], capacity.shapes[by]];
    if (shape === undefined || other === undefined || by === column || !isAtLeast(other, shape)) return false;
    // Room for two that may stand together is no room for two that may not.
    if (standsAlone(shape) && !(standsAlone(other) && other.group === shape.group)) return false;
    // Wherever the larger one may stand, the smaller one may too; equals are told apart by their order.
    const covers = grounds.every((allows) => allows(by, column));
    return covers && !(isAtLeast(shape, other) && grounds.every((allows) => allows(column, by)) && column < by);
  };
  return columns.filter((column) => !columns.some((by) => isOutdone(column, by)));
}

/** Whether every class of instances that allows `inner` allows `outer` as well. */
function groundsOf({ allowed, columns, constrained }: Table): (inner: number, outer: number) => boolean {
  const classes = columns === 0 ? 0 : allowed.length / columns;
  return (inner, outer) => {
    if (constrained[outer] === 0) return true;
    for (let at = 0; at < classes; at += 1) {
      if (allowed[at * columns + inner] === 1 && allowed[at * columns + outer] === 0) return false;
    }
    return true;
  };
}

/** Shapes by size, largest first: for lists that people read. */
export function bySize(a: TaskShape, b: TaskShape): number {
  return b.cpuUnits - a.cpuUnits || b.memoryMiB - a.memoryMiB || b.gpus - a.gpus;
}
