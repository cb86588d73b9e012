// The exact answer to "does this demand fit?", for a handful of instances and tasks: every placement is tried, apart from
// those that only swap equal tasks or equal instances. Slow, and written without the planner's kernel on purpose: it is
// what the kernel is judged by. It knows sizes, ports, distinctInstance and required attributes, and no expressions.
import type { HostPort, Resources } from '../../src/model/resources.ts';
import { shapeKey, type TaskShape } from '../../src/model/task-shape.ts';

/** So many tasks of one shape. */
export interface Wanted {
  readonly shape: TaskShape;
  readonly count: number;
}

/** What is free on one instance. */
export interface SmallInstance extends Resources {
  readonly gpus: number;
  readonly eniSlots: number;
  readonly takenPorts: readonly HostPort[];
  /** Groups of which a task stands there; it matters to shapes that are distinct. */
  readonly groups: readonly string[];
  readonly attributes: Readonly<Record<string, string>>;
}

/** Whether all of it can stand on these instances at once. Exponential: up to about 6 instances and 8 tasks. */
export function canHold(instances: readonly SmallInstance[], wanted: readonly Wanted[]): boolean {
  const tasks = wanted.flatMap(({ shape, count }) => Array.from({ length: count }, () => shape));
  if (tasks.some(({ expressions }) => expressions.length > 0)) throw new Error('expressions are not evaluated here');
  // Equal tasks stand side by side, so that only their first may choose freely; large ones first, because they fail early.
  const order = tasks.sort((a, b) => sizeOf(b) - sizeOf(a) || (shapeKey(a) < shapeKey(b) ? -1 : 1));
  return search(instances, order, 0, 0);
}

/** The least number of these instances, all equal, that hold the demand; null when one task finds no place even alone. */
export function leastToHold(empty: SmallInstance, wanted: readonly Wanted[]): number | null {
  const some = wanted.filter(({ count }) => count > 0);
  if (some.some(({ shape }) => !canHold([empty], [{ shape, count: 1 }]))) return null;
  let instances = 0;
  while (!canHold(Array<SmallInstance>(instances).fill(empty), some)) instances += 1;
  return instances;
}

/** Places task number `next` and all behind it; equal tasks go to ever later instances, from `from` on. */
function search(instances: readonly SmallInstance[], tasks: readonly TaskShape[], next: number, from: number): boolean {
  const task = tasks[next];
  if (task === undefined) return true;
  if (exceedsTheSum(instances, tasks.slice(next))) return false;
  const after = tasks[next + 1];
  const isEqualNext = after !== undefined && shapeKey(after) === shapeKey(task);
  const tried: SmallInstance[] = [];
  for (const [index, instance] of instances.entries()) {
    // The same object is an equal instance in the same state: what failed there fails here.
    if (index < from || tried.includes(instance) || !hasRoom(instance, task)) continue;
    tried.push(instance);
    const left = instances.with(index, movedIn(instance, task));
    if (search(left, tasks, next + 1, isEqualNext ? index : 0)) return true;
  }
  return false;
}

function hasRoom(instance: SmallInstance, task: TaskShape): boolean {
  return (
    task.cpuUnits <= instance.cpuUnits &&
    task.memoryMiB <= instance.memoryMiB &&
    task.gpus <= instance.gpus &&
    task.eniSlots <= instance.eniSlots &&
    !task.hostPorts.some((port) => instance.takenPorts.includes(port)) &&
    !(task.isDistinct && instance.groups.includes(task.group ?? '')) &&
    task.requiredAttributes.every(({ name, value }) => {
      const found = instance.attributes[name];
      return found !== undefined && (value === null || value === found);
    })
  );
}

function movedIn(instance: SmallInstance, task: TaskShape): SmallInstance {
  return {
    cpuUnits: instance.cpuUnits - task.cpuUnits,
    memoryMiB: instance.memoryMiB - task.memoryMiB,
    gpus: instance.gpus - task.gpus,
    eniSlots: instance.eniSlots - task.eniSlots,
    takenPorts: [...instance.takenPorts, ...task.hostPorts],
    groups: task.group === null ? instance.groups : [...instance.groups, task.group],
    attributes: instance.attributes,
  };
}

/** What does not even fit into the sum of all rooms fits nowhere. */
function exceedsTheSum(instances: readonly SmallInstance[], tasks: readonly TaskShape[]): boolean {
  const dimensions = ['cpuUnits', 'memoryMiB', 'gpus', 'eniSlots'] as const;
  return dimensions.some((dimension) => {
    const need = tasks.reduce((sum, task) => sum + task[dimension], 0);
    // A room below zero, as ECS reports of over-committed instances, takes nothing from the others.
    return need > instances.reduce((sum, instance) => sum + Math.max(0, instance[dimension]), 0);
  });
}

function sizeOf({ cpuUnits, memoryMiB, gpus }: TaskShape): number {
  return cpuUnits + memoryMiB + gpus * 10_000;
}
