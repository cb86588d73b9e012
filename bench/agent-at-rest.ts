// One real agent process against the sandbox: from its start to its first IMDS request, and what it holds and burns
// while nothing happens. Read from /proc, so it is the whole process and not what V8 says of itself.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { startSmallCloud } from '../test/support/small-cloud.ts';

const SETTLE_MS = 5_000;
const REST_MS = 30_000;
// USER_HZ is 100 on every Linux that Node runs on.
const TICKS_PER_SECOND = 100;

export interface AgentAtRest {
  readonly startToFirstRequestMs: number;
  readonly residentMiB: number;
  readonly anonymousMiB: number;
  readonly cpuSecondsPerMinute: number;
  readonly restSeconds: number;
  readonly polls: number;
}

export async function measureAgent(): Promise<AgentAtRest> {
  const cloud = await startSmallCloud();
  const { sandbox } = cloud;
  const [instance] = [...cloud.cluster.containerInstances.values()];
  const urls = await sandbox.instances.urlsOf(instance?.ec2.id ?? '');
  if (urls === null) throw new Error('the sandbox has no instance to run an agent for');
  const first = new Promise<number>((resolve) => {
    sandbox.log.subscribe(({ service }) => {
      if (service === 'imds') resolve(performance.now());
    });
  });
  const startedAt = performance.now();
  const agent = spawn(process.execPath, ['dist/spotkeeper.js', 'agent'], {
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH,
      ...sandbox.environmentFor('agent'),
      AWS_EC2_METADATA_SERVICE_ENDPOINT: urls.metadata,
      SPOTKEEPER_ECS_AGENT_ENDPOINT: urls.introspection,
    },
  });
  try {
    const firstAt = await Promise.race([first, exitOf(agent)]);
    await pause(SETTLE_MS);
    return {
      startToFirstRequestMs: firstAt - startedAt,
      ...(await atRest(agent.pid ?? 0, () => sandbox.log.records.length)),
    };
  } finally {
    agent.kill('SIGKILL');
    await cloud.close();
  }
}

async function atRest(pid: number, requests: () => number): Promise<Omit<AgentAtRest, 'startToFirstRequestMs'>> {
  const [before, requestsBefore, from] = [cpuSeconds(pid), requests(), performance.now()];
  await pause(REST_MS);
  const restSeconds = (performance.now() - from) / 1000;
  const burnt = cpuSeconds(pid) - before;
  return {
    residentMiB: statusMiB(pid, 'VmRSS'),
    anonymousMiB: statusMiB(pid, 'RssAnon'),
    cpuSecondsPerMinute: (burnt / restSeconds) * 60,
    restSeconds,
    polls: requests() - requestsBefore,
  };
}

function cpuSeconds(pid: number): number {
  // Fields 14 and 15 of /proc/PID/stat, counted after the command's name, which may hold spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}

function statusMiB(pid: number, field: string): number {
  const line = readFileSync(`/proc/${pid}/status`, 'utf8')
    .split('\n')
    .find((text) => text.startsWith(`${field}:`));
  return Number(line?.replace(/\D/g, '') ?? Number.NaN) / 1024;
}

function exitOf(agent: ReturnType<typeof spawn>): Promise<never> {
  return new Promise((_, reject) => {
    agent.once('exit', (code) => reject(new Error(`the agent ended with exit code ${code}`)));
  });
}
