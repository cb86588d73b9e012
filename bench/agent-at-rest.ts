// One real agent process against the sandbox, started as its unit starts it: from its start to its first IMDS request, and
// what it holds and burns while nothing happens. Read from /proc, so it is the whole process and not what V8 says of
// itself.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { openNotifySocket, whyNoNotifySocket } from '../test/support/notify-socket.ts';
import { startSmallCloud } from '../test/support/small-cloud.ts';

/** What the agent may cost; printed beside what it does cost. */
export const AIMS = {
  startToFirstRequestMs: 300,
  residentMiB: 58,
  anonymousMiB: 18,
  cpuSecondsPerMinute: 0.06,
  fileBytes: 1_000_000,
} as const;

// V8 gives back what the start took some 20 to 30 s after it; a day holds few such half minutes.
const SETTLE_MS = 40_000;
const REST_MS = 60_000;
// USER_HZ is 100 on every Linux that Node runs on.
const TICKS_PER_SECOND = 100;
const WATCHDOG_USEC = 30_000_000;

export interface AgentAtRest {
  readonly startToFirstRequestMs: number;
  readonly residentMiB: number;
  readonly anonymousMiB: number;
  /** Of the process itself. */
  readonly cpuSecondsPerMinute: number;
  /** Of the helpers it starts to tell systemd that it is well; null where there is nothing to tell. */
  readonly helpersCpuSecondsPerMinute: number | null;
  /** Bytes that the process caused to be written to disk while at rest. */
  readonly writtenBytes: number;
  readonly fileBytes: number;
  readonly restSeconds: number;
  /** Requests to IMDS. */
  readonly polls: number;
}

export async function measureAgent(): Promise<AgentAtRest> {
  const cloud = await startSmallCloud();
  const { sandbox } = cloud;
  const systemd = whyNoNotifySocket() === null ? await openNotifySocket() : null;
  const folder = mkdtempSync(join(tmpdir(), 'spotkeeper-bench-'));
  const [instance] = [...cloud.cluster.containerInstances.values()];
  const urls = await sandbox.instances.urlsOf(instance?.ec2.id ?? '');
  if (urls === null) throw new Error('the sandbox has no instance to run an agent for');
  let polls = 0;
  const first = new Promise<number>((resolve) => {
    sandbox.log.subscribe(({ service }) => {
      if (service !== 'imds') return;
      polls += 1;
      resolve(performance.now());
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
      STATE_DIRECTORY: folder,
      RUNTIME_DIRECTORY: folder,
      ...(systemd === null ? {} : { NOTIFY_SOCKET: systemd.path, WATCHDOG_USEC: String(WATCHDOG_USEC) }),
    },
  });
  try {
    const firstAt = await Promise.race([first, exitOf(agent)]);
    await pause(SETTLE_MS);
    const pollsBefore = polls;
    const rest = await atRest(agent.pid ?? 0);
    return {
      startToFirstRequestMs: firstAt - startedAt,
      ...rest,
      helpersCpuSecondsPerMinute: systemd === null ? null : rest.helpersCpuSecondsPerMinute,
      fileBytes: statSync('dist/agent.js').size,
      polls: polls - pollsBefore,
    };
  } finally {
    agent.kill('SIGKILL');
    systemd?.close();
    rmSync(folder, { recursive: true, force: true });
    await cloud.close();
  }
}

async function atRest(pid: number) {
  const [before, from] = [spentBy(pid), performance.now()];
  await pause(REST_MS);
  const restSeconds = (performance.now() - from) / 1_000;
  const after = spentBy(pid);
  const perMinute = (seconds: number) => (seconds / restSeconds) * 60;
  return {
    residentMiB: statusMiB(pid, 'VmRSS'),
    anonymousMiB: statusMiB(pid, 'RssAnon'),
    cpuSecondsPerMinute: perMinute(after.ownSeconds - before.ownSeconds),
    helpersCpuSecondsPerMinute: perMinute(after.helpersSeconds - before.helpersSeconds),
    writtenBytes: after.writtenBytes - before.writtenBytes,
    restSeconds,
  };
}

function spentBy(pid: number) {
  // The scheduler counts each thread's time in nanoseconds; ticks of a hundredth second would hide most of it.
  const ownNs = readdirSync(`/proc/${pid}/task`)
    .map((thread) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]))
    .reduce((sum, ns) => sum + ns, 0);
  // Fields 16 and 17 of /proc/PID/stat, those of children that have ended, counted after the command's name, which may
  // hold spaces.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return {
    ownSeconds: ownNs / 1e9,
    helpersSeconds: (Number(fields[13]) + Number(fields[14])) / TICKS_PER_SECOND,
    writtenBytes: Number(/^write_bytes: (\d+)$/m.exec(readFileSync(`/proc/${pid}/io`, 'utf8'))?.[1]),
  };
}

function statusMiB(pid: number, field: string): number {
  const line = readFileSync(`/proc/${pid}/status`, 'utf8')
    .split('\n')
    .find((text) => text.startsWith(`${field}:`));
  return Number(line?.replace(/\D/g, '') ?? Number.NaN) / 1024;
}

function exitOf(agent: ChildProcess): Promise<never> {
  return new Promise((_, reject) => {
    agent.once('exit', (code) => reject(new Error(`the agent ended with exit code ${code}`)));
  });
}
