// A fleet's view of its Spot pools: what it may launch into and what it holds where.
import type { PoolView } from './allocation.ts';
import type { FleetSpec, LaunchOverride } from './fleet-spec.ts';
import type { Ec2Instance } from './instance.ts';
import { instanceTypeOf } from './instance-types.ts';
import type { Market, Pool } from './market.ts';

export interface MemberPool extends PoolView {
  readonly oldest: Ec2Instance;
}

/** Units held, by pool. */
export function heldUnitsByPool(members: readonly Ec2Instance[]): Map<string, number> {
  const held = new Map<string, number>();
  for (const { instanceType, zone, weightUnits } of members) {
    const key = poolKey({ instanceType, zone });
    held.set(key, (held.get(key) ?? 0) + weightUnits);
  }
  return held;
}

/** The pools that can give an instance now at a price the fleet accepts. */
export function launchablePools(spec: FleetSpec, held: ReadonlyMap<string, number>, market: Market): PoolView[] {
  return spec.overrides
    .map(({ instanceType, zone, weightUnits }) => {
      const pool = market.pool(instanceType, zone);
      return { pool, weightUnits, heldUnits: held.get(poolKey(pool)) ?? 0 };
    })
    .filter(({ pool, weightUnits }) => pool.available !== 0 && pool.pricePerHour <= ceilingOf(spec, pool, weightUnits));
}

/** What the fleet's On-Demand part is launched from, by AWS's default strategy for it: the cheapest unit. */
export function cheapestOnDemand({ overrides }: FleetSpec): LaunchOverride {
  const perUnit = ({ instanceType, weightUnits }: LaunchOverride) =>
    instanceTypeOf(instanceType).onDemandPerHour / weightUnits;
  return overrides.reduce((best, each) => (perUnit(each) < perUnit(best) ? each : best));
}

/** The pools the members are in, each with the member that would leave first. */
export function memberPools(members: readonly Ec2Instance[], market: Market): MemberPool[] {
  const held = heldUnitsByPool(members);
  const oldest = new Map<string, Ec2Instance>();
  for (const member of members) {
    if (!oldest.has(poolKey(member))) oldest.set(poolKey(member), member);
  }
  return [...oldest].map(([key, member]) => ({
    pool: market.pool(member.instanceType, member.zone),
    weightUnits: member.weightUnits,
    heldUnits: held.get(key) ?? 0,
    oldest: member,
  }));
}

/** USD an instance hour the fleet would pay at most. */
function ceilingOf(spec: FleetSpec, pool: Pool, weightUnits: number): number {
  if (spec.maxPricePerUnitHour !== null) return spec.maxPricePerUnitHour * weightUnits;
  return instanceTypeOf(pool.instanceType).onDemandPerHour;
}

/** Names a pool in the maps of this file. */
export function poolKey({ instanceType, zone }: Pick<Pool, 'instanceType' | 'zone'>): string {
  return `${instanceType} in ${zone}`;
}
