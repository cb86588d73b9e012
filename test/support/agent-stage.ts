// A sandbox with one Spot instance in a cluster, and the real built agent on it.
import { spawn } from 'node:child_process';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import type { EcsCluster } from '../../src/world/ecs/cluster.ts';
import type { ServiceSpec } from '../../src/world/ecs/services.ts';
import type { EcsTask } from '../../src/world/ecs/task.ts';
import type { EcsTaskDefinition } from '../../src/world/ecs/task-definition.ts';
import { REAL_PACE, type WorldSettings } from '../../src/world/settings.ts';
import type { World } from '../../src/world/world.ts';
import { type RunningScript, watchChild } from './script.ts';
import { until } from './until.ts';

const COMMAND = new URL('../../dist/spotkeeper.js', import.meta.url).pathname;
const POOL = { instanceType: 'm6i.large', zone: 'us-east-1a', weightUnits: 1 };

/** Nothing here is about how long instances take to come and go. */
const AT_ONCE: Partial<WorldSettings> = {
  launchMs: [1, 1],
  bootMs: [1, 1],
  registerMs: [1, 1],
  taskStartMs: [1, 1],
  fleetReviewMs: 50,
  schedulerMs: 50,
};

export interface AgentStage {
  readonly sandbox: Sandbox;
  readonly instanceId: string;
  /** The notice's own deadline, epoch milliseconds. */
  notice(): number;
  /** Starts a task that no service replaces; resolves when it runs. */
  runStandalone(family: string, stopTimeoutSeconds: number): Promise<EcsTask>;
  /** Starts a service; resolves when its tasks run. */
  serve(name: string, spec: Omit<ServiceSpec, 'name' | 'definition'>, stopTimeoutSeconds: number): Promise<void>;
  startAgent(environment?: Readonly<Record<string, string>>): Promise<RunningScript>;
  /** The container instance's status and the notice attribute's value, as ECS has them. */
  seen(): { readonly status: string; readonly notice: string | null };
  /** API calls of the agent, answered so far. */
  calls(action: string): number;
  close(): Promise<void>;
}

export async function setAgentStage(settings: Partial<WorldSettings> = {}): Promise<AgentStage> {
  const sandbox = await startSandbox({ settings: { ...REAL_PACE, ...AT_ONCE, ...settings } });
  const { world, driver } = sandbox;
  const instanceId = await driver.inPresent(() => {
    world.ecs.createCluster('production');
    world.ec2.addFleet({ targetUnits: 1, overrides: [POOL], clusterName: 'production' });
    return firstUp(sandbox);
  });
  const agents: RunningScript[] = [];
  return {
    sandbox,
    instanceId,
    notice: () => giveNotice(sandbox, instanceId),
    runStandalone: (family, stopTimeoutSeconds) => runStandalone(sandbox, family, stopTimeoutSeconds),
    serve: (name, spec, stopTimeoutSeconds) => serve(sandbox, { name, ...spec }, stopTimeoutSeconds),
    async startAgent(environment = {}) {
      const agent = await startAgent(sandbox, instanceId, environment);
      agents.push(agent);
      return agent;
    },
    seen: () => seen(sandbox, instanceId),
    calls: (action) => sandbox.log.records.filter((record) => record.action === action).length,
    async close() {
      for (const { child } of agents) child.kill('SIGKILL');
      await Promise.all(agents.map(({ over }) => over));
      await sandbox.close();
    },
  };
}

async function firstUp({ world, driver }: Sandbox): Promise<string> {
  const up = () => [...world.ec2.instances.values()].find(({ isUp }) => isUp);
  await until('an instance that has booted', () => driver.inPresent(up) !== undefined);
  return up()?.id ?? '';
}

function giveNotice({ world, driver }: Sandbox, instanceId: string): number {
  return driver.inPresent(() => {
    if (!world.ec2.sendNotice(instanceId)) throw new Error(`no notice was given to ${instanceId}`);
    return world.ec2.instances.get(instanceId)?.notice?.deadlineAt ?? 0;
  });
}

async function runStandalone(sandbox: Sandbox, family: string, stopTimeoutSeconds: number): Promise<EcsTask> {
  const { world, driver } = sandbox;
  const cluster = await joined(sandbox);
  const { tasks } = driver.inPresent(() => {
    const definition = define(world, family, stopTimeoutSeconds);
    return world.ecs.runTask(cluster, { definition });
  });
  const [task] = tasks;
  if (task === undefined) throw new Error(`${family} was not placed`);
  await until(`${family} to run`, () => driver.inPresent(() => task.lastStatus === 'RUNNING'));
  return task;
}

async function serve(sandbox: Sandbox, spec: Omit<ServiceSpec, 'definition'>, stopTimeoutSeconds: number) {
  const { world, driver } = sandbox;
  const cluster = await joined(sandbox);
  const service = driver.inPresent(() =>
    world.ecs.createService(cluster, { ...spec, definition: define(world, spec.name, stopTimeoutSeconds) }),
  );
  const runs = () => [...service.tasks].filter(({ lastStatus }) => lastStatus === 'RUNNING').length;
  await until(`${spec.name} to run`, () => driver.inPresent(runs) === (spec.desiredCount ?? 1));
}

async function joined({ world, driver }: Sandbox): Promise<EcsCluster> {
  const cluster = world.ecs.cluster('production');
  await until('a container instance', () => driver.inPresent(() => cluster.containerInstances.size > 0));
  return cluster;
}

function define(world: World, family: string, stopTimeoutSeconds: number): EcsTaskDefinition {
  const container = { name: 'main', image: 'example/main:1', cpu: 128, memory: 128, memoryReservation: null };
  return world.ecs.registerTaskDefinition({
    family,
    networkMode: 'bridge',
    cpu: null,
    memory: null,
    placementConstraints: [],
    cpuArchitecture: null,
    requiresCompatibilities: [],
    containers: [{ ...container, essential: true, portMappings: [], stopTimeout: stopTimeoutSeconds }],
  });
}

async function startAgent(sandbox: Sandbox, instanceId: string, environment: Readonly<Record<string, string>>) {
  const urls = await sandbox.instances.urlsOf(instanceId);
  if (urls === null) throw new Error(`${instanceId} is not up`);
  const env = {
    PATH: process.env.PATH ?? '',
    SPOTKEEPER_POLL_SECONDS: '0.1',
    // The least there is.
    SPOTKEEPER_STOP_MARGIN_SECONDS: '4',
    AWS_EC2_METADATA_SERVICE_ENDPOINT: urls.metadata,
    SPOTKEEPER_ECS_AGENT_ENDPOINT: urls.introspection,
    ...sandbox.environmentFor(`agent ${instanceId}`),
    ...environment,
  };
  return watchChild(spawn(process.execPath, [COMMAND, 'agent'], { env, stdio: ['ignore', 'pipe', 'pipe'] }));
}

function seen({ world, driver }: Sandbox, instanceId: string) {
  const instance = driver.inPresent(() => world.ecs.containerInstanceOf(instanceId));
  return { status: instance?.status ?? 'none', notice: instance?.attributes.get('spotkeeper.notice') ?? null };
}
