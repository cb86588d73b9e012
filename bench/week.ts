// A simulated week of a cluster of two hundred instances: the real controllers, agents and planner in virtual time, at the
// operator's own pace of a pass every 15 s with the fast lane between. The load of every service follows the day, and
// the market is an ordinary one. How long that takes, and what was done in it.
import { type Column, renderTable } from '../src/cli/render-table.ts';
import { play } from '../src/simulator/play/play.ts';
import { diceOf } from '../src/simulator/random/dice.ts';
import type { Happening } from '../src/simulator/scenario/happening.ts';
import type { Scenario, ServiceScript } from '../src/simulator/scenario/scenario.ts';
import { seededRng } from '../src/world/seeded-rng.ts';

export interface Week {
  readonly days: number;
  readonly instances: number;
  readonly tasks: number;
  readonly wallSeconds: number;
  /** Of this process: where the machine has other work, the wall's say less. */
  readonly cpuSeconds: number;
  /** Each of them plans once. */
  readonly passes: number;
  /** What the plans wanted and the controllers did. */
  readonly actions: number;
  /** Calls that changed something at AWS, of the controllers and of the agents. */
  readonly writes: number;
  readonly violations: number;
}

const TYPES = ['m5.large', 'm5.xlarge', 'c5.xlarge', 'r5.xlarge'];
const ZONES = ['us-east-1a', 'us-east-1b', 'us-east-1c'];
const INSTANCES = 204;
const SERVICES = 12;
/** At the busiest hour. */
const TASKS = 1_500;
/** Of the busiest hour's load, so much is left in the quietest one. */
const NIGHT = 0.6;
const STEP_MINUTES = 15;
/** One instance in twenty a day: what the Spot Instance Advisor's worst class has in a month comes within a week. */
const INTERRUPTIONS_A_DAY = 10;
const DAY_MINUTES = 1_440;

const AIM_SECONDS = 20;

export async function measureWeek(days: number, seed: number): Promise<Week> {
  const scenario = weekOf(days, seed);
  const [startedAt, cpuBefore] = [performance.now(), process.cpuUsage()];
  const { passes, actions, writes, violations } = await play(scenario);
  const wallSeconds = (performance.now() - startedAt) / 1_000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    ...{ days, instances: INSTANCES, tasks: TASKS, wallSeconds, cpuSeconds: (user + system) / 1e6 },
    ...{ passes, actions, writes, violations: violations.length },
  };
}

function weekOf(days: number, seed: number): Scenario {
  const dice = diceOf(seededRng(seed));
  const pools = TYPES.flatMap((instanceType) => ZONES.map((zone) => ({ instanceType, zone })));
  const services = Array.from({ length: SERVICES }, (_, index): ServiceScript => {
    const cpuUnits = dice.among([128, 256, 256, 512]);
    return {
      ...{ name: `service-${index + 1}`, cpuUnits, memoryMiB: cpuUnits * dice.among([2, 3]) },
      ...{ desiredCount: wantedAt(0), stopTimeoutSeconds: dice.among([10, 30, 60]) },
    };
  });
  const loads = services.flatMap(({ name: service }) =>
    Array.from({ length: (days * DAY_MINUTES) / STEP_MINUTES - 1 }, (_, step): Happening => {
      const atMinutes = (step + 1) * STEP_MINUTES;
      return { atMinutes, kind: 'load', service, desiredCount: wantedAt(atMinutes) };
    }),
  );
  const interruptions = Array.from({ length: days * INTERRUPTIONS_A_DAY }, (): Happening => {
    const atMinutes = dice.whole(5, days * DAY_MINUTES - 1);
    return { atMinutes, kind: 'interruption', pool: dice.among(pools), count: 1 };
  });
  return {
    ...{ name: 'week', seed, hours: days * 24 },
    fleet: {
      minUnits: 0,
      maxUnits: INSTANCES * 8,
      allocationStrategy: 'priceCapacityOptimized',
      pools: pools.map((pool) => ({
        ...pool,
        weightUnits: pool.instanceType === 'm5.large' ? 2 : 4,
        count: INSTANCES / pools.length,
      })),
    },
    services,
    controllers: { count: 2, leaseSeconds: 30, renewDeadlineSeconds: 20, retryPeriodSeconds: 5 },
    settings: {},
    roundTripMs: [20, 80],
    schedulerMs: 5_000,
    happenings: [...loads, ...interruptions].sort((a, b) => a.atMinutes - b.atMinutes),
  };
}

/** Of each service: least at midnight, when the play begins, and most at noon. */
function wantedAt(minutes: number): number {
  const height = (1 - Math.cos((2 * Math.PI * minutes) / DAY_MINUTES)) / 2;
  return Math.round((TASKS / SERVICES) * (NIGHT + (1 - NIGHT) * height));
}

export function weekTable(week: Week): string {
  const right = (head: string): Column => ({ head, align: 'right' });
  const aim = ((AIM_SECONDS * week.days) / 7).toFixed(1);
  return renderTable(
    [{ head: `${week.days} simulated days of ${week.instances} instances` }, right('value'), right('aim')],
    [
      ['wall time', `${week.wallSeconds.toFixed(1)} s`, `${aim} s`],
      ['cpu time', `${week.cpuSeconds.toFixed(1)} s`, ''],
      ['tasks at noon', String(week.tasks), ''],
      ['passes, each with its plan', String(week.passes), ''],
      [
        'a pass, with all that the world does meanwhile',
        `${((week.wallSeconds * 1_000) / week.passes).toFixed(2)} ms`,
        '',
      ],
      ['actions of the controllers', String(week.actions), ''],
      ['writes to AWS, agents included', String(week.writes), ''],
      ['invariants broken', String(week.violations), '0'],
    ],
  );
}
