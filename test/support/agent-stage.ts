// A sandbox with one Spot instance in a cluster, and the real built agent on it, with the policy of deploy/iam/ and no
// other permission. When the power goes, it goes for the agent too: by SIGKILL. What it keeps on disk stays until the
// stage is closed.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FaultEffect, FaultRule } from '../../src/sandbox/faults.ts';
import { rolesIn } from '../../src/sandbox/iam/roles.ts';
import { makeDirectories, onItsOwnInstance } from '../../src/sandbox/processes/agents.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/sandbox.ts';
import type { Ec2Instance, InterruptionAction, TargetState } from '../../src/world/ec2/instance.ts';
import type { MaintenanceOrder } from '../../src/world/ec2/maintenance.ts';
import type { EcsCluster } from '../../src/world/ecs/cluster.ts';
import type { ServiceSpec } from '../../src/world/ecs/services.ts';
import type { EcsTask } from '../../src/world/ecs/task.ts';
import type { EcsTaskDefinition } from '../../src/world/ecs/task-definition.ts';
import { REAL_PACE, type WorldSettings } from '../../src/world/settings.ts';
import type { World } from '../../src/world/world.ts';
import { withoutLine } from './policies.ts';
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
  terminateMs: [200, 200],
  fleetReviewMs: 50,
  schedulerMs: 50,
};

export interface AgentStage {
  readonly sandbox: Sandbox;
  readonly instanceId: string;
  /** Where the agent keeps its state, and what it shows to tasks, whichever boot it is. */
  readonly stateDirectory: string;
  readonly runtimeDirectory: string;
  /** @returns the notice's own deadline, epoch milliseconds */
  notice(action?: InterruptionAction): number;
  /** The notice disappears, and nothing follows it. */
  withdrawNotice(): void;
  recommendRebalance(): void;
  /** @returns the event's id */
  scheduleMaintenance(order: MaintenanceOrder): string;
  finishMaintenance(eventId: string, state: 'completed' | 'canceled'): void;
  /** As if the instance were in an Auto Scaling group; null is in none. */
  setTargetState(state: TargetState | null): void;
  /** Kills the agent with everything else, and resolves when the instance is up again; then the agent can be started. */
  reboot(): Promise<void>;
  /** Waits for the instance to be stopped, starts it, and resolves when it is up. */
  startInstance(): Promise<void>;
  /** Starts a task that no service replaces; resolves when it runs. */
  runStandalone(family: string, stopTimeoutSeconds: number): Promise<EcsTask>;
  /** Starts a service; resolves when its tasks run. */
  serve(name: string, spec: Omit<ServiceSpec, 'name' | 'definition'>, stopTimeoutSeconds: number): Promise<void>;
  /**
   * `environment` wins over what the stage sets: every setting of the agent has its variable.
   * @param lacking an action that its policy does not allow
   */
  startAgent(environment?: Readonly<Record<string, string>>, lacking?: string | null): Promise<RunningScript>;
  /** Puts a fault in force, for all actions of the service unless said otherwise. @returns what takes it back */
  fault(service: string, effect: FaultEffect, rest?: Partial<Omit<FaultRule, 'service' | 'effect'>>): () => void;
  /** The container instance's status and the notice attribute's value, as ECS has them. */
  seen(): { readonly status: string; readonly notice: string | null };
  /** The value of one attribute of the container instance; null where it has none. */
  attribute(name: string): string | null;
  /** API calls of the agent, answered so far. */
  calls(action: string): number;
  close(): Promise<void>;
}

export async function setAgentStage(settings: Partial<WorldSettings> = {}, seed = 1): Promise<AgentStage> {
  const disk = await mkdtemp(join(tmpdir(), 'spotkeeper-stage-'));
  const sandbox = await startSandbox({ settings: { ...REAL_PACE, ...AT_ONCE, ...settings }, seed });
  const { world, driver } = sandbox;
  const instanceId = await driver.inPresent(() => {
    world.ecs.createCluster('production');
    world.ec2.addFleet({ targetUnits: 1, overrides: [POOL], clusterName: 'production' });
    return firstUp(sandbox);
  });
  const agents: RunningScript[] = [];
  const killAll = () => {
    for (const { child } of agents) child.kill('SIGKILL');
  };
  world.ec2.listen({
    onBooted() {},
    onPowerOff: ({ id }) => (id === instanceId ? killAll() : undefined),
    onTerminated() {},
  });
  const instance = driver.inPresent(() => world.ec2.findInstances([instanceId])[0]);
  if (instance === undefined) throw new Error('the instance has gone before it was used');
  const isUpAgain = () => until('the instance to be up again', () => driver.inPresent(() => instance.isUp));
  return {
    sandbox,
    instanceId,
    stateDirectory: join(disk, 'state'),
    runtimeDirectory: join(disk, 'run'),
    notice: (action) => giveNotice(sandbox, instance, action),
    withdrawNotice: () => driver.inPresent(() => done(world.ec2.withdrawNotice(instanceId))),
    recommendRebalance: () => driver.inPresent(() => world.ec2.recommendRebalance(instanceId)),
    scheduleMaintenance: (order) => driver.inPresent(() => world.ec2.scheduleMaintenance(instanceId, order)),
    finishMaintenance: (eventId, state) =>
      driver.inPresent(() => done(world.ec2.finishMaintenance(instanceId, eventId, state))),
    setTargetState: (state) => driver.inPresent(() => world.ec2.setTargetState(instanceId, state)),
    async reboot() {
      driver.inPresent(() => done(world.ec2.reboot(instanceId)));
      await Promise.all(agents.map(({ over }) => over));
      await isUpAgain();
    },
    async startInstance() {
      await until('the instance to be stopped', () => driver.inPresent(() => instance.state === 'stopped'));
      driver.inPresent(() => done(world.ec2.startInstance(instanceId)));
      await isUpAgain();
    },
    runStandalone: (family, stopTimeoutSeconds) => runStandalone(sandbox, family, stopTimeoutSeconds),
    serve: (name, spec, stopTimeoutSeconds) => serve(sandbox, { name, ...spec }, stopTimeoutSeconds),
    async startAgent(environment = {}, lacking = null) {
      const agent = await startAgent(sandbox, instance, { disk, environment, lacking });
      agents.push(agent);
      return agent;
    },
    fault(service, effect, rest = {}) {
      const id = sandbox.faults.add({ action: '*', ...rest, service, effect });
      return () => void sandbox.faults.remove(id);
    },
    seen: () => seen(sandbox, instanceId),
    attribute: (name) => attribute(sandbox, instanceId, name),
    calls: (action) => sandbox.log.records.filter((record) => record.action === action).length,
    async close() {
      killAll();
      await Promise.all(agents.map(({ over }) => over));
      await sandbox.close();
      await rm(disk, { recursive: true, force: true });
    },
  };
}

/** What the world would not do is a mistake of the test. */
function done(wasDone: boolean): void {
  if (!wasDone) throw new Error('the world has refused to do this');
}

async function firstUp({ world, driver }: Sandbox): Promise<string> {
  const up = () => [...world.ec2.instances.values()].find(({ isUp }) => isUp);
  await until('an instance that has booted', () => driver.inPresent(up) !== undefined);
  return up()?.id ?? '';
}

function giveNotice(
  { world, driver }: Sandbox,
  instance: Ec2Instance,
  action: InterruptionAction = 'terminate',
): number {
  return driver.inPresent(() => {
    done(world.ec2.sendNotice(instance.id, { action }));
    return instance.notice?.deadlineAt ?? 0;
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
  const container = { name: 'main', image: `example/${family}:1`, cpu: 128, memory: 128, memoryReservation: null };
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

async function startAgent(
  sandbox: Sandbox,
  { id, bootCount }: Ec2Instance,
  {
    disk,
    environment,
    lacking,
  }: { disk: string; environment: Readonly<Record<string, string>>; lacking: string | null },
) {
  const urls = await sandbox.instances.urlsOf(id);
  if (urls === null) throw new Error(`${id} is not up`);
  // The agent touches neither a fleet nor a table.
  const role = rolesIn(sandbox.world.settings, { cluster: 'production', fleetId: 'none', leaseTable: 'none' })('agent');
  const env = {
    PATH: process.env.PATH ?? '',
    SPOTKEEPER_POLL_SECONDS: '0.5',
    // The least there is.
    SPOTKEEPER_STOP_MARGIN_SECONDS: '4',
    ...(await makeDirectories(disk)),
    ...onItsOwnInstance(urls, `${id}-${bootCount}`),
    ...sandbox.environmentFor(`agent ${id}`, lacking === null ? role : withoutLine(role, lacking)),
    ...environment,
  };
  return watchChild(spawn(process.execPath, [COMMAND, 'agent'], { env, stdio: ['ignore', 'pipe', 'pipe'] }));
}

function seen(sandbox: Sandbox, instanceId: string) {
  const { world, driver } = sandbox;
  const status = driver.inPresent(() => world.ecs.containerInstanceOf(instanceId)?.status) ?? 'none';
  return { status, notice: attribute(sandbox, instanceId, 'spotkeeper.notice') };
}

function attribute({ world, driver }: Sandbox, instanceId: string, name: string): string | null {
  return driver.inPresent(() => world.ecs.containerInstanceOf(instanceId)?.attributes.get(name)) ?? null;
}
