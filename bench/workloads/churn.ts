// What the observer sees one pass later: some instances and some services have changed and are new objects; everything
// else is the very same object, as it is in the controller.
import type { ContainerInstance } from '../../src/model/container-instance.ts';
import { taskArn } from '../../src/model/ids.ts';
import { type Service, serviceNameOf, type Task, type TasksOnInstance } from '../../src/model/service.ts';
import type { ClusterSnapshot } from '../../src/model/snapshot.ts';
import type { TaskShape } from '../../src/model/task-shape.ts';
import type { Rng } from '../../src/ports/rng.ts';

const PASS_MS = 15_000;

/** The next snapshot: on `share` of the instances one task has ended and, where there is room, another one begun. */
export function oneChurn(snapshot: ClusterSnapshot, share: number, rng: Rng): ClusterSnapshot {
  const shapes = new Map(snapshot.definitions.map(({ arn, shape }) => [arn, shape]));
  const containerInstances = [...snapshot.containerInstances];
  const tasks = [...snapshot.tasks];
  const started = new Map<string, number>();
  const changes = Math.max(1, Math.round(containerInstances.length * share));
  for (let change = 0; change < changes; change += 1) {
    const at = Math.floor(rng.next() * containerInstances.length);
    const [instance, listed] = [containerInstances[at], tasks[at]];
    if (instance === undefined || listed === undefined) continue;
    const swap = swapOn(instance, listed, shapes, snapshot.observedAt + PASS_MS);
    if (swap === null) continue;
    containerInstances[at] = swap.instance;
    tasks[at] = swap.listed;
    count(started, swap.ended, -1);
    if (swap.begun !== null) count(started, swap.begun, 1);
  }
  const services = snapshot.services.map((service) => withMore(service, started.get(service.name) ?? 0));
  return { ...snapshot, observedAt: snapshot.observedAt + PASS_MS, containerInstances, tasks, services };
}

/** The same cluster in which so many tasks are wanted and have no place, spread over the services. */
export function withPending(snapshot: ClusterSnapshot, tasks: number): ClusterSnapshot {
  const wanting = snapshot.services.filter((service) => service.schedulingStrategy === 'REPLICA');
  const each = Math.floor(tasks / wanting.length);
  const rest = tasks - each * wanting.length;
  const more = new Map(wanting.map(({ name }, index) => [name, each + (index < rest ? 1 : 0)]));
  return withDesired(snapshot, more);
}

/** The same cluster in which more tasks are wanted of some services, by name. */
export function withDesired(snapshot: ClusterSnapshot, more: ReadonlyMap<string, number>): ClusterSnapshot {
  const services = snapshot.services.map((service) => {
    const desiredCount = service.desiredCount + (more.get(service.name) ?? 0);
    return desiredCount === service.desiredCount ? service : { ...service, ...wanted(service, desiredCount) };
  });
  return { ...snapshot, services };
}

interface Swap {
  readonly instance: ContainerInstance;
  readonly listed: TasksOnInstance;
  readonly ended: string;
  readonly begun: string | null;
}

/** One task ends; one more of another service that stands there begins, so that no constraint can be broken. */
function swapOn(
  instance: ContainerInstance,
  listed: TasksOnInstance,
  shapes: ReadonlyMap<string, TaskShape>,
  at: number,
): Swap | null {
  const plain = listed.tasks.filter((task) => mayComeAndGo(task, shapes.get(task.taskDefinition)));
  const [ending, model] = [plain.at(-1), plain.at(0)];
  const leaving = shapes.get(ending?.taskDefinition ?? '');
  const { remaining } = instance;
  if (ending === undefined || model === undefined || leaving === undefined || remaining === null) return null;
  const coming = shapes.get(model.taskDefinition);
  const room = add(remaining, leaving, 1);
  const begins = coming !== undefined && model !== ending && fitsInto(room, coming);
  const begun: Task = { ...model, arn: taskArn(`${model.arn}-${at}`) };
  const stay = listed.tasks.filter((task) => task !== ending);
  return {
    instance: {
      ...instance,
      remaining: begins ? add(room, coming, -1) : room,
      runningTaskCount: instance.runningTaskCount - (begins ? 0 : 1),
      version: instance.version + 1,
      seenAt: at,
    },
    listed: { ...listed, tasks: begins ? [begun, ...stay] : stay },
    ended: serviceNameOf(ending) ?? '',
    begun: begins ? serviceNameOf(model) : null,
  };
}

/** Tasks that hold nothing but cpu and memory. */
function mayComeAndGo(task: Task, shape: TaskShape | undefined): boolean {
  if (shape === undefined || task.group === 'service:daemon') return false;
  return shape.gpus + shape.eniSlots + shape.hostPorts.length === 0 && !shape.isDistinct;
}

function fitsInto(room: { cpuUnits: number; memoryMiB: number }, shape: TaskShape): boolean {
  return shape.cpuUnits <= room.cpuUnits && shape.memoryMiB <= room.memoryMiB;
}

function add(room: { cpuUnits: number; memoryMiB: number }, shape: TaskShape, times: 1 | -1) {
  return {
    cpuUnits: room.cpuUnits + shape.cpuUnits * times,
    memoryMiB: room.memoryMiB + shape.memoryMiB * times,
  };
}

function count(into: Map<string, number>, name: string, by: number): void {
  into.set(name, (into.get(name) ?? 0) + by);
}

/** Scaled along with its tasks, so that nobody misses any. */
function withMore(service: Service, more: number): Service {
  if (more === 0) return service;
  const runningCount = service.runningCount + more;
  const changed = { ...service, runningCount };
  return { ...changed, ...wanted(changed, service.desiredCount + more) };
}

function wanted(service: Service, desiredCount: number): Pick<Service, 'desiredCount' | 'deployments'> {
  const { runningCount } = service;
  return {
    desiredCount,
    deployments: service.deployments.map((deployment) => ({ ...deployment, desiredCount, runningCount })),
  };
}
