// Everything a story is played on: the sandbox, the cluster in it, and the real processes around it, each in its role with
// the policy of deploy/iam/. Acts see and change the world through it; it ends all of it whatever happened.
import { join } from 'node:path';
import type { Clock } from '../../ports/clock.ts';
import type { EcsCluster } from '../../world/ecs/cluster.ts';
import type { World } from '../../world/world.ts';
import type { RealTimeDriver } from '../driver.ts';
import type { Role } from '../iam/principal.ts';
import { rolesIn } from '../iam/roles.ts';
import { Agents } from '../processes/agents.ts';
import { Processes } from '../processes/processes.ts';
import { type Sandbox, startSandbox } from '../sandbox.ts';
import { CLUSTER, fleetRequest, LEASE_TABLE } from './cast.ts';
import type { Marks } from './figures/evidence.ts';
import type { Narrator, StoryEvent } from './narrator.ts';
import { STORY_PACE } from './pace.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

export const CONTROLLERS = ['controller-a', 'controller-b'] as const;

export interface StageOptions {
  readonly clock: Clock;
  readonly seed: number;
  /** The bundled command that agents and controllers are started from. */
  readonly program: string;
  readonly narrator: Narrator;
  /** Aborts to end the story at once. */
  readonly signal: AbortSignal;
}

export interface Stage {
  readonly sandbox: Sandbox;
  readonly world: World;
  readonly driver: RealTimeDriver;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly cluster: EcsCluster;
  readonly fleetId: string;
  readonly processes: Processes;
  /** Where each controller's configuration is, by name. */
  readonly configs: Readonly<Record<string, string>>;
  readonly marks: { -readonly [Key in keyof Marks]: Marks[Key] extends readonly (infer Item)[] ? Item[] : Marks[Key] };
  tell(event: StoryEvent): void;
  startControllers(): void;
  /** Ends every process, closes every port and removes every file. */
  close(): Promise<void>;
}

/** Builds the stage and starts the fleet on it. When that fails, what was built so far is ended again. */
export async function buildStage(options: StageOptions): Promise<Stage> {
  const endings: (() => Promise<void>)[] = [];
  const close = async () => {
    for (let end = endings.pop(); end !== undefined; end = endings.pop()) await end();
  };
  try {
    return await furnish(options, endings, close);
  } catch (error) {
    await close();
    throw error;
  }
}

/** @param endings gets how to end each thing, in the order in which they were begun */
async function furnish(
  { clock, narrator, program, seed, signal }: StageOptions,
  endings: (() => Promise<void>)[],
  close: () => Promise<void>,
): Promise<Stage> {
  const workspace = await openWorkspace();
  endings.push(() => workspace.remove());
  const sandbox = await startSandbox({ settings: STORY_PACE, seed, clock });
  endings.push(() => sandbox.close());
  const { world, driver } = sandbox;
  const processes = new Processes({ clock, program });
  endings.push(() => processes.close());
  await sandbox.createLeaseTable(LEASE_TABLE);
  const { cluster, fleetId } = driver.inPresent(() => ({
    cluster: world.ecs.createCluster(CLUSTER),
    fleetId: world.ec2.addFleet(fleetRequest(STORY_PACE.region)),
  }));
  const roleOf = rolesIn(STORY_PACE, { cluster: CLUSTER, fleetId, leaseTable: LEASE_TABLE });
  const agents = startAgents(sandbox, processes, workspace, roleOf('agent'));
  endings.push(() => agents.close());
  const configs = await writeConfigs(workspace, fleetId);
  const marks = startMarks(driver, processes);
  return {
    sandbox,
    world,
    driver,
    clock,
    signal,
    cluster,
    fleetId,
    processes,
    configs,
    marks,
    tell: (event) => narrator.tell(event, driver.now - marks.startedAt),
    startControllers: () =>
      startControllers(processes, (name) => sandbox.environmentFor(name, roleOf('controller')), workspace, configs),
    close,
  };
}

function startAgents(sandbox: Sandbox, processes: Processes, workspace: Workspace, role: Role): Agents {
  const agents = new Agents({
    processes,
    urlsOf: (id) => sandbox.instances.urlsOf(id),
    environmentFor: (name) => sandbox.environmentFor(name, role),
    environment: workspace.environment,
    folder: join(workspace.folder, 'instances'),
  });
  sandbox.world.ec2.listen(agents);
  return agents;
}

/** The story begins now; every end of a process that was not asked for is written down from now on. */
function startMarks(driver: RealTimeDriver, processes: Processes): Stage['marks'] {
  const startedAt = driver.now;
  const marks: Stage['marks'] = { startedAt, endedAt: startedAt, acts: [], demands: [], kills: [], ends: [] };
  processes.subscribe((event) => {
    if (event.kind !== 'ended' || event.wasStopped) return;
    const how = `ended with ${event.signal ?? `exit code ${event.code}`}`;
    marks.ends.push({ name: event.name, at: driver.now, how });
  });
  return marks;
}

function startControllers(
  processes: Processes,
  environmentFor: (name: string) => Readonly<Record<string, string>>,
  workspace: Workspace,
  configs: Readonly<Record<string, string>>,
): void {
  for (const name of CONTROLLERS) {
    processes.start({
      name,
      args: ['controller'],
      environment: {
        ...workspace.environment,
        ...environmentFor(name),
        SPOTKEEPER_CONFIG: configs[name] ?? '',
      },
    });
  }
}

async function writeConfigs(workspace: Workspace, fleetId: string): Promise<Record<string, string>> {
  const configs: Record<string, string> = {};
  for (const name of CONTROLLERS) {
    configs[name] = await workspace.writeControllerConfig(name, { region: STORY_PACE.region, fleetId });
  }
  return configs;
}
