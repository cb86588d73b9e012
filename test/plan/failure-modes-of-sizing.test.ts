// What the usual metric leads to: instances bought or given back for the wrong reason (F7, F8, F11 to F13, F16 of the
// policy). For each what it says, and what we decide for the same cluster.
import { describe, expect, it } from 'vitest';
import { aHeadroom, anInstanceType, NOW } from '../support/builders.ts';
import { besideNaive, LARGEST_TASK } from '../support/naive-metric.ts';

const big = { name: 'big', shape: LARGEST_TASK };
const NO_PROMISE = { headroom: aHeadroom({ largestTasks: 0 }) };

describe('who sizes by the usual metric', () => {
  it('reckons with the memory that EC2 sells and not with what registers (F7)', () => {
    const half = { cpuUnits: 512, memoryMiB: 4096 };
    const { report, naive } = besideNaive(
      {
        hosts: [
          { id: 'i-1', tasks: { half: 1 }, containerInstance: { registered: { cpuUnits: 2048, memoryMiB: 7985 } } },
        ],
        services: [{ name: 'half', shape: half, desiredCount: 3 }],
        fleet: { options: [{ instanceType: 'm5.large', weightUnits: 1 }] },
      },
      half,
      NO_PROMISE,
    );
    expect(naive).toBe(0);
    // Two more tasks of half of 8 GiB: one instance by the catalogue, and really two.
    expect(Math.ceil(2 / Math.floor(8192 / half.memoryMiB))).toBe(1);
    expect(report.target).toMatchObject({ presentUnits: 1, proposedUnits: 3, reason: 'pending-tasks' });
    expect(report.nearMisses).toMatchObject([{ instanceType: 'm5.large', fits: 1, resource: 'memory', missing: 207 }]);
  });

  it('asks again for what is on its way, and we ask once (F8)', () => {
    const { naive, report, actions, lineOf } = besideNaive({
      hosts: [
        { id: 'i-1', tasks: { big: 2 } },
        { id: 'i-2', containerInstance: null, instance: { state: 'pending', launchedAt: NOW } },
      ],
      services: [big],
    });
    expect(naive).toBe(0);
    expect(lineOf('big')).toMatchObject({ schedulableNow: 0, inFlight: 2, short: 0 });
    expect(actions).toEqual([]);
    expect(report.ledger.map(({ instanceId, standing }) => [instanceId, standing])).toEqual([
      ['i-1', 'serving'],
      ['i-2', 'launching'],
    ]);
  });

  it('grows for ever for a task that fits no type (F11)', () => {
    const giant = { cpuUnits: 65_536, memoryMiB: 4096 };
    const { naive, report, actions } = besideNaive(
      { hosts: [{ id: 'i-1', tasks: { big: 2 } }], services: [big, { name: 'giant', shape: giant, desiredCount: 1 }] },
      giant,
      NO_PROMISE,
    );
    expect(naive).toBe(0);
    expect(actions).toEqual([]);
    expect(report.unschedulable).toMatchObject([
      { users: ['giant'], nearestType: 'm5.xlarge', missing: { cpuUnits: 61_440, memoryMiB: 0 } },
    ]);
  });

  it('orders vCPUs and gets half the tasks, depending on what the fleet picks (F12)', () => {
    const TASK = { cpuUnits: 4096, memoryMiB: 14_336 };
    const types = [
      anInstanceType({ name: 'm5.xlarge', nominal: { cpuUnits: 4096, memoryMiB: 16_384 } }),
      anInstanceType({ name: 'c5.2xlarge', nominal: { cpuUnits: 8192, memoryMiB: 16_384 } }),
    ];
    const options = types.map(({ name, nominal }) => ({ instanceType: name, weightUnits: nominal.cpuUnits / 1024 }));
    const { naive, report } = besideNaive(
      {
        services: [{ name: 'wide', shape: TASK, desiredCount: 4 }],
        fleet: { options },
        snapshot: { instanceTypes: types },
      },
      TASK,
      NO_PROMISE,
    );
    expect(naive).toBe(0);
    // Four tasks of four vCPUs are sixteen units, for which the fleet may bring two c5.2xlarge with room for two tasks.
    expect(4 * (TASK.cpuUnits / 1024)).toBe(16);
    expect(report.target.proposedUnits).toBe(25);
    expect(report.weights).toMatchObject({ loss: 0.5 });
  });

  it('does not see that all the room is in one pool (F13)', () => {
    const { naive, lineOf, report } = besideNaive(
      {
        hosts: [
          { id: 'i-1', tasks: { big: 1 } },
          { id: 'i-2', tasks: { big: 1 } },
          { id: 'i-3', tasks: { big: 1 } },
          { id: 'i-4', zone: 'us-east-1b', tasks: { big: 2 } },
        ],
        services: [big],
      },
      LARGEST_TASK,
      { headroom: aHeadroom({ survive: 'pool' }) },
    );
    expect(naive).toBe(3);
    expect(lineOf('big')?.afterLoss).toEqual({ pool: 'm5.large/us-east-1a', schedulable: 0 });
    expect(report.target.reason).toBe('pool-loss');
  });

  it('drains an instance whose service can neither start first nor stop first (F16)', () => {
    const stuck = { ...big, minimumHealthyPercent: 100, maximumPercent: 100 };
    const { naive, actions, report } = besideNaive(
      {
        hosts: [
          { id: 'i-1', tasks: { big: 1 } },
          { id: 'i-2', tasks: { big: 1 } },
        ],
        services: [stuck],
      },
      LARGEST_TASK,
      NO_PROMISE,
    );
    expect(naive).toBe(2);
    expect(actions).toEqual([]);
    expect(report.scaleIn.unremovable.map(({ reason }) => reason)).toEqual([
      'service-cannot-drain',
      'service-cannot-drain',
    ]);
  });
});
