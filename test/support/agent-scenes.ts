// What the scenes of the agent share: stages that are closed with their test, what the agent has said, and an operator who
// calls ECS over the wire.
import {
  StopTaskCommand,
  UpdateContainerInstancesStateCommand,
  UpdateTaskProtectionCommand,
} from '@aws-sdk/client-ecs';
import type { EcsTask } from '../../src/world/ecs/task.ts';
import type { WorldSettings } from '../../src/world/settings.ts';
import { clientsOf } from '../sandbox/clients.ts';
import { type AgentStage, setAgentStage } from './agent-stage.ts';
import type { RunningScript } from './script.ts';
import { until } from './until.ts';

/** Rebalance and maintenance as often as the budget allows without kept connections, at the cost of the others. */
export const OFTEN = {
  SPOTKEEPER_POLL_SECONDS: '2.5',
  SPOTKEEPER_REBALANCE_POLL_SECONDS: '2.5',
  SPOTKEEPER_MAINTENANCE_POLL_SECONDS: '5',
  SPOTKEEPER_TARGET_STATE_POLL_SECONDS: '60',
};

/** The stage of one of several tests that run at the same time. */
export async function ownStage(
  { onTestFinished }: { readonly onTestFinished: (close: () => Promise<void>) => void },
  settings: Partial<WorldSettings> = {},
): Promise<AgentStage> {
  const stage = await setAgentStage(settings);
  onTestFinished(() => stage.close());
  return stage;
}

/** Starts the agent, and resolves when it has marked the instance as ready. */
export async function startReady(stage: AgentStage, environment: Readonly<Record<string, string>> = {}) {
  const agent = await stage.startAgent(environment);
  await says(agent, 'this container instance is marked as ready');
  return agent;
}

/** Its log lines that begin with these words. */
export function linesOf(agent: RunningScript, message = ''): Record<string, unknown>[] {
  return agent
    .stderr()
    .split('\n')
    .filter((line) => line.includes(`"msg":"${message}`))
    .map((line) => JSON.parse(line));
}

/** Resolves when it has said so this often. */
export function says(agent: RunningScript, message: string, times = 1): Promise<void> {
  const heard = () => {
    if (linesOf(agent, message).length >= times) return true;
    if (agent.child.exitCode !== null) throw new Error(`the agent has ended before it said "${message}"`);
    return false;
  };
  return until(`its words "${message}"`, heard, 25_000).catch((cause: unknown) => {
    throw new Error(`what it said instead:\n${agent.stderr()}`, { cause });
  });
}

/** Resolves when the container instance is so. */
export const becomes = (stage: AgentStage, status: 'ACTIVE' | 'DRAINING', withinMs = 25_000) =>
  until(`status ${status}`, () => stage.seen().status === status, withinMs);

/** Tasks of a service that are not known to have stopped. */
export function tasksOf({ sandbox }: AgentStage, service: string): EcsTask[] {
  const tasks = sandbox.driver.inPresent(() => [...sandbox.world.ecs.cluster('production').tasks.values()]);
  return tasks.filter(({ group, lastStatus }) => group === `service:${service}` && lastStatus !== 'STOPPED');
}

export function operatorOf({ sandbox, instanceId }: AgentStage) {
  const { ecs } = clientsOf(sandbox, 'operator');
  const cluster = 'production';
  const setStatus = async (status: 'ACTIVE' | 'DRAINING') => {
    const { arn = '' } = sandbox.world.ecs.containerInstanceOf(instanceId) ?? {};
    await ecs.send(new UpdateContainerInstancesStateCommand({ cluster, containerInstances: [arn], status }));
  };
  return {
    drain: () => setStatus('DRAINING'),
    activate: () => setStatus('ACTIVE'),
    protect: (task: EcsTask, protectionEnabled: boolean) =>
      ecs.send(new UpdateTaskProtectionCommand({ cluster, tasks: [task.arn], protectionEnabled })),
    stop: (task: EcsTask) => ecs.send(new StopTaskCommand({ cluster, task: task.arn })),
  };
}
