import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AWS_LIMITS, CallBudget, DEFAULT_SHARE } from '../../../src/controller/observe/call-budget.ts';
import { ContainerInstanceBook } from '../../../src/controller/observe/container-instance-book.ts';
import { ATTRIBUTE, formatNotice } from '../../../src/model/attributes.ts';
import type { ContainerInstance } from '../../../src/model/container-instance.ts';
import type { ContainerInstanceArn } from '../../../src/model/ids.ts';
import { Failure } from '../../../src/ports/failure.ts';
import { aCountedCluster } from '../../support/counted-cluster.ts';
import { steppedClock } from '../../support/stepped-clock.ts';

const PASS_MS = 15_000;

function aBook(size: number) {
  const clock = steppedClock();
  const cluster = aCountedCluster(clock);
  for (let index = 0; index < size; index += 1) cluster.put(`i-${index}`);
  clock.advance(3_600_000);
  const budget = new CallBudget({ limit: AWS_LIMITS.clusterResources, share: DEFAULT_SHARE, clock });
  const book = new ContainerInstanceBook(clock);
  /** One pass; the number of calls it took. */
  const pass = async (lookAt: readonly ContainerInstanceArn[] = []) => {
    clock.advance(PASS_MS);
    cluster.calls.length = 0;
    await book.read({ cluster: cluster.reads, budget, lookAt, reserved: 0, now: clock.now(), signal: undefined });
    return cluster.calls.length;
  };
  return {
    clock,
    cluster,
    budget,
    book,
    pass,
    async readWhole() {
      for (let passes = 0; passes === 0 || book.firstReading !== null; passes += 1) {
        if (passes > 20) throw new Error(`still ${book.firstReading}`);
        await pass();
      }
    },
    seen: (id: string) => book.all.find(({ instanceId }) => instanceId === id),
    noticed: (id: string) => {
      const { attributes } = cluster.instances.get(id) ?? { attributes: {} };
      const notice = formatNotice({ kind: 'interruption', deadlineAt: clock.now() + 120_000 });
      return cluster.put(id, { attributes: { ...attributes, [ATTRIBUTE.notice]: notice } });
    },
  };
}

describe('in a cluster of up to two hundred', () => {
  it('everyone is read at every pass', async () => {
    const { book, pass, clock } = aBook(200);
    expect(await pass()).toBe(4);
    expect(await pass()).toBe(4);
    expect(book.firstReading).toBeNull();
    expect(book.all.every(({ seenAt }) => seenAt === clock.now())).toBe(true);
  });

  it('everyone is read even when nothing is left of the budget', async () => {
    const { book, pass, budget, clock } = aBook(20);
    for (let call = 0; call < 100; call += 1) await budget.call(async () => ({ tries: 1 }));
    await pass();
    expect(book.all.every(({ seenAt }) => seenAt === clock.now())).toBe(true);
  });

  it('none is read with few calls and is no unfinished reading', async () => {
    const { book, pass } = aBook(0);
    expect(await pass()).toBe(1);
    expect(book.firstReading).toBeNull();
  });

  it('one that is no longer listed is forgotten when ECS does not describe it either', async () => {
    const { pass, cluster, seen } = aBook(3);
    await pass();
    cluster.instances.delete('i-1');
    await pass();
    expect(seen('i-1')).toBeUndefined();
    expect(seen('i-2')).toBeDefined();
  });

  it('one that has become INACTIVE is forgotten', async () => {
    const { pass, cluster, seen } = aBook(3);
    await pass();
    cluster.put('i-1', { status: 'INACTIVE' });
    await pass();
    expect(seen('i-1')).toBeUndefined();
  });

  it('growing past it is noticed', async () => {
    const { pass, cluster, seen } = aBook(199);
    await pass();
    for (let index = 0; index < 60; index += 1) cluster.put(`i-new-${index}`);
    await pass();
    await pass();
    expect(seen('i-new-59')).toBeDefined();
  });
});

describe('in a cluster of 5,000', () => {
  it('the first reading is told until it is finished, and takes about a minute', async () => {
    const { book, pass } = aBook(5_000);
    await pass();
    expect(book.firstReading).toMatch(/for the first time: \d+ of \d+ or more so far/);
    for (let passes = 1; passes < 6; passes += 1) await pass();
    expect(book.firstReading).toBeNull();
    expect(book.all).toHaveLength(5_000);
  });

  it('a pass takes less than a tenth of what ECS refills, and everyone is seen again within 75 seconds', async () => {
    const observed = aBook(5_000);
    await observed.readWhole();
    let calls = 0;
    for (let passes = 0; passes < 40; passes += 1) {
      calls += await observed.pass();
      if (passes < 5) continue;
      const oldest = Math.min(...observed.book.all.map(({ seenAt }) => seenAt));
      expect(observed.clock.now() - oldest).toBeLessThanOrEqual(75_000);
    }
    expect(calls / ((40 * PASS_MS) / 1000)).toBeLessThanOrEqual(2);
  });

  it('a notice, a drain, a lost ECS agent and a new instance are each seen at the next pass', async () => {
    const kinds = fc.constantFrom('notice', 'drain', 'disconnect', 'join');
    const events = fc.array(fc.tuple(kinds, fc.nat(4_999)), { minLength: 1, maxLength: 12 });
    const { pass, readWhole, cluster, noticed, seen } = aBook(5_000);
    await readWhole();
    let joined = 0;
    await fc.assert(
      fc.asyncProperty(events, async (happening) => {
        const ids = happening.map(([kind, index]) => {
          const id = kind === 'join' ? `i-joined-${joined++}` : `i-${index}`;
          if (kind === 'notice') noticed(id);
          else if (kind === 'drain') cluster.put(id, { status: 'DRAINING' });
          else cluster.put(id, { agentConnected: kind === 'join' });
          return id;
        });
        await pass();
        for (const id of ids) {
          // The version may rise without anything to see: a drain of what drains already.
          const { status, agentConnected, attributes } = cluster.instances.get(id) ?? {};
          expect(seen(id)).toMatchObject({ status, agentConnected, attributes });
        }
      }),
      { numRuns: 15 },
    );
  });

  it('an ECS agent that is back, and a drain that is taken back, are seen at the next pass', async () => {
    const { pass, readWhole, cluster, seen } = aBook(1_000);
    await readWhole();
    cluster.put('i-500', { agentConnected: false });
    cluster.put('i-501', { status: 'DRAINING' });
    await pass();
    cluster.put('i-500', { agentConnected: true });
    cluster.put('i-501', { status: 'ACTIVE' });
    await pass();
    expect(seen('i-500')?.agentConnected).toBe(true);
    expect(seen('i-501')?.status).toBe('ACTIVE');
  });

  it('those the planner asks about are read at the next pass', async () => {
    const { pass, cluster, seen, clock, readWhole } = aBook(5_000);
    await readWhole();
    const wanted = [100, 2_500, 4_900].flatMap((index) => cluster.instances.get(`i-${index}`) ?? []);
    await pass(wanted.map(({ arn }) => arn));
    for (const { instanceId } of wanted) expect(seen(instanceId)?.seenAt).toBe(clock.now());
  });

  it('a notice is seen at the next pass also while AWS is busy and nothing is left of the budget', async () => {
    const { pass, budget, noticed, seen, readWhole } = aBook(5_000);
    await readWhole();
    const throttled = () => Promise.reject(new Failure('throttled', 'listing'));
    for (let call = 0; call < 40; call += 1) await budget.call(throttled).catch(() => {});
    noticed('i-4321');
    await pass();
    expect(budget.available()).toBe(0);
    expect(seen('i-4321')?.attributes[ATTRIBUTE.notice]).toBeDefined();
  });

  it('the rotation goes on while a whole zone is lost', async () => {
    const { pass, noticed, book, clock, readWhole } = aBook(5_000);
    await readWhole();
    for (let index = 0; index < 1_667; index += 1) noticed(`i-${index}`);
    let calls = 0;
    for (let passes = 0; passes < 30; passes += 1) calls += await pass();
    const oldest = Math.min(...book.all.map(({ seenAt }) => seenAt));
    expect(clock.now() - oldest).toBeLessThan(25 * PASS_MS);
    // A burst more than a tenth, and paid back.
    expect(calls).toBeLessThanOrEqual((30 * PASS_MS * 2) / 1000 + 25);
  });

  it('one that left is forgotten when its turn comes', async () => {
    const { pass, cluster, seen, readWhole } = aBook(5_000);
    await readWhole();
    cluster.instances.delete('i-4999');
    for (let passes = 0; passes < 5; passes += 1) await pass();
    expect(seen('i-4999')).toBeUndefined();
  });

  it('where ECS refuses the query over attributes, drains are seen at the next pass and new ones by the slow listing', async () => {
    const { pass, cluster, seen } = aBook(1_000);
    cluster.failures.set('marked', new Failure('refused', 'listing'));
    for (let passes = 0; passes < 4; passes += 1) await pass();
    cluster.put('i-700', { status: 'DRAINING' });
    cluster.put('i-new');
    await pass();
    expect(seen('i-700')?.status).toBe('DRAINING');
    for (let passes = 0; passes < 2; passes += 1) await pass();
    expect(seen('i-new')).toBeDefined();
  });
});

describe('an instance that is described again', () => {
  it('is the same object while nothing changed, with the time it was seen', async () => {
    const { pass, seen, clock } = aBook(5);
    await pass();
    const before = seen('i-2');
    await pass();
    expect(seen('i-2')).toBe(before);
    expect(before?.seenAt).toBe(clock.now());
  });

  it('is a new object when anything changed, and the old one stays as it was', async () => {
    const { pass, seen, cluster } = aBook(5);
    await pass();
    const before = seen('i-2') as ContainerInstance;
    cluster.put('i-2', { remaining: { cpuUnits: 1, memoryMiB: 2 } });
    await pass();
    expect(seen('i-2')).not.toBe(before);
    expect(before.remaining).toEqual({ cpuUnits: 4096, memoryMiB: 15_000 });
  });

  it('keeps what was known when reading fails', async () => {
    const { pass, book, cluster } = aBook(5);
    await pass();
    cluster.failures.set('describeContainerInstances', new Failure('throttled', 'describing'));
    await expect(pass()).rejects.toThrow('describing');
    expect(book.all).toHaveLength(5);
  });
});
