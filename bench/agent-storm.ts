// A thousand agents noticed within one second, against an ECS that throttles as AWS does. The agents are spread over a few
// processes; the clock runs from the first notice until ECS has taken DRAINING for the last instance.
import type { ChildProcess } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { ATTRIBUTE } from '../src/model/attributes.ts';
import type { InstanceUrls } from '../src/sandbox/instance-endpoints.ts';
import { type Sandbox, startSandbox } from '../src/sandbox/sandbox.ts';
import { bucketOf } from '../src/sandbox/throttle-buckets.ts';
import type { EcsCluster } from '../src/world/ecs/cluster.ts';
import { populate } from '../src/world/populate.ts';
import { REAL_PACE } from '../src/world/settings.ts';
import { until } from '../test/support/until.ts';
import { type Crowd, WATCHING } from './agent-crowd.ts';
import { startOwnProcess } from './own-process.ts';

/** How much later than the throttle makes possible they may all be DRAINING. */
export const STORM_SLACK_SECONDS = 10;

export interface Storm {
  readonly agents: number;
  readonly allDrainingSeconds: number;
  readonly halfDrainingSeconds: number;
  /** (agents - burst) / refill: were no call of theirs refused and none made for anything else. */
  readonly limitSeconds: number;
  /** Calls that set DRAINING, throttled ones included, until all were. */
  readonly attempts: number;
  readonly attemptsPerSecond: number;
  readonly throttled: number;
  /** What else drew from the same bucket until then. */
  readonly otherCalls: number;
  readonly noticesWritten: number;
}

const PROCESSES = 3;
const NOTICED_WITHIN_MS = 1_000;
const START_LIMIT_MS = 180_000;
const STORM_LIMIT_MS = 120_000;
/** Without a call of the bucket for so long it is full again. */
const CALM_MS = 5_000;
const QUIET_SDK = { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
const DRAIN_CALL = 'UpdateContainerInstancesState';
const TYPES = ['m5.2xlarge', 'c5.2xlarge', 'r5.2xlarge'];
const ZONES = ['us-east-1a', 'us-east-1b', 'us-east-1c'];

export async function measureStorm(agents: number, seed: number): Promise<Storm> {
  const sandbox = await startSandbox({ settings: REAL_PACE, seed, enforcesThrottling: true });
  const crowds: ChildProcess[] = [];
  try {
    const cluster = populateWith(sandbox, agents);
    crowds.push(...(await startCrowds(sandbox, cluster)));
    await calm(sandbox);
    return await storm(sandbox, cluster);
  } finally {
    for (const crowd of crowds) crowd.kill('SIGKILL');
    await sandbox.close();
  }
}

function populateWith({ world, driver }: Sandbox, agents: number): EcsCluster {
  const pools = TYPES.flatMap((instanceType) => ZONES.map((zone) => ({ instanceType, zone, weightUnits: 1 })));
  const { cluster } = driver.inPresent(() =>
    populate(world, {
      clusterName: 'storm',
      fleet: { allocationStrategy: 'capacityOptimized', excessCapacityTerminationPolicy: 'noTermination' },
      pools: pools.map((pool, index) => ({
        ...pool,
        count: Math.floor(agents / pools.length) + (index < agents % pools.length ? 1 : 0),
      })),
      services: [],
    }),
  );
  return cluster;
}

/** Resolves when all of them watch. */
async function startCrowds(sandbox: Sandbox, cluster: EcsCluster): Promise<ChildProcess[]> {
  const instances: InstanceUrls[] = [];
  for (const { ec2 } of cluster.containerInstances.values()) {
    const urls = await sandbox.instances.urlsOf(ec2.id);
    if (urls === null) throw new Error(`${ec2.id} is not up`);
    instances.push(urls);
  }
  const environment = sandbox.environmentFor('agents');
  return Promise.all(
    Array.from({ length: PROCESSES }, (_, index) => {
      const input: Crowd = {
        instances: instances.filter((_, at) => at % PROCESSES === index),
        region: environment.AWS_REGION ?? 'us-east-1',
      };
      const crowd = startOwnProcess({ name: 'crowd', input }, { ...environment, ...QUIET_SDK });
      return whenWatching(crowd);
    }),
  );
}

function whenWatching(crowd: ChildProcess): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    crowd.once('exit', (code) => reject(new Error(`a process of agents ended with exit code ${code}`)));
    crowd.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes(WATCHING)) resolve(crowd);
    });
  });
}

/** Each agent says at its start that it is ready, which is a write too: until they have all been through. */
async function calm({ log }: Sandbox): Promise<void> {
  let lastAt = performance.now();
  const end = log.subscribe(({ service, action }) => {
    if (bucketOf(service, action) === 'cluster-resource-modify') lastAt = performance.now();
  });
  await until('the agents to be at rest', () => performance.now() - lastAt > CALM_MS, START_LIMIT_MS);
  end();
}

async function storm({ world, driver, log }: Sandbox, cluster: EcsCluster): Promise<Storm> {
  const instances = [...cluster.containerInstances.values()];
  const counts = { attempts: 0, throttled: 0, otherCalls: 0, noticesWritten: 0 };
  const drainedAtMs: number[] = [];
  const startedAtMs = performance.now();
  const end = log.subscribe(({ service, action, status, errorCode, input }) => {
    if (bucketOf(service, action) !== 'cluster-resource-modify') return;
    if (action === DRAIN_CALL) {
      counts.attempts += 1;
      if (status === 200) drainedAtMs.push(performance.now() - startedAtMs);
      if (errorCode === 'ThrottlingException') counts.throttled += 1;
      return;
    }
    counts.otherCalls += 1;
    if (status === 200 && JSON.stringify(input).includes(ATTRIBUTE.notice)) counts.noticesWritten += 1;
  });
  await noticeAll({ world, driver }, instances);
  const left = () => instances.filter(({ status }) => status !== 'DRAINING').length;
  await until('all to be DRAINING', () => left() === 0, STORM_LIMIT_MS).catch((cause) => {
    throw new Error(`${left()} are not DRAINING at the end: ${JSON.stringify(counts)}`, { cause });
  });
  end();
  const allDrainingSeconds = (drainedAtMs.at(-1) ?? Number.NaN) / 1_000;
  return {
    agents: instances.length,
    allDrainingSeconds,
    halfDrainingSeconds: (drainedAtMs[Math.floor(instances.length / 2)] ?? Number.NaN) / 1_000,
    limitSeconds: limitSeconds(instances.length),
    ...counts,
    attemptsPerSecond: counts.attempts / allDrainingSeconds,
  };
}

async function noticeAll({ world, driver }: Pick<Sandbox, 'world' | 'driver'>, instances: readonly Noticed[]) {
  const startedAtMs = performance.now();
  for (const [index, { ec2 }] of instances.entries()) {
    const dueMs = startedAtMs + (index / instances.length) * NOTICED_WITHIN_MS;
    if (dueMs > performance.now()) await pause(dueMs - performance.now());
    driver.inPresent(() => world.ec2.sendNotice(ec2.id));
  }
}

interface Noticed {
  readonly ec2: { readonly id: string };
}

/** https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html */
function limitSeconds(agents: number): number {
  const { burst, refillPerSecond } = { burst: 100, refillPerSecond: 40 };
  return Math.max(0, (agents - burst) / refillPerSecond);
}
