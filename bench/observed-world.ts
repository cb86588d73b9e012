// A sandbox with a large cluster in it and a clock that can leap, so that passes 15 s apart take only as long as they
// take. ECS throttles in it as AWS does.

import { ATTRIBUTE, formatNotice } from '../src/model/attributes.ts';
import type { Clock } from '../src/ports/clock.ts';
import type { Rng } from '../src/ports/rng.ts';
import { systemClock } from '../src/runtime/system-clock.ts';
import { type Sandbox, startSandbox } from '../src/sandbox/sandbox.ts';
import { putAttribute } from '../src/world/ecs/attributes.ts';
import { activeContainerInstances, type EcsCluster } from '../src/world/ecs/cluster.ts';
import type { TaskDefinitionSpec } from '../src/world/ecs/task-definition.ts';
import { populate } from '../src/world/populate.ts';
import { seededRng } from '../src/world/seeded-rng.ts';
import { REAL_PACE } from '../src/world/settings.ts';
import type { World } from '../src/world/world.ts';

export interface ObserveSize {
  readonly instances: number;
  readonly tasks: number;
  readonly services: number;
}

export interface ObservedWorld {
  readonly sandbox: Sandbox;
  readonly cluster: EcsCluster;
  readonly fleetId: string;
  readonly clock: Clock;
  leap(durationMs: number): void;
  /**
   * What happens between two passes: so many tasks end and are replaced, a service is scaled, an instance is interrupted
   * and its agent says so and drains it. The ARN of that instance's record.
   */
  churn(tasks: number): string;
  close(): Promise<void>;
}

const ZONES = ['us-east-1a', 'us-east-1b', 'us-east-1c'];
const TYPES = ['m5.2xlarge', 'c5.2xlarge', 'r5.2xlarge'];

export async function startObservedWorld(size: ObserveSize, seed: number): Promise<ObservedWorld> {
  const clock = leapingClock();
  const sandbox = await startSandbox({ settings: REAL_PACE, seed, clock, enforcesThrottling: true });
  const { world, driver } = sandbox;
  const rng = seededRng(seed);
  const { cluster, fleetId } = driver.inPresent(() => {
    const pools = TYPES.flatMap((instanceType) => ZONES.map((zone) => ({ instanceType, zone, weightUnits: 1 })));
    return populate(world, {
      clusterName: 'large',
      fleet: { allocationStrategy: 'capacityOptimized', excessCapacityTerminationPolicy: 'noTermination' },
      pools: pools.map((pool, index) => ({
        ...pool,
        count: Math.floor(size.instances / pools.length) + (index < size.instances % pools.length ? 1 : 0),
      })),
      services: Array.from({ length: size.services }, (_, index) => ({
        name: `s${index}`,
        definition: world.ecs.registerTaskDefinition(definition(`s${index}`, rng.next())),
        desiredCount: Math.floor(size.tasks / size.services) + (index < size.tasks % size.services ? 1 : 0),
      })),
    });
  });
  if (fleetId === null) throw new Error('the populated world has no fleet');
  const before = { ...process.env };
  Object.assign(process.env, sandbox.environmentFor('observer'));
  return {
    sandbox,
    cluster,
    fleetId,
    clock,
    leap: (durationMs) => {
      clock.leap(durationMs);
      driver.inPresent(() => {});
    },
    churn: (tasks) => driver.inPresent(() => churn({ world, cluster, rng }, tasks)),
    close: async () => {
      for (const key of Object.keys(process.env)) if (!(key in before)) delete process.env[key];
      Object.assign(process.env, before);
      await sandbox.close();
    },
  };
}

function churn({ world, cluster, rng }: { world: World; cluster: EcsCluster; rng: Rng }, tasks: number): string {
  const oneOf = <Item>(items: readonly Item[]): Item => {
    const item = items[Math.floor(rng.next() * items.length)];
    if (item === undefined) throw new Error('the cluster is empty');
    return item;
  };
  const running = [...cluster.tasks.values()].filter(({ desiredStatus }) => desiredStatus === 'RUNNING');
  for (let count = 0; count < tasks; count += 1) world.ecs.stopTask(oneOf(running), 'churn');
  const service = oneOf([...cluster.services.values()]);
  world.ecs.updateService(service, { desiredCount: service.desiredCount + 1 });
  const victim = oneOf(activeContainerInstances(cluster));
  world.ec2.sendNotice(victim.ec2.id);
  const deadlineAt = victim.ec2.notice?.deadlineAt ?? 0;
  putAttribute(victim, { name: ATTRIBUTE.notice, value: formatNotice({ kind: 'interruption', deadlineAt }) });
  world.ecs.setStatus(victim, 'DRAINING');
  return victim.arn;
}

/** The machine's clock and what it has leapt over. */
function leapingClock(): Clock & { leap(durationMs: number): void } {
  let leaptMs = 0;
  return {
    now: () => systemClock.now() + leaptMs,
    monotonicMs: () => systemClock.monotonicMs() + leaptMs,
    sleep: (durationMs, signal) => systemClock.sleep(durationMs, signal),
    leap: (durationMs) => {
      leaptMs += durationMs;
    },
  };
}

/** Small enough that twenty of them leave room on an instance, of as many shapes as there are services. */
function definition(family: string, chance: number): TaskDefinitionSpec {
  return {
    family,
    networkMode: 'bridge',
    cpu: null,
    memory: null,
    containers: [
      {
        name: family,
        image: 'example/app:1',
        cpu: 128 + Math.floor(chance * 16) * 16,
        memory: 256 + Math.floor(chance * 10) * 32,
        memoryReservation: null,
        essential: true,
        portMappings: [],
        stopTimeout: 30,
      },
    ],
    placementConstraints: [],
    cpuArchitecture: null,
    requiresCompatibilities: ['EC2'],
  };
}
