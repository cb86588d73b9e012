// A world that a seed makes up: its pools, its services, and everything that goes wrong in it.
import { instanceTypeOf } from '../../world/ec2/instance-types.ts';
import { seededRng } from '../../world/seeded-rng.ts';
import type { PoolScript, Scenario, ServiceScript } from '../scenario/scenario.ts';
import { type Dice, diceOf } from './dice.ts';
import { randomHappenings } from './random-happenings.ts';

const ZONES = ['us-east-1a', 'us-east-1b', 'us-east-1c'];
const TYPES = ['m5.large', 'm5.xlarge', 'm5.2xlarge', 'c5.xlarge', 'r5.large', 'r5.xlarge'];
/** A unit is a vCPU. */
const CPU_OF_A_UNIT = 1_024;
/** Of its cpu, so much is in use when a play begins. */
const FULL = 0.7;

/** The same scenario for the same seed. @param hours how long it is */
export function randomScenario(seed: number, hours: number): Scenario {
  const dice = diceOf(seededRng(seed));
  const services = [...dice.some(2, 5, () => service(dice)), ...(dice.happens(0.4) ? [daemon(dice)] : [])].map(
    (script, index) => ({ ...script, name: `${script.name}-${index + 1}` }),
  );
  const wantedUnits =
    services.reduce((sum, { cpuUnits, desiredCount }) => sum + cpuUnits * desiredCount, 0) / CPU_OF_A_UNIT;
  const pools = filled(poolsOf(dice), wantedUnits / FULL);
  const units = pools.reduce((sum, { count, weightUnits }) => sum + count * weightUnits, 0);
  return {
    name: `seed ${seed}`,
    seed,
    hours,
    fleet: {
      minUnits: dice.whole(0, 4),
      maxUnits: Math.ceil(units * 4),
      allocationStrategy: dice.among(['priceCapacityOptimized', 'capacityOptimized', 'diversified', 'lowestPrice']),
      pools,
    },
    services,
    controllers: { count: dice.whole(1, 3), leaseSeconds: 30, renewDeadlineSeconds: 20, retryPeriodSeconds: 5 },
    settings: dice.happens(0.3) ? { 'headroom.survive': dice.among(['none', 'pool', 'zone']) } : {},
    roundTripMs: [5, dice.whole(20, 400)],
    schedulerMs: 5_000,
    happenings: randomHappenings(dice, { hours, pools, services }),
  };
}

function service(dice: Dice): ServiceScript {
  const cpuUnits = dice.among([128, 256, 512, 1_024]);
  const bounds = dice.happens(0.3) ? { minimumHealthyPercent: 50, maximumPercent: dice.among([100, 150, 200]) } : {};
  return {
    name: dice.among(['web', 'api', 'worker', 'cron']),
    cpuUnits,
    memoryMiB: cpuUnits * dice.among([1, 2, 3]),
    desiredCount: dice.whole(1, 15),
    stopTimeoutSeconds: dice.among([2, 10, 30, 60, 90]),
    ...bounds,
  };
}

function daemon(dice: Dice): ServiceScript {
  return {
    name: 'logs',
    cpuUnits: 64,
    memoryMiB: 128,
    desiredCount: 0,
    stopTimeoutSeconds: dice.among([2, 10]),
    isDaemon: true,
  };
}

function poolsOf(dice: Dice): PoolScript[] {
  const types = new Set([dice.among(TYPES), dice.among(TYPES), dice.among(TYPES)]);
  const zones = ZONES.slice(0, dice.whole(1, ZONES.length));
  return [...types].flatMap((instanceType) =>
    zones.map((zone) => ({ instanceType, zone, weightUnits: instanceTypeOf(instanceType).vcpus, count: 0 })),
  );
}

/** In turn, until there is as much as is wanted. */
function filled(pools: readonly PoolScript[], units: number): PoolScript[] {
  const counts = pools.map(() => 0);
  for (let [held, at] = [0, 0]; held < units; at = (at + 1) % pools.length) {
    counts[at] = (counts[at] ?? 0) + 1;
    held += pools[at]?.weightUnits ?? 1;
  }
  return pools.map((pool, index) => ({ ...pool, count: counts[index] ?? 0 }));
}
