// DAEMON services run one task on every instance, and ECS starts them first. Room for them is never anyone else's.
import type { ContainerInstanceArn, TaskDefinitionArn } from '../model/ids.ts';
import type { Service, Task } from '../model/service.ts';
import { serviceNameOf } from '../model/service.ts';
import type { ClusterSnapshot } from '../model/snapshot.ts';
import type { TaskShape } from '../model/task-shape.ts';

export interface Daemons {
  /** What a new instance gives up before its first ordinary task. */
  readonly onNewInstance: readonly TaskShape[];
  /** What an existing instance still has to give up: daemons that do not run on it yet. */
  missingOn(arn: ContainerInstanceArn): readonly TaskShape[];
}

/** A daemon whose definition could not be read is left out; the gap is in the snapshot and stops any scale-in. */
export function daemonsOf(snapshot: ClusterSnapshot): Daemons {
  const shapes = shapesByDefinition(snapshot);
  const daemons = snapshot.services.flatMap((service) => {
    const shape = isDaemon(service) ? shapes.get(service.taskDefinition) : undefined;
    return shape === undefined ? [] : [{ name: service.name, shape }];
  });
  const present = new Set(snapshot.tasks.map((task) => presence(task.containerInstanceArn, serviceNameOf(task))));
  // Without the tasks every daemon would look missing everywhere, and that room would be bought.
  const canTell = snapshot.gaps.every(({ part }) => part !== 'tasks');
  const isMissing = (arn: string, name: string) => canTell && !present.has(presence(arn, name));
  return {
    onNewInstance: daemons.map(({ shape }) => shape),
    missingOn: (arn) => daemons.filter(({ name }) => isMissing(arn, name)).map(({ shape }) => shape),
  };
}

/** The names of the cluster's DAEMON services. */
export function daemonNames(services: readonly Service[]): ReadonlySet<string> {
  return new Set(services.filter(isDaemon).map(({ name }) => name));
}

export function isDaemonTask(task: Task, names: ReadonlySet<string>): boolean {
  const name = serviceNameOf(task);
  return name !== null && names.has(name);
}

export function shapesByDefinition(snapshot: ClusterSnapshot): ReadonlyMap<TaskDefinitionArn, TaskShape> {
  return new Map(snapshot.definitions.map(({ arn, shape }) => [arn, shape]));
}

function isDaemon(service: Service): boolean {
  return service.schedulingStrategy === 'DAEMON';
}

function presence(arn: string | null, service: string | null): string {
  return `${arn ?? ''} ${service ?? ''}`;
}
