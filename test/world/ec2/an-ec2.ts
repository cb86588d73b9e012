// Builders for tests of the EC2 half: a world half that stands alone, quick round times, and a fleet with defaults.
import { Agenda } from '../../../src/world/agenda.ts';
import { Ec2 } from '../../../src/world/ec2/ec2.ts';
import type { Fleet } from '../../../src/world/ec2/fleet.ts';
import type { FleetRequest } from '../../../src/world/ec2/fleet-spec.ts';
import type { Ground } from '../../../src/world/ground.ts';
import { History } from '../../../src/world/history.ts';
import { seededRng } from '../../../src/world/seeded-rng.ts';
import { REAL_PACE, type WorldSettings } from '../../../src/world/settings.ts';

export const START_AT = Date.UTC(2026, 10, 21);

/** Round numbers, so that a test can name the instant at which something happens. */
const ROUND: Partial<WorldSettings> = {
  noticeMs: 120_000,
  fleetReviewMs: 5_000,
  fleetModifyMs: [3_000, 3_000],
  launchMs: [10_000, 10_000],
  bootMs: [30_000, 30_000],
  terminateMs: [20_000, 20_000],
};

export interface Ec2Half extends Ground {
  readonly ec2: Ec2;
  /** Lets this much world time pass. */
  pass(ms: number): void;
}

export function anEc2(options: { seed?: number; settings?: Partial<WorldSettings> } = {}): Ec2Half {
  const ground: Ground = {
    agenda: new Agenda(START_AT),
    rng: seededRng(options.seed ?? 1),
    settings: { ...REAL_PACE, ...ROUND, ...options.settings },
    history: new History(),
  };
  const { agenda } = ground;
  return { ...ground, ec2: new Ec2(ground), pass: (ms) => agenda.advanceTo(agenda.now + ms) };
}

/** Weights 1, 2 and 4 in two zones, noTermination, target 4 unless said otherwise. */
export function aFleetRequest(change: Partial<FleetRequest> = {}): FleetRequest {
  return {
    targetUnits: 4,
    overrides: ['us-east-1a', 'us-east-1b'].flatMap((zone) => [
      { instanceType: 'm6i.large', zone, weightUnits: 1 },
      { instanceType: 'm6i.xlarge', zone, weightUnits: 2 },
      { instanceType: 'm6i.2xlarge', zone, weightUnits: 4 },
    ]),
    allocationStrategy: 'priceCapacityOptimized',
    excessCapacityTerminationPolicy: 'noTermination',
    clusterName: 'production',
    ...change,
  };
}

/** A fleet of one pool and one weight: what it launches is certain. */
export function aPlainFleetRequest(change: Partial<FleetRequest> & { weightUnits?: number } = {}): FleetRequest {
  const { weightUnits = 1, ...rest } = change;
  return aFleetRequest({ overrides: [{ instanceType: 'm6i.large', zone: 'us-east-1a', weightUnits }], ...rest });
}

/** A fleet that has launched its target and whose instances have booted. */
export function aSteadyFleet(half: Ec2Half, request: FleetRequest): Fleet {
  const fleet = half.ec2.findFleet(half.ec2.addFleet(request));
  half.pass(60_000);
  return fleet;
}
