// Everything that plays: the cloud, the way to it, the controllers, an agent on every instance.
import type { PassResult } from '../../controller/pass.ts';
import type { Policy } from '../../plan/policy.ts';
import type { Fleet } from '../../world/ec2/fleet.ts';
import type { EcsCluster } from '../../world/ecs/cluster.ts';
import type { TaskDefinitionSpec } from '../../world/ecs/task-definition.ts';
import { type Populated, populate } from '../../world/populate.ts';
import { seededRng } from '../../world/seeded-rng.ts';
import { REAL_PACE } from '../../world/settings.ts';
import { World } from '../../world/world.ts';
import { SimulatedAgent } from '../agents/agent.ts';
import { Agents } from '../agents/agents.ts';
import { Wire } from '../calls/wire.ts';
import { SimulatedController } from '../controllers/controller.ts';
import { LeaseTable } from '../ports/lease-table.ts';
import { CLUSTER, policyFor } from '../scenario/policy.ts';
import type { Scenario, ServiceScript } from '../scenario/scenario.ts';
import { VirtualTime } from '../time/virtual-time.ts';
import { Names } from './names.ts';
import { loggerTo, type Said } from './said.ts';

export interface Stage {
  readonly scenario: Scenario;
  readonly world: World;
  readonly cluster: EcsCluster;
  readonly fleet: Fleet;
  readonly time: VirtualTime;
  readonly wire: Wire;
  readonly leaseTable: LeaseTable;
  readonly policy: Policy;
  readonly controllers: readonly SimulatedController[];
  readonly agents: Agents;
  readonly names: Names;
  /** Instances to which somebody did what no process of ours could help. */
  readonly interfered: Set<string>;
}

export interface Audience {
  /** Something that a process logs. */
  readonly onSaid: (who: string, ...said: Parameters<Said>) => void;
  /** A process has ended, or would have, by an error that is a bug of ours or of the world's. */
  readonly onError: (who: string, error: unknown) => void;
  readonly onPass: (who: string, result: PassResult) => void;
}

/** A Monday, at midnight. */
const START_AT = Date.UTC(2026, 0, 5);

const SCHEDULE = '*/15 * * * * *';

/** So many seeds are drawn of one: the dice of each part are its own, so that a change in one does not change all others. */
const DICE = { world: 0, wire: 1, agents: 2, controllers: 3 } as const;

/** The cluster runs, as if for long; the controllers start. */
export function setStage(scenario: Scenario, { onSaid, onError, onPass }: Audience): Stage {
  const diceOf = (part: keyof typeof DICE) => seededRng(scenario.seed * 7_919 + DICE[part]);
  const settings = { ...REAL_PACE, schedulerMs: scenario.schedulerMs ?? REAL_PACE.schedulerMs };
  const world = new World({ startAt: START_AT, rng: diceOf('world'), settings });
  const names = new Names(world.history);
  const time = new VirtualTime(world.agenda);
  const wire = new Wire({ time, rng: diceOf('wire'), roundTripMs: scenario.roundTripMs });
  const agentsDice = diceOf('agents');
  const agents = new Agents((instance) => {
    const name = names.of(instance.id);
    const who = `agent ${name}`;
    return new SimulatedAgent({
      ...{ name: who, instance, world, cluster, wire, time, rng: agentsDice },
      logger: loggerTo((...said) => onSaid(who, ...said)),
      onError: (error) => onError(who, error),
    });
  });
  world.history.subscribe((event) => {
    if (event.kind === 'notice' || event.kind === 'notice-withdrawn') agents.hear(event.instanceId, 'interruption');
  });
  // Before anybody boots.
  world.ec2.listen(agents);
  const cluster = world.ecs.createCluster(CLUSTER);
  const fleetId = populateWith(world, scenario).fleetId ?? '';
  const policy = policyFor(scenario, fleetId);
  const leaseTable = new LeaseTable();
  const controllersDice = diceOf('controllers');
  const controllers = Array.from({ length: scenario.controllers.count }, (_, index) => {
    const name = `controller-${String.fromCharCode(97 + index)}`;
    return new SimulatedController({
      ...{ name, world, cluster, fleetId, wire, leaseTable, time, rng: controllersDice, policy },
      ...{ schedule: SCHEDULE, script: scenario.controllers },
      logger: loggerTo((...said) => onSaid(name, ...said)),
      onPass: (result) => onPass(name, result),
      onError: (error) => onError(name, error),
    });
  });
  const fleet = world.ec2.findFleet(fleetId);
  const playing = { controllers, agents, names, interfered: new Set<string>() };
  return { scenario, world, cluster, fleet, time, wire, leaseTable, policy, ...playing };
}

function populateWith(world: World, { fleet, services }: Scenario): Populated {
  return populate(world, {
    clusterName: CLUSTER,
    pools: fleet.pools,
    fleet: { allocationStrategy: fleet.allocationStrategy, excessCapacityTerminationPolicy: 'noTermination' },
    services: services.map((script) => ({
      name: script.name,
      definition: world.ecs.registerTaskDefinition(definitionOf(script)),
      schedulingStrategy: script.isDaemon === true ? ('DAEMON' as const) : ('REPLICA' as const),
      desiredCount: script.desiredCount,
      bounds: {
        ...(script.minimumHealthyPercent === undefined ? {} : { minimumHealthyPercent: script.minimumHealthyPercent }),
        ...(script.maximumPercent === undefined ? {} : { maximumPercent: script.maximumPercent }),
      },
    })),
  });
}

function definitionOf({ name, cpuUnits, memoryMiB, stopTimeoutSeconds }: ServiceScript): TaskDefinitionSpec {
  return {
    family: name,
    networkMode: 'bridge',
    cpu: null,
    memory: null,
    containers: [
      {
        name,
        image: `example/${name}:1`,
        cpu: cpuUnits,
        memory: memoryMiB,
        memoryReservation: null,
        essential: true,
        portMappings: [],
        stopTimeout: stopTimeoutSeconds,
      },
    ],
    placementConstraints: [],
    cpuArchitecture: null,
    requiresCompatibilities: ['EC2'],
  };
}
