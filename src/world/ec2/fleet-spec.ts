// What a Spot fleet request asks for, checked and with AWS's defaults filled in.
import type { CapacityRebalance, ExcessCapacityTerminationPolicy } from '../../model/fleet.ts';
import { Refusal } from '../refusal.ts';
import type { AllocationStrategy } from './allocation.ts';
import { findInstanceType } from './instance-types.ts';

export interface LaunchOverride {
  readonly instanceType: string;
  readonly zone: string;
  readonly weightUnits: number;
}

export interface FleetSpec {
  /** Default `maintain`. A `request` fleet launches its target once, replaces nothing and cannot be modified. */
  readonly type: 'maintain' | 'request';
  readonly targetUnits: number;
  readonly overrides: readonly LaunchOverride[];
  /** The cluster its instances join by their user data; null joins none. */
  readonly clusterName: string | null;
  /** Default `lowestPrice`, as in the API; AWS advises priceCapacityOptimized. */
  readonly allocationStrategy: AllocationStrategy;
  /** Default `default`, as in the API. */
  readonly excessCapacityTerminationPolicy: ExcessCapacityTerminationPolicy;
  /** Only told: this world's fleets never replace a member before it is lost. null for off. */
  readonly capacityRebalance: CapacityRebalance | null;
  /** USD per unit hour; null is AWS's default, the on-demand price of each type. */
  readonly maxPricePerUnitHour: number | null;
}

export type FleetRequest = Pick<FleetSpec, 'targetUnits' | 'overrides'> & Partial<FleetSpec>;

/** Spot pools (type x zone) in one fleet, and units of target: EC2 user guide, "Fleet quotas". */
const MAX_POOLS = 300;
export const MAX_TARGET_UNITS = 10_000;

/** The whole specification; throws `InvalidSpotFleetRequestConfig` naming the first thing wrong with it. */
export function completeFleetSpec(request: FleetRequest): FleetSpec {
  const spec: FleetSpec = {
    type: 'maintain',
    clusterName: null,
    allocationStrategy: 'lowestPrice',
    excessCapacityTerminationPolicy: 'default',
    capacityRebalance: null,
    maxPricePerUnitHour: null,
    ...request,
  };
  const mistake = findMistake(spec);
  if (mistake !== null) throw new Refusal('InvalidSpotFleetRequestConfig', mistake);
  return spec;
}

function findMistake({ overrides, targetUnits }: FleetSpec): string | null {
  if (overrides.length === 0) return 'A fleet needs at least one launch override.';
  if (!Number.isInteger(targetUnits) || targetUnits < 0) return `Target capacity ${targetUnits} is not a whole number.`;
  if (targetUnits > MAX_TARGET_UNITS)
    return `Target capacity ${targetUnits} is above the limit of ${MAX_TARGET_UNITS}.`;
  if (overrides.length > MAX_POOLS) return `${overrides.length} Spot pools are above the limit of ${MAX_POOLS}.`;
  const pools = overrides.map(({ instanceType, zone }) => `${instanceType} in ${zone}`);
  const twice = pools.find((pool, index) => pools.indexOf(pool) !== index);
  if (twice !== undefined) return `${twice} is named by two launch overrides.`;
  const weightless = overrides.find(({ weightUnits }) => !(weightUnits > 0));
  if (weightless !== undefined) return `Weight ${weightless.weightUnits} of ${weightless.instanceType} is not above 0.`;
  const unknown = overrides.find(({ instanceType }) => findInstanceType(instanceType) === null);
  return unknown === undefined ? null : `Instance type ${unknown.instanceType} is not known.`;
}
