// The metric that ECS clusters are commonly scaled by, as published by garbe.io in 2017 and built into widdix' templates:
// over all instances, how many of the largest container fit into what is left. What failure modes are shown against.
// https://garbe.io/blog/2017/04/12/a-better-solution-to-ecs-autoscaling/
// https://github.com/widdix/aws-cf-templates/blob/master/ecs/cluster.yaml

import type { Resources } from '../../src/model/resources.ts';
import type { ClusterSnapshot } from '../../src/model/snapshot.ts';
import { plan } from '../../src/plan/decide.ts';
import { NO_MEMORY } from '../../src/plan/memory.ts';
import type { Policy } from '../../src/plan/policy.ts';
import { aPolicy, aSnapshot, type ClusterSpec, NOW } from './builders.ts';

/** @param largest typed in by the operator: the largest cpu and the largest memory of any task */
export function naiveSchedulable(
  { containerInstances }: Pick<ClusterSnapshot, 'containerInstances'>,
  largest: Resources,
) {
  return containerInstances.reduce((sum, { remaining }) => {
    const { cpuUnits, memoryMiB } = remaining ?? { cpuUnits: 0, memoryMiB: 0 };
    return sum + Math.min(Math.floor(cpuUnits / largest.cpuUnits), Math.floor(memoryMiB / largest.memoryMiB));
  }, 0);
}

/** widdix' rule: a quarter more when two or fewer fit, a quarter less when ten or more do. */
export function naiveSize(instances: number, schedulable: number): number {
  if (schedulable <= 2) return instances + Math.ceil(instances / 4);
  return schedulable >= 10 ? Math.max(1, instances - Math.ceil(instances / 4)) : instances;
}

/** widdix' Lambda lists instances one a page and describes each: two calls an instance, every minute. */
export function naiveCallsPerSecond(instances: number): number {
  return (2 * instances) / 60;
}

/** Two of them fit an empty m5.large. */
export const LARGEST_TASK: Resources = { cpuUnits: 1024, memoryMiB: 2048 };

/** What the usual metric says with this largest task, and our decision. */
export function besideNaive(spec: ClusterSpec, largest: Resources = LARGEST_TASK, policy: Partial<Policy> = {}) {
  const snapshot = aSnapshot(spec);
  const { report, plan: actions } = plan({ snapshot, policy: aPolicy(policy), memory: NO_MEMORY, now: NOW });
  const lineOf = (user: string) => report.shapes.find(({ users }) => users.includes(user));
  return { naive: naiveSchedulable(snapshot, largest), report, actions, lineOf };
}
