// The pretend world at a glance: what is, not what anybody believes. Instants are epoch milliseconds.
import type { Fleet } from '../../world/ec2/fleet.ts';
import type { Ec2Instance } from '../../world/ec2/instance.ts';
import type { EcsCluster } from '../../world/ecs/cluster.ts';
import { remainingOn } from '../../world/ecs/container-instance.ts';
import { countsOf } from '../../world/ecs/service.ts';
import type { World } from '../../world/world.ts';
import type { ControlSubject } from './route.ts';

export function stateOf({ sandbox, processes }: ControlSubject): object {
  const { world } = sandbox;
  const clusters = new Set([...world.ec2.instances.values()].flatMap((instance) => clusterOf(world, instance) ?? []));
  for (const fleet of world.ec2.fleets.values()) {
    const cluster = fleet.spec.clusterName === null ? undefined : world.ecs.findCluster(fleet.spec.clusterName);
    if (cluster !== undefined) clusters.add(cluster);
  }
  return {
    now: world.agenda.now,
    endpoints: sandbox.endpoints,
    fleets: [...world.ec2.fleets.values()].map(fleetState),
    pools: world.ec2.market.pools,
    instances: [...world.ec2.instances.values()].map((instance) => instanceState(world, instance)),
    clusters: [...clusters].map(clusterState),
    targetGroups: world.targetGroups.all,
    faults: sandbox.faults.list(),
    processes: processes?.list() ?? [],
  };
}

/** The cluster of this name, or the only one there is when no name is given; null when that is not clear. */
export function findCluster(world: World, name: string | null): EcsCluster | null {
  if (name !== null) return world.ecs.findCluster(name) ?? null;
  const names = new Set([...world.ec2.fleets.values()].flatMap((fleet) => fleet.spec.clusterName ?? []));
  const [only] = names;
  return names.size === 1 && only !== undefined ? (world.ecs.findCluster(only) ?? null) : null;
}

function clusterOf(world: World, instance: Ec2Instance): EcsCluster | undefined {
  return world.ecs.containerInstanceOf(instance.id)?.cluster;
}

function fleetState(fleet: Fleet): object {
  return {
    id: fleet.id,
    state: fleet.state,
    activityStatus: fleet.activityStatus,
    excessCapacityTerminationPolicy: fleet.excessCapacityTerminationPolicy,
    targetUnits: fleet.targetUnits,
    fulfilledUnits: fleet.fulfilledUnits,
    instanceIds: fleet.members.map(({ id }) => id),
  };
}

function instanceState(world: World, instance: Ec2Instance): object {
  const member = world.ecs.containerInstanceOf(instance.id);
  return {
    id: instance.id,
    instanceType: instance.instanceType,
    zone: instance.zone,
    weightUnits: instance.weightUnits,
    state: instance.state,
    isUp: instance.isUp,
    bootCount: instance.bootCount,
    notice: instance.notice,
    rebalanceRecommendedAt: instance.rebalanceRecommendedAt,
    maintenance: instance.maintenance,
    targetState: instance.targetState,
    containerInstance:
      member === undefined
        ? null
        : {
            arn: member.arn,
            status: member.status,
            agentConnected: member.agentConnected,
            remaining: remainingOn(member),
            attributes: Object.fromEntries(
              [...member.attributes].filter(([name]) => !member.builtInAttributes.has(name)),
            ),
            tasks: [...member.tasks].map((task) => ({
              arn: task.arn,
              group: task.group,
              lastStatus: task.lastStatus,
              desiredStatus: task.desiredStatus,
            })),
          },
  };
}

function clusterState(cluster: EcsCluster): object {
  return {
    name: cluster.name,
    services: [...cluster.services.values()].map((service) => ({
      name: service.name,
      schedulingStrategy: service.schedulingStrategy,
      desiredCount: service.desiredCount,
      ...countsOf(service),
    })),
  };
}
