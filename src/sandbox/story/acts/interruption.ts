// Act 4: EC2 takes a busy instance back. Its agent drains it, the controller replaces it before it dies, and every task
// on it gets its SIGTERM and its stop timeout, the standalone one too, which ECS would not have moved.

import { activeContainerInstances } from '../../../world/ecs/cluster.ts';
import { type EcsContainerInstance, wantedOn } from '../../../world/ecs/container-instance.ts';
import type { Expectation } from '../expectation.ts';
import { isFulfilledAndJoined } from '../fleet.ts';
import { STORY_PACE } from '../pace.ts';
import { areAllSteady } from '../services.ts';
import type { Stage } from '../stage.ts';
import { until } from '../until.ts';
import { agentMismatches, areAllAgentsWatching, isContent } from '../watching.ts';

export async function interruption(stage: Stage): Promise<Expectation[]> {
  const { driver, world } = stage;
  await until(stage, 'every agent to watch', 10_000, () => areAllAgentsWatching(stage));
  // Nothing is left over then, so that losing the instance leaves the promise short and its replacement has to come.
  await until(stage, 'the controller to be content', 30_000, () => isContent(stage));
  const victim = busiest(activeContainerInstances(stage.cluster));
  const { id, instanceType } = victim.ec2;
  stage.tell({
    kind: 'note',
    text: `${id} (${instanceType}, ${wantedOn(victim).length} tasks) is told that it will be interrupted in ${STORY_PACE.noticeMs / 1000} s`,
  });
  driver.inPresent(() => world.ec2.sendNotice(id));
  await until(stage, 'the instance to drain', 10_000, () => victim.status !== 'ACTIVE');
  await until(stage, 'its power to go', STORY_PACE.noticeMs + 5_000, () => !victim.ec2.isUp);
  await until(stage, 'ECS to forget it', 10_000, () => victim.status === 'INACTIVE');
  await until(stage, 'every task to run elsewhere', 15_000, () => areAllSteady(stage) && isFulfilledAndJoined(stage));
  await until(stage, 'its agent to end', 10_000, () => agentMismatches(stage).length === 0);
  return [
    {
      act: 4,
      name: 'every running instance has its agent, and no agent outlives its instance',
      held: agentMismatches(stage).length === 0,
      detail: agentMismatches(stage).join(', ') || `${stage.processes.list().length} processes, as there should be`,
    },
  ];
}

/** The instance with the most tasks; the one with the standalone task before any other, since it is the hardest to save. */
function busiest(instances: readonly EcsContainerInstance[]): EcsContainerInstance {
  const score = (instance: EcsContainerInstance) => {
    const tasks = wantedOn(instance);
    return tasks.length + (tasks.some((task) => task.service === null) ? 1_000 : 0);
  };
  const [first] = [...instances].sort((a, b) => score(b) - score(a));
  if (first === undefined) throw new Error('the cluster has no instance to interrupt');
  return first;
}
