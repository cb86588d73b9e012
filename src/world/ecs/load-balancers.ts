// The load balancers of a service: what may be named, and how long ECS waits for them before it stops a task's containers.
// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LoadBalancer.html
import type { TargetGroups } from '../elb/target-groups.ts';
import { Refusal } from '../refusal.ts';
import type { EcsTask } from './task.ts';
import type { EcsTaskDefinition } from './task-definition.ts';

export interface LoadBalancerUse {
  readonly targetGroupArn: string;
  readonly containerName: string;
  readonly containerPort: number;
}

/** @throws Refusal InvalidParameterException */
export function checkLoadBalancers(
  groups: TargetGroups,
  definition: EcsTaskDefinition,
  uses: readonly LoadBalancerUse[],
): void {
  for (const { targetGroupArn, containerName } of uses) {
    if (groups.find(targetGroupArn) === undefined) {
      throw new Refusal('InvalidParameterException', `The target group ${targetGroupArn} does not exist.`);
    }
    if (!definition.containers.some(({ name }) => name === containerName)) {
      const message = `The container ${containerName} does not exist in the task definition.`;
      throw new Refusal('InvalidParameterException', message);
    }
  }
}

/** The longest of its target groups; 0 for a task that none of them can know yet. */
export function deregistrationMs(groups: TargetGroups, task: EcsTask): number {
  if (task.startedAt === null) return 0;
  const uses = task.service?.loadBalancers ?? [];
  return Math.max(0, ...uses.map(({ targetGroupArn }) => groups.find(targetGroupArn)?.deregistrationDelayMs ?? 0));
}
