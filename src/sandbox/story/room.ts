// How many more tasks of a size could start now, judged from the world itself: what the controller promises is checked
// against this, not against what it says.
import { covers, type Resources } from '../../model/resources.ts';
import type { EcsCluster } from '../../world/ecs/cluster.ts';
import { activeContainerInstances } from '../../world/ecs/cluster.ts';
import { remainingOn } from '../../world/ecs/container-instance.ts';

/** Sum over instances of how often the size fits on each; instances that are draining, noticed or disconnected have no room. */
export function roomFor(cluster: EcsCluster, size: Resources): number {
  return activeContainerInstances(cluster)
    .filter((instance) => instance.agentConnected && instance.ec2.notice === null)
    .reduce((total, instance) => total + timesIn(remainingOn(instance), size), 0);
}

function timesIn(room: Resources, size: Resources): number {
  if (!covers(room, size)) return 0;
  return Math.min(Math.floor(room.cpuUnits / size.cpuUnits), Math.floor(room.memoryMiB / size.memoryMiB));
}
