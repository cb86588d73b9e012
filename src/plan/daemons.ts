// DAEMON services run one task on every instance that matches, and ECS starts them first. Room for them is never anyone
// else's.
import type { ClusterSnapshot } from '../model/snapshot.ts';
import type { TaskShape } from '../model/task-shape.ts';
import { type Ground, groundObstacle } from './capacity/ground.ts';
import { groupOf, type Shapes } from './shapes.ts';
import type { Tally } from './tally.ts';

export interface Daemon {
  readonly group: string;
  /** Without its group: a daemon is alone on its instance by nature. */
  readonly shape: TaskShape;
}

/** A daemon whose definition could not be read is left out; the gap is in the snapshot and stops any scale-in. */
export function daemonsOf({ services }: ClusterSnapshot, shapes: Shapes): Daemon[] {
  return services.flatMap((service) => {
    const shape = shapes.byGroup.get(groupOf(service));
    if (service.schedulingStrategy !== 'DAEMON' || shape === undefined) return [];
    return [{ group: groupOf(service), shape }];
  });
}

let newestGroups: ReadonlySet<string> = new Set();

/** The task groups of the cluster's DAEMON services, readable or not; the same object while they are the same. */
export function daemonGroups({ services }: ClusterSnapshot): ReadonlySet<string> {
  const daemons = services.filter(({ schedulingStrategy }) => schedulingStrategy === 'DAEMON');
  const groups = new Set(daemons.map((service) => groupOf(service)));
  const isSame = groups.size === newestGroups.size && [...groups].every((group) => newestGroups.has(group));
  if (!isSame) newestGroups = groups;
  return newestGroups;
}

/** What an instance still has to give up: daemons that may stand on it and do not. */
export function missingOn(daemons: readonly Daemon[], ground: Ground, tally: Tally): TaskShape[] {
  return daemons
    .filter(({ group, shape }) => !tally.groups.has(group) && groundObstacle(ground, shape) === null)
    .map(({ shape }) => shape);
}
