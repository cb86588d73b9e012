// From a notice to the raised target of the fleet, over the wire: real agents that poll once a second, a real controller
// with the schedule and the fast lane it has by default, and the sandbox; with the agent's poke and without. The cluster is
// full, so each notice needs a replacement; each instance stands in a pool of its own, so that no two of them are a storm.
import type { ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { renderTable } from '../src/cli/render-table.ts';
import { type ControllerStage, setControllerStage } from '../test/support/controller-stage.ts';
import { aFreePort } from '../test/support/free-port.ts';
import { until } from '../test/support/until.ts';
import { type Timing, timingOf } from './measure.ts';
import { callerOf, startAgent } from './one-agent.ts';

export const POKED_AIM_MS = 1_500;
/** A poll of the metadata service, DRAINING and the attribute, and one period of the fast lane. */
export const UNPOKED_AIM_MS = 6_500;

/** Instances noticed one after the other in one cluster. */
const A_ROUND = 8;
const TYPES = ['m5.large', 'm6i.large', 'm6a.large'];
const ZONES = ['us-east-1a', 'us-east-1b', 'us-east-1c'];
const TASKS_AN_INSTANCE = 2;
const READY_LIMIT_MS = 60_000;
const ANSWER_LIMIT_MS = 60_000;
/** Notices come at any moment of a poll, a look and the time since the last pass. */
const APART_MS = 6_000;

export interface NoticeToTarget {
  /** From the moment EC2 gives the notice until EC2 has taken the call that raises the target. */
  readonly poked: Timing;
  readonly unpoked: Timing;
}

export async function measureNoticeToTarget(pokedNotices: number, unpokedNotices: number): Promise<NoticeToTarget> {
  return {
    poked: timingOf(await inRounds(pokedNotices, true)),
    unpoked: timingOf(await inRounds(unpokedNotices, false)),
  };
}

export function noticeToTargetTable({ poked, unpoked }: NoticeToTarget): string {
  const row = (name: string, { p50Ms, p99Ms, maxMs, runs }: Timing, aimMs: number) => [
    ...[name, ...[p50Ms, p99Ms, maxMs].map((one) => one.toFixed(0)), String(runs), String(aimMs)],
  ];
  const right = (head: string) => ({ head, align: 'right' as const });
  return renderTable(
    [
      { head: 'notice to raised target' },
      right('p50 ms'),
      right('p99 ms'),
      right('max ms'),
      right('runs'),
      right('aim'),
    ],
    [
      row('the agent pokes the controller', poked, POKED_AIM_MS),
      row("by the leader's own looks", unpoked, UNPOKED_AIM_MS),
    ],
  );
}

async function inRounds(notices: number, isPoked: boolean): Promise<number[]> {
  const durations: number[] = [];
  while (durations.length < notices) {
    const count = Math.min(A_ROUND, notices - durations.length);
    console.error(`notice-to-target: ${isPoked ? 'poked' : 'not poked'}, ${durations.length} of ${notices}`);
    durations.push(...(await round(count, isPoked)));
  }
  return durations;
}

async function round(count: number, isPoked: boolean): Promise<number[]> {
  const overrides = TYPES.flatMap((instanceType) => ZONES.map((zone) => ({ instanceType, zone, weightUnits: 2 })));
  const stage = await setControllerStage(
    { targetUnits: 2 * A_ROUND, allocationStrategy: 'diversified', overrides },
    { noticeMs: 600_000 },
  );
  const agents: ChildProcess[] = [];
  try {
    stage.addService('web', { cpuUnits: 1024, memoryMiB: 2048, desiredCount: TASKS_AN_INSTANCE * A_ROUND });
    const ids = [...stage.cluster.containerInstances.values()].map(({ ec2 }) => ec2.id).slice(0, count);
    const port = await aFreePort();
    const config = await stage.configure(
      {
        schedule: '*/15 * * * * *',
        headroom: { largestTasks: 1, survive: 'none', arrivalQuantile: 'off' },
        scaleIn: { idleSeconds: 3_600 },
        poke: { host: '127.0.0.1', port },
      },
      { targetCapacity: { min: 2, max: 200 } },
    );
    await stage.start('controller', config);
    const settings = { SPOTKEEPER_CONTROLLER_ADDRESSES: isPoked ? `http://127.0.0.1:${port}` : '' };
    for (const id of ids) agents.push(await startAgent(stage.sandbox, id, settings));
    await allWatch(stage, ids);
    const durations: number[] = [];
    for (const id of ids) {
      await settled(stage);
      await pause(Math.random() * APART_MS);
      durations.push(await untilRaised(stage, id));
    }
    return durations;
  } finally {
    for (const agent of agents) agent.kill('SIGKILL');
    await stage.close();
  }
}

/** Nobody waits for a place or an instance, and the spare one is there. */
async function settled({ cluster, fleet }: ControllerStage): Promise<void> {
  const isSettled = () => {
    const tasks = [...cluster.tasks.values()].filter(({ lastStatus }) => lastStatus === 'RUNNING');
    const serving = [...cluster.containerInstances.values()].filter(({ status }) => status === 'ACTIVE');
    return (
      fleet.fulfilledUnits >= fleet.targetUnits &&
      serving.length > A_ROUND &&
      tasks.length >= TASKS_AN_INSTANCE * A_ROUND
    );
  };
  await until('every task to run, and the promised room', isSettled, READY_LIMIT_MS);
}

function untilRaised({ sandbox, fleet }: ControllerStage, instanceId: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const presentUnits = fleet.targetUnits;
    const giveUp = setTimeout(() => reject(new Error('no target was raised for a notice')), ANSWER_LIMIT_MS);
    const noticedAt = performance.now();
    const end = sandbox.log.subscribe(({ action, status, input }) => {
      if (action !== 'ModifySpotFleetRequest' || status !== 200 || Number(input.TargetCapacity) <= presentUnits) return;
      clearTimeout(giveUp);
      end();
      resolve(performance.now() - noticedAt);
    });
    sandbox.driver.inPresent(() => sandbox.world.ec2.sendNotice(instanceId));
  });
}

async function allWatch({ sandbox }: ControllerStage, instanceIds: readonly string[]): Promise<void> {
  const callers = () =>
    new Set(sandbox.log.records.flatMap(({ service, caller }) => (service === 'ecs' && caller ? [caller.name] : [])));
  await until(
    'every agent to have called ECS',
    () => instanceIds.every((id) => callers().has(callerOf(id))),
    READY_LIMIT_MS,
  );
}
