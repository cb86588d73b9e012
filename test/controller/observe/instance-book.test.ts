import { describe, expect, it } from 'vitest';
import { AWS_LIMITS, CallBudget, DEFAULT_SHARE } from '../../../src/controller/observe/call-budget.ts';
import { InstanceBook } from '../../../src/controller/observe/instance-book.ts';
import { type InstanceId, instanceId } from '../../../src/model/ids.ts';
import type { Instance, InstanceState, InstanceType } from '../../../src/model/instance.ts';
import { UNKNOWN_LAUNCH } from '../../../src/model/launch.ts';
import type { Instances } from '../../../src/ports/instances.ts';
import { steppedClock } from '../../support/stepped-clock.ts';

const M5: InstanceType = {
  name: 'm5.large',
  nominal: { cpuUnits: 2048, memoryMiB: 8192 },
  gpus: 0,
  architecture: 'x86_64',
  eniSlots: 2,
  eniSlotsWithTrunk: null,
};

function aBook(size: number) {
  const clock = steppedClock();
  const states = new Map<InstanceId, InstanceState>();
  for (let index = 0; index < size; index += 1) states.set(instanceId(`i-${index}`), 'running');
  const asked: (readonly string[])[] = [];
  const instances: Instances = {
    async describe(ids) {
      asked.push(ids);
      return ids.flatMap((id): Instance[] => {
        const state = states.get(id);
        const rest = {
          instanceType: 'm5.large',
          zone: 'us-east-1a',
          isSpot: true,
          launchedAt: 0,
          launch: UNKNOWN_LAUNCH,
        };
        return state === undefined ? [] : [{ id, state, ...rest }];
      });
    },
    async types(names) {
      asked.push(names);
      return names.includes('m5.large') ? [M5] : [];
    },
    terminate: () => Promise.reject(new Error('nobody is to be terminated')),
  };
  const budget = new CallBudget({ limit: AWS_LIMITS.ec2, share: DEFAULT_SHARE, clock });
  const book = new InstanceBook(clock);
  const reading = { instances, budget, signal: undefined };
  const pass = async (ids: Iterable<InstanceId> = states.keys()) => {
    clock.advance(15_000);
    asked.length = 0;
    await book.read(reading, new Set(ids));
    return asked.map((each) => each.length);
  };
  return { clock, states, asked, book, budget, reading, pass };
}

describe('what EC2 knows', () => {
  it('is read in full batches, once around five passes for 5,000 instances', async () => {
    const { pass, book } = aBook(5_000);
    expect(await pass()).toEqual(Array(25).fill(200));
    expect(book.unread).toBe(0);
    expect(await pass()).toEqual(Array(5).fill(200));
  });

  it('of a new instance is read at the next pass', async () => {
    const { pass, book, states } = aBook(5_000);
    await pass();
    states.set(instanceId('i-new'), 'pending');
    await pass();
    expect(book.all.find(({ id }) => id === 'i-new')?.state).toBe('pending');
  });

  it('of an instance that does not simply run is read again at the next pass', async () => {
    const { pass, book, states } = aBook(5_000);
    states.set(instanceId('i-4000'), 'shutting-down');
    await pass();
    states.set(instanceId('i-4000'), 'terminated');
    await pass();
    expect(book.all.find(({ id }) => id === 'i-4000')?.state).toBe('terminated');
  });

  it('says nothing of an id that it does not know, and is asked again', async () => {
    const { pass, book, states } = aBook(2);
    const ghost = instanceId('i-ghost');
    await pass([...states.keys(), ghost]);
    expect(book.all).toHaveLength(2);
    expect(book.unread).toBe(0);
    states.set(ghost, 'running');
    await pass();
    expect(book.all).toHaveLength(3);
  });

  it('of an instance that nobody names any more is forgotten', async () => {
    const { pass, book } = aBook(2);
    await pass();
    await pass([instanceId('i-1')]);
    expect(book.all.map(({ id }) => id)).toEqual(['i-1']);
  });

  it('is the same object until it changes', async () => {
    const { pass, book, states } = aBook(2);
    await pass();
    const [first, second] = book.all;
    states.set(instanceId('i-0'), 'shutting-down');
    await pass();
    expect(book.all[0]).not.toBe(first);
    expect(book.all[1]).toBe(second);
  });

  it('is listed by id, and the list is made anew only when something in it has changed', async () => {
    const { pass, book, states } = aBook(0);
    for (const id of ['i-c', 'i-a', 'i-b']) states.set(instanceId(id), 'running');
    await pass();
    const before = book.all;
    expect(before.map(({ id }) => id)).toEqual(['i-a', 'i-b', 'i-c']);
    await pass();
    expect(book.all).toBe(before);
    states.set(instanceId('i-c'), 'shutting-down');
    await pass();
    expect(book.all.map(({ state }) => state)).toEqual(['running', 'running', 'shutting-down']);
    states.delete(instanceId('i-b'));
    await pass();
    expect(book.all.map(({ id }) => id)).toEqual(['i-a', 'i-c']);
  });

  it('is not whole while the budget has left some out', async () => {
    const { pass, book, budget } = aBook(2_000);
    for (let call = 0; call < 54; call += 1) await budget.call(async () => ({ tries: 1 }));
    await pass();
    expect(book.unread).toBeGreaterThan(0);
    await pass();
    expect(book.unread).toBe(0);
  });
});

describe('instance types', () => {
  const names = new Set(['m5.large', 'x99.huge']);

  it('are asked for once', async () => {
    const { book, reading, asked } = aBook(0);
    expect(await book.types(reading, new Set(['m5.large']))).toEqual([M5]);
    expect(await book.types(reading, new Set(['m5.large']))).toEqual([M5]);
    expect(asked).toHaveLength(1);
  });

  it('that EC2 does not know are set aside by name, and asked for again half an hour later', async () => {
    const { book, reading, asked, clock } = aBook(0);
    await book.types(reading, names);
    await book.types(reading, names);
    expect(book.setAside(names)).toMatchObject([
      { kind: 'instance-type', subject: 'x99.huge', reason: 'unknown-instance-type' },
    ]);
    expect(asked).toEqual([['m5.large', 'x99.huge']]);
    clock.advance(1_800_000);
    await book.types(reading, names);
    expect(asked).toEqual([['m5.large', 'x99.huge'], ['x99.huge']]);
  });
});
