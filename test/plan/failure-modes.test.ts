// Where the usual metric is wrong: sum over all instances of how many of the largest task fit. For each of the ways (F2 to
// F6 and F9 of the policy) in which it counts wrong what it says, and what we say of the same cluster. What it does with
// the count is in failure-modes-of-sizing.test.ts, and what takes more than one look in failure-modes-over-time.test.ts.
import { describe, expect, it } from 'vitest';
import { aHeadroom, anInstanceType, aSnapshot, type Host } from '../support/builders.ts';
import { besideNaive, LARGEST_TASK, naiveSchedulable } from '../support/naive-metric.ts';

const big = { name: 'big', shape: LARGEST_TASK };
/** Full: so that somebody uses the largest shape, and no room is there. */
const atWork: Host = { id: 'i-work', containerInstance: { registered: LARGEST_TASK }, tasks: { big: 1 } };

/** An instance with so much left and nothing on it. */
const withFree = (id: string, cpuUnits: number, memoryMiB: number): Host => ({
  id,
  containerInstance: { registered: { cpuUnits, memoryMiB } },
});

describe('the usual metric', () => {
  it('and ours agree that tasks never span instances, though what is free adds up', () => {
    const LARGEST = { cpuUnits: 200, memoryMiB: 200 };
    const { naive, lineOf, report } = besideNaive(
      {
        hosts: [
          withFree('i-1', 100, 200),
          withFree('i-2', 100, 200),
          withFree('i-3', 100, 200),
          withFree('i-4', 300, 600),
          { id: 'i-5', containerInstance: { registered: LARGEST }, tasks: { web: 1 } },
        ],
        services: [{ name: 'web', shape: LARGEST }],
      },
      LARGEST,
    );
    expect(naive).toBe(1);
    expect(lineOf('web')?.schedulableNow).toBe(1);
    expect(report.ledger.map(({ schedulable }) => schedulable)).toEqual([[0], [0], [0], [1], [0]]);
  });

  it.each([
    ['spread over instances', [{ type: 'spread' as const, field: 'instanceId' }], 2],
    ['packed', [{ type: 'binpack' as const, field: 'cpu' as const }], 1],
  ])('forgets that waiting tasks come first (F2), %s', (_, placementStrategy, short) => {
    const mid = { name: 'mid', shape: { cpuUnits: 512, memoryMiB: 1024 }, desiredCount: 2, placementStrategy };
    const { naive, lineOf, report } = besideNaive({
      hosts: [atWork, withFree('i-1', 1024, 2048), withFree('i-2', 1024, 2048)],
      services: [big, mid],
    });
    expect(naive).toBe(2);
    expect(lineOf('big')?.short).toBe(short);
    expect(report.target.reason).toBe('promised-room');
  });

  it('mixes one task’s cpu with another one’s memory, and sees no room for either (F3)', () => {
    const { naive, lineOf } = besideNaive(
      {
        hosts: [
          {
            id: 'i-0',
            tasks: { burn: 1, cache: 1 },
            containerInstance: { registered: { cpuUnits: 1280, memoryMiB: 4608 } },
          },
          withFree('i-1', 1024, 3000),
          withFree('i-2', 300, 4096),
        ],
        services: [
          { name: 'burn', shape: { cpuUnits: 1024, memoryMiB: 512 } },
          { name: 'cache', shape: { cpuUnits: 256, memoryMiB: 4096 } },
        ],
      },
      { cpuUnits: 1024, memoryMiB: 4096 },
    );
    expect(naive).toBe(0);
    expect([lineOf('burn')?.schedulableNow, lineOf('cache')?.schedulableNow]).toEqual([1, 1]);
    expect([lineOf('burn')?.obstacle, lineOf('cache')?.obstacle]).toEqual(['cpu', 'memory']);
  });

  it('promises one hole to two shapes (F4)', () => {
    const burn = { name: 'burn', shape: { cpuUnits: 1024, memoryMiB: 1024 } };
    const cache = { name: 'cache', shape: { cpuUnits: 512, memoryMiB: 2048 } };
    const spec = {
      hosts: [
        {
          id: 'i-0',
          tasks: { burn: 1, cache: 1 },
          containerInstance: { registered: { cpuUnits: 1536, memoryMiB: 3072 } },
        },
        withFree('i-1', 1024, 2048),
      ],
      services: [burn, cache],
    };
    const { naive, lineOf, report } = besideNaive(spec, burn.shape, { headroom: aHeadroom({ largestTasks: 1 }) });
    expect(naive + naiveSchedulable(aSnapshot(spec), cache.shape)).toBe(2);
    expect([lineOf('burn')?.schedulableNow, lineOf('cache')?.schedulableNow]).toEqual([1, 1]);
    expect(report.scenarios.find(({ name }) => name === 'promise')).toMatchObject({ tasks: 2, unplaced: 1 });
  });

  it.each([
    [
      'in the wrong zone',
      {
        placementConstraints: [
          { type: 'memberOf' as const, expression: 'attribute:ecs.availability-zone == us-east-1b' },
        ],
      },
      {},
      'member-of',
    ],
    ['of the wrong architecture', {}, { architecture: 'arm64' as const }, 'architecture'],
    ['of the wrong operating system', {}, { operatingSystem: 'windows' as const }, 'operating-system'],
    ['without the GPU', {}, { gpus: 1 }, 'gpu'],
    ['without an attribute', {}, { requiredAttributes: [{ name: 'ecs.capability.efs', value: null }] }, 'attribute'],
    [
      'where one of the service stands',
      { placementConstraints: [{ type: 'distinctInstance' as const }] },
      {},
      'distinct-instance',
    ],
  ])('counts room %s (F5)', (_, service, shape, obstacle) => {
    const attributes = { 'ecs.cpu-architecture': 'x86_64', 'ecs.os-type': 'linux' };
    const { naive, lineOf } = besideNaive({
      hosts: [{ id: 'i-1', tasks: { picky: 1 }, containerInstance: { attributes } }],
      services: [{ name: 'picky', shape: { ...LARGEST_TASK, ...shape }, ...service }],
      snapshot: { instanceTypes: [anInstanceType({ gpus: 2 })] },
    });
    expect(naive).toBe(1);
    expect(lineOf('picky')).toMatchObject({ schedulableNow: 0, obstacle });
  });

  it.each([
    ['two', {}, 0],
    ['ten', { 'ecs.awsvpc-trunk-id': 'trunk-1' }, 6],
  ])(
    'does not know that an instance takes %s tasks with an interface of their own (F6)',
    (_, attributes, schedulable) => {
      const small = { cpuUnits: 128, memoryMiB: 256 };
      const { naive, lineOf } = besideNaive(
        {
          hosts: [
            {
              id: 'i-1',
              type: 'c5.large',
              tasks: { web: 2 },
              containerInstance: { attributes, registered: { cpuUnits: 1024, memoryMiB: 3600 } },
            },
          ],
          services: [{ name: 'web', shape: { ...small, eniSlots: 1 } }],
          fleet: { options: [{ instanceType: 'c5.large', weightUnits: 2 }] },
          snapshot: {
            instanceTypes: [
              anInstanceType({
                name: 'c5.large',
                nominal: { cpuUnits: 2048, memoryMiB: 4096 },
                eniSlots: 2,
                eniSlotsWithTrunk: 10,
              }),
            ],
          },
        },
        small,
      );
      expect(naive).toBe(6);
      expect(lineOf('web')).toMatchObject({ schedulableNow: schedulable, obstacle: schedulable === 0 ? 'eni' : null });
    },
  );

  it('puts two tasks on one host port (F6)', () => {
    const taken = { takenPorts: ['tcp:22' as const, 'tcp:80' as const] };
    const { naive, lineOf } = besideNaive({
      hosts: [{ id: 'i-1', tasks: { web: 1 }, containerInstance: taken }, { id: 'i-2' }],
      services: [{ name: 'web', shape: { ...LARGEST_TASK, hostPorts: ['tcp:80'] } }],
    });
    expect(naive).toBe(3);
    expect(lineOf('web')).toMatchObject({ schedulableNow: 1 });
  });

  it.each([
    ['drains', { status: 'DRAINING' as const }],
    ['has lost its ECS agent', { agentConnected: false }],
    ['has an interruption notice', { attributes: { 'spotkeeper.notice': 'interruption@2026-11-21T12:01:30Z' } }],
    ['is still registering', { status: 'REGISTERING' as const }],
  ])('counts an instance that %s (F9)', (_, containerInstance) => {
    const { naive, lineOf } = besideNaive({ hosts: [atWork, { id: 'i-1', containerInstance }], services: [big] });
    expect(naive).toBe(2);
    expect(lineOf('big')).toMatchObject({ schedulableNow: 0 });
  });
});
