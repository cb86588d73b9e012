// From a notice to DRAINING: real agent processes that poll once a second, the sandbox, and notices at random moments of
// that second. An instance gets one notice in its life, so there are rounds of new instances. And the same for an agent
// that starts into a notice: it has to load the ECS client first.
import type { ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import type { RequestRecord } from '../src/sandbox/request-log.ts';
import { type SmallCloud, startSmallCloud } from '../test/support/small-cloud.ts';
import { until } from '../test/support/until.ts';
import { type Timing, timingOf } from './measure.ts';
import { callerOf, startAgent } from './one-agent.ts';

export const DRAINING_AIM_MS = 1_500;

const AT_ONCE = 8;
const START_LIMIT_MS = 60_000;
const ANSWER_LIMIT_MS = 30_000;
const POLL_MS = 1_000;
const NOTICE_PATH = 'GET /latest/meta-data/spot/instance-action';

export interface NoticeToDraining {
  /** From the moment EC2 gives the notice until ECS has taken DRAINING, half a poll on average included. */
  readonly warm: Timing;
  /** From the answer in which an agent just started reads the notice until ECS has taken DRAINING. */
  readonly cold: Timing;
}

export async function measureNotices(notices: number): Promise<NoticeToDraining> {
  return {
    warm: timingOf(await inRounds(notices, warmRound)),
    cold: timingOf(await inRounds(Math.ceil(notices / 10), coldRound)),
  };
}

type Round = (cloud: SmallCloud, instanceIds: readonly string[], agents: ChildProcess[]) => Promise<number[]>;

async function inRounds(notices: number, round: Round): Promise<number[]> {
  const durations: number[] = [];
  while (durations.length < notices) {
    const count = Math.min(AT_ONCE, notices - durations.length);
    // Two units an instance; and an instance ends long after its round does.
    const cloud = await startSmallCloud({ fleet: { targetUnits: 2 * count }, settings: { noticeMs: 120_000 } });
    const agents: ChildProcess[] = [];
    try {
      const ids = [...cloud.cluster.containerInstances.values()].map(({ ec2 }) => ec2.id);
      durations.push(...(await round(cloud, ids, agents)));
    } finally {
      for (const agent of agents) agent.kill('SIGKILL');
      await cloud.close();
    }
  }
  return durations;
}

async function warmRound(cloud: SmallCloud, instanceIds: readonly string[], agents: ChildProcess[]) {
  const callers = new Set<string>();
  cloud.sandbox.log.subscribe(({ service, caller }) => {
    if (service === 'ecs' && caller !== null) callers.add(caller.name);
  });
  for (const id of instanceIds) agents.push(await startAgent(cloud.sandbox, id));
  await until('every agent to have called ECS', () => callers.size >= instanceIds.length, START_LIMIT_MS);
  const durations: number[] = [];
  for (const id of instanceIds) {
    await pause(Math.random() * POLL_MS);
    const draining = drainingOf(cloud, id);
    const noticedAt = performance.now();
    notice(cloud, id);
    durations.push((await draining) - noticedAt);
  }
  return durations;
}

async function coldRound(cloud: SmallCloud, instanceIds: readonly string[], agents: ChildProcess[]) {
  const durations: number[] = [];
  for (const id of instanceIds) {
    notice(cloud, id);
    const seen = answered(cloud, (record) => record.action === NOTICE_PATH && record.caller?.name === id);
    const draining = drainingOf(cloud, id);
    agents.push(await startAgent(cloud.sandbox, id));
    const seenAt = await seen;
    durations.push((await draining) - seenAt);
  }
  return durations;
}

function notice({ sandbox: { world, driver } }: SmallCloud, instanceId: string): void {
  driver.inPresent(() => world.ec2.sendNotice(instanceId));
}

function drainingOf(cloud: SmallCloud, instanceId: string): Promise<number> {
  return answered(
    cloud,
    ({ action, caller }) => action === 'UpdateContainerInstancesState' && caller?.name === callerOf(instanceId),
  );
}

/** The instant (monotonic) of the first successful answer to such a request. */
function answered({ sandbox }: SmallCloud, isSuch: (record: RequestRecord) => boolean): Promise<number> {
  return new Promise((resolve, reject) => {
    const giveUp = setTimeout(() => reject(new Error('an agent did not answer its notice')), ANSWER_LIMIT_MS);
    const end = sandbox.log.subscribe((record) => {
      if (record.status !== 200 || !isSuch(record)) return;
      clearTimeout(giveUp);
      end();
      resolve(performance.now());
    });
  });
}
