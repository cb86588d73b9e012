// What the acts see of agents and controllers: only what reached the sandbox from them.
import { agentName } from '../processes/agents.ts';
import type { RequestRecord } from '../request-log.ts';
import { isDone } from './figures/evidence.ts';
import { leaseHolder } from './figures/leadership.ts';
import { CONTROLLER_PACE } from './pace.ts';
import { CONTROLLERS, type Stage } from './stage.ts';

/** The controller that holds the lease now; null when none does. */
export function leader(stage: Stage): string | null {
  const holder = leaseHolder(stage.sandbox.log, stage.driver.now);
  return CONTROLLERS.some((name) => name === holder) ? holder : null;
}

/** The controller that has taken or renewed the lease since then and still holds it; null when none has. */
export function leaderSince(stage: Stage, at: number): string | null {
  const hasWritten = requestsSince(stage, at).some((record) => record.action === 'PutItem' && isDone(record));
  return hasWritten ? leader(stage) : null;
}

/** How many passes a controller has begun since then, judged by its looking at the fleet. */
export function passesSince(stage: Stage, name: string, at: number): number {
  return requestsSince(stage, at).filter(
    (record) => record.action === 'DescribeSpotFleetRequests' && record.caller?.name === name,
  ).length;
}

// A surplus is let go after it has lasted for the idle time; a pass more sees that nothing was.
const CONTENT_PASSES = (CONTROLLER_PACE.scaleInIdleSeconds * 1_000) / CONTROLLER_PACE.passMs + 2;

/** Whether the leader has looked again and again and changed nothing: no target moved and nobody leaves. */
export function isContent(stage: Stage): boolean {
  const changedAt = stage.world.history.of('fleet-target').at(-1)?.at ?? 0;
  const isLeaving = [...stage.cluster.containerInstances.values()].some(({ status }) => status === 'DRAINING');
  return !isLeaving && passesSince(stage, leader(stage) ?? '', changedAt) > CONTENT_PASSES;
}

/** Whether the agent of every instance that is up has asked its instance's metadata for a notice. */
export function areAllAgentsWatching(stage: Stage): boolean {
  const asking = new Set(
    stage.sandbox.log.records
      .filter((record) => record.service === 'imds' && record.action.endsWith('/spot/instance-action'))
      .map((record) => record.caller?.name),
  );
  return upInstances(stage).every(({ id }) => asking.has(id));
}

/** Names of running agents that belong to no running instance, and of running instances that have no agent. */
export function agentMismatches(stage: Stage): string[] {
  const expected = new Set(upInstances(stage).map(({ id }) => agentName(id)));
  const running = new Set(stage.processes.list().flatMap(({ name }) => (name.startsWith('agent ') ? [name] : [])));
  return [
    ...[...expected].filter((name) => !running.has(name)).map((name) => `${name} is missing`),
    ...[...running].filter((name) => !expected.has(name)).map((name) => `${name} runs without an instance`),
  ];
}

function upInstances(stage: Stage) {
  return [...stage.world.ec2.instances.values()].filter((instance) => instance.isUp);
}

function requestsSince(stage: Stage, at: number): readonly RequestRecord[] {
  return stage.sandbox.log.records.filter((record) => record.at >= at);
}
