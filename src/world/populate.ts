// Builds a world that has been running for long: so many instances of each pool up and registered, every service placed
// and running, all in one instant. For benches and tests of large clusters; nothing of it can be asked of AWS.
import type { FleetRequest, LaunchOverride } from './ec2/fleet-spec.ts';
import type { EcsCluster } from './ecs/cluster.ts';
import type { ServiceSpec } from './ecs/services.ts';
import type { World } from './world.ts';

export interface PopulatedPool extends LaunchOverride {
  readonly count: number;
}

export interface Population {
  readonly clusterName: string;
  readonly pools: readonly PopulatedPool[];
  /** What the Spot fleet of these pools is besides; null launches on-demand instances of no fleet. */
  readonly fleet: Omit<FleetRequest, 'targetUnits' | 'overrides' | 'clusterName'> | null;
  readonly services: readonly ServiceSpec[];
}

export interface Populated {
  readonly cluster: EcsCluster;
  /** A fleet whose target is what it holds. */
  readonly fleetId: string | null;
}

/** @throws Refusal for what RequestSpotFleet or CreateService would refuse */
export function populate(world: World, population: Population): Populated {
  const cluster = world.ecs.createCluster(population.clusterName);
  const fleetId = world.atOnce(() => launch(world, population));
  world.atOnce(() => {
    for (const spec of population.services) world.ecs.createService(cluster, spec);
    world.ecs.reviewNow(cluster);
  });
  // Everything runs by now: a second look finds services steady and deployments completed.
  world.atOnce(() => world.ecs.reviewNow(cluster));
  return { cluster, fleetId };
}

function launch({ ec2 }: World, { clusterName, pools, fleet }: Population): string | null {
  if (fleet === null) {
    for (const { instanceType, zone, count } of pools) {
      for (let left = count; left > 0; left -= 1) ec2.launchOnDemand({ instanceType, zone, clusterName });
    }
    return null;
  }
  const overrides = pools.map(({ instanceType, zone, weightUnits }) => ({ instanceType, zone, weightUnits }));
  const units = pools.reduce((sum, { count, weightUnits }) => sum + count * weightUnits, 0);
  const fleetId = ec2.addFleet({ ...fleet, clusterName, overrides, targetUnits: Math.floor(units) });
  for (const { count, ...override } of pools) ec2.findFleet(fleetId).launch(override, count);
  return fleetId;
}
