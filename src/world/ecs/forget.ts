// Records of what is over, kept for as long as AWS promises to show them and no longer: a long run must not grow for ever.
import type { EcsCluster } from './cluster.ts';

/** AWS shows stopped tasks for at least an hour. */
const KEPT_MS = 3_600_000;

export function forgetOld(cluster: EcsCluster, now: number): void {
  const firstKept = cluster.stoppedTasks.findIndex((task) => now - (task.stoppedAt ?? now) < KEPT_MS);
  const old = cluster.stoppedTasks.splice(0, firstKept === -1 ? cluster.stoppedTasks.length : firstKept);
  for (const task of old) cluster.tasks.delete(task.id);
  for (const instance of cluster.containerInstances.values()) {
    if (instance.inactiveSince !== null && now - instance.inactiveSince >= KEPT_MS) {
      cluster.containerInstances.delete(instance.id);
    }
  }
}
