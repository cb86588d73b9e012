import { describe, expect, it } from 'vitest';
import { AWS_LIMITS, CallBudget, DEFAULT_SHARE } from '../../../src/controller/observe/call-budget.ts';
import { ServiceBook } from '../../../src/controller/observe/service-book.ts';
import { Failure } from '../../../src/ports/failure.ts';
import { aCountedCluster, aService } from '../../support/counted-cluster.ts';
import { steppedClock } from '../../support/stepped-clock.ts';

const PASS_MS = 15_000;

function aBook(size: number) {
  const clock = steppedClock();
  const cluster = aCountedCluster(clock);
  for (let index = 0; index < size; index += 1) cluster.services.set(`s${index}`, aService(`s${index}`));
  const budget = new CallBudget({ limit: AWS_LIMITS.services, share: DEFAULT_SHARE, clock });
  const book = new ServiceBook(clock);
  const pass = async (affected: readonly string[] = []) => {
    clock.advance(PASS_MS);
    cluster.calls.length = 0;
    await book.read({ cluster: cluster.reads, budget, affected: new Set(affected), signal: undefined });
    return cluster.calls.length;
  };
  return {
    cluster,
    budget,
    book,
    pass,
    async readWhole() {
      let passes = 0;
      for (; passes === 0 || book.firstReading !== null; passes += 1) {
        if (passes > 100) throw new Error(`still ${book.firstReading}`);
        await pass();
      }
      return passes;
    },
    seen: (name: string) => book.all.find((service) => service.name === name),
    change: (name: string, changes: Parameters<typeof aService>[1]) =>
      cluster.services.set(name, { ...(cluster.services.get(name) ?? aService(name)), ...changes }),
  };
}

describe('services of a common cluster', () => {
  it('are all read at every pass', async () => {
    const { pass, change, seen, book } = aBook(200);
    expect(await pass()).toBe(22);
    change('s150', { desiredCount: 7 });
    expect(await pass()).toBe(22);
    expect(seen('s150')?.desiredCount).toBe(7);
    expect(book.firstReading).toBeNull();
  });

  it('are read when nothing is left of the budget, while they are few', async () => {
    const { pass, budget, book } = aBook(20);
    for (let call = 0; call < 100; call += 1) await budget.call(async () => ({ tries: 1 }));
    await pass();
    expect(book.all).toHaveLength(20);
  });

  it('are the same objects until they change', async () => {
    const { pass, change, seen } = aBook(3);
    await pass();
    const [first, second] = [seen('s0'), seen('s1')];
    change('s0', { pendingCount: 1 });
    await pass();
    expect(seen('s0')).not.toBe(first);
    expect(seen('s1')).toBe(second);
  });

  it('that are deleted are forgotten', async () => {
    const { pass, cluster, seen } = aBook(3);
    await pass();
    cluster.services.delete('s1');
    await pass();
    expect(seen('s1')).toBeUndefined();
    expect(seen('s2')).toBeDefined();
  });

  it('are kept as they were when reading fails', async () => {
    const { pass, cluster, book } = aBook(3);
    await pass();
    cluster.failures.set('describeServices', new Failure('throttled', 'describing'));
    await expect(pass()).rejects.toThrow('describing');
    expect(book.all).toHaveLength(3);
  });
});

describe('5,000 services', () => {
  it('are read within the budget at every pass, and each within 26 passes', async () => {
    const { pass, budget, readWhole, change, seen } = aBook(5_000);
    expect(await readWhole()).toBeLessThanOrEqual(23);
    change('s4321', { runningCount: 5, desiredCount: 5 });
    for (let passes = 0; passes < 26; passes += 1) expect(await pass()).toBeLessThanOrEqual(budget.burst);
    expect(seen('s4321')?.desiredCount).toBe(5);
  });

  it('that lack tasks, deploy or have tasks on a leaving instance are read at every pass', async () => {
    const { pass, readWhole, change, seen } = aBook(5_000);
    change('s4000', { desiredCount: 4 });
    change('s4001', { isDeploying: true });
    await readWhole();
    change('s4000', { desiredCount: 9 });
    change('s4001', { isDeploying: true, pendingCount: 2 });
    change('s4002', { runningCount: 0 });
    await pass(['s4002']);
    expect(seen('s4000')?.desiredCount).toBe(9);
    expect(seen('s4001')?.pendingCount).toBe(2);
    expect(seen('s4002')?.runningCount).toBe(0);
  });

  it('found new are read at the pass that lists them', async () => {
    const { pass, readWhole, change, seen } = aBook(5_000);
    await readWhole();
    change('s-new', { desiredCount: 3 });
    for (let passes = 0; passes < 10; passes += 1) await pass();
    expect(seen('s-new')?.desiredCount).toBe(3);
  });
});
