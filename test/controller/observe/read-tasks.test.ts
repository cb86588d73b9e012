import { describe, expect, it } from 'vitest';
import { AWS_LIMITS, CallBudget, DEFAULT_SHARE } from '../../../src/controller/observe/call-budget.ts';
import { readTasks } from '../../../src/controller/observe/read-tasks.ts';
import { TaskBook } from '../../../src/controller/observe/task-book.ts';
import { ATTRIBUTE } from '../../../src/model/attributes.ts';
import type { ContainerInstance } from '../../../src/model/container-instance.ts';
import type { ContainerInstanceArn } from '../../../src/model/ids.ts';
import { Failure } from '../../../src/ports/failure.ts';
import { aCountedCluster } from '../../support/counted-cluster.ts';
import { steppedClock } from '../../support/stepped-clock.ts';

const RETIRING = { attributes: { [ATTRIBUTE.retiring]: 'excess' }, status: 'DRAINING' } as const;
const NOTICED = { attributes: { [ATTRIBUTE.notice]: 'interruption@2026-11-21T08:22:00Z' } } as const;

function aCluster(size: number, tasksEach: number) {
  const clock = steppedClock();
  const cluster = aCountedCluster(clock);
  for (let index = 0; index < size; index += 1) {
    const on = cluster.put(`i-${index}`);
    for (let task = 0; task < tasksEach; task += 1) cluster.place(`t-${index}-${task}`, on);
  }
  const budget = new CallBudget({ limit: AWS_LIMITS.clusterResources, share: DEFAULT_SHARE, clock });
  const book = new TaskBook(clock);
  const all = () => [...cluster.instances.values()];
  const instance = (id: string): ContainerInstance => {
    const found = cluster.instances.get(id);
    if (found === undefined) throw new Error(`no ${id}`);
    return found;
  };
  return {
    clock,
    cluster,
    budget,
    instance,
    /** The operations of one pass. */
    async pass(lookAt: readonly ContainerInstanceArn[] = []) {
      clock.advance(15_000);
      cluster.calls.length = 0;
      const instances = all();
      await readTasks({ book, cluster: cluster.reads, budget, instances, lookAt, signal: undefined });
      return [...cluster.calls];
    },
    known: () => book.standingOn(all()),
    on: (id: string) => book.standingOn([instance(id)])[0],
    names: (id: string) =>
      book.standingOn([instance(id)])[0]?.tasks.map(({ arn }) => arn.slice(arn.lastIndexOf('/') + 1)) ?? null,
  };
}

describe('in a small cluster', () => {
  it('all tasks are known after the first pass, and a quiet pass costs one call', async () => {
    const { pass, known } = aCluster(5, 10);
    expect(await pass()).toEqual(['listTasks', 'describeTasks']);
    expect(known().map(({ tasks }) => tasks.length)).toEqual([10, 10, 10, 10, 10]);
    expect(await pass()).toEqual(['listTasks']);
  });

  it('only new tasks are described', async () => {
    const { pass, cluster, instance, names } = aCluster(5, 1);
    await pass();
    cluster.place('t-new', instance('i-2'));
    expect(await pass()).toEqual(['listTasks', 'describeTasks']);
    expect(names('i-2')).toEqual(['t-2-0', 't-new']);
  });

  it('what stands on an instance is the same object until it changes', async () => {
    const { pass, cluster, instance, on } = aCluster(3, 2);
    await pass();
    const [before, other] = [on('i-0'), on('i-1')];
    cluster.place('t-new', instance('i-0'));
    await pass();
    expect(on('i-0')).not.toBe(before);
    expect(on('i-1')).toBe(other);
  });

  it('a listing that is shorter than what the instance tells leaves its tasks unknown', async () => {
    const { pass, cluster, on } = aCluster(3, 2);
    cluster.put('i-1', { runningTaskCount: 3 });
    await pass();
    expect(on('i-1')).toBeUndefined();
    expect(on('i-0')).toBeDefined();
  });
});

describe('in a large cluster', () => {
  it('the tasks of those that the planner asks about are read first, in its order', async () => {
    const { pass, instance, on } = aCluster(1_000, 5);
    await pass([instance('i-900').arn, instance('i-500').arn]);
    expect(on('i-900')?.tasks).toHaveLength(5);
    expect(on('i-500')?.tasks).toHaveLength(5);
  });

  it('an instance without tasks is known to have none without a call', async () => {
    const { pass, known } = aCluster(1_000, 0);
    await pass();
    expect(known()).toHaveLength(1_000);
    expect((await pass()).filter((operation) => operation === 'describeTasks')).toEqual([]);
  });

  it('a pass takes no more than the budget, and the rest of it goes to whoever was listed longest ago', async () => {
    const { pass, known, budget } = aCluster(1_000, 5);
    const counts: number[] = [];
    for (let passes = 0; passes < 10; passes += 1) counts.push((await pass()).length);
    expect(Math.max(...counts)).toBeLessThanOrEqual(budget.burst);
    expect(known().length).toBeGreaterThan(200);
  });

  it('tasks that changed since they were listed are unknown until they are listed again', async () => {
    const { pass, cluster, instance, on, names } = aCluster(1_000, 5);
    await pass([instance('i-7').arn]);
    cluster.place('t-new', instance('i-7'));
    expect(on('i-7')).toBeUndefined();
    await pass([instance('i-7').arn]);
    expect(names('i-7')).toContain('t-new');
  });

  it('nothing is listed for scale-in while AWS is busy', async () => {
    const { pass, budget, instance } = aCluster(1_000, 5);
    await budget.call(() => Promise.reject(new Failure('throttled', 'listing'))).catch(() => {});
    expect(await pass([instance('i-7').arn])).toEqual([]);
  });
});

describe('on an instance that we retire', () => {
  it('tasks inside their stop timeout are listed until they have ended', async () => {
    const { pass, cluster, instance, names } = aCluster(3, 1);
    const task = cluster.place('t-last', instance('i-1'), { desiredStatus: 'STOPPED', lastStatus: 'STOPPING' });
    cluster.tasks.delete('t-1-0');
    cluster.put('i-1', { ...RETIRING, runningTaskCount: 0 });
    await pass();
    expect(names('i-1')).toEqual(['t-last']);
    cluster.tasks.set('t-last', { ...task, lastStatus: 'STOPPED' });
    await pass();
    expect(names('i-1')).toEqual([]);
  });

  it('they are listed at every pass, though nothing is left of the budget and AWS is busy', async () => {
    const { pass, cluster, budget, on } = aCluster(1_000, 5);
    const throttled = () => Promise.reject(new Failure('throttled', 'listing'));
    for (let call = 0; call < 40; call += 1) await budget.call(throttled).catch(() => {});
    cluster.put('i-1', RETIRING);
    expect((await pass()).filter((operation) => operation === 'listTasks')).toHaveLength(2);
    expect(on('i-1')?.tasks).toHaveLength(5);
    expect((await pass()).filter((operation) => operation === 'listTasks')).toHaveLength(2);
  });

  it('a task seen STOPPED is not described again for the hour that ECS lists it', async () => {
    const { pass, cluster, instance } = aCluster(3, 0);
    cluster.place('t-old', instance('i-1'), { desiredStatus: 'STOPPED', lastStatus: 'STOPPED' });
    cluster.put('i-1', { ...RETIRING, runningTaskCount: 0 });
    expect(await pass()).toContain('describeTasks');
    expect(await pass()).not.toContain('describeTasks');
  });
});

describe('on a noticed instance', () => {
  it('a task that was told to stop is listed until it has ended', async () => {
    const { pass, cluster, names } = aCluster(3, 1);
    await pass();
    const task = cluster.tasks.get('t-1-0');
    if (task === undefined) throw new Error('no task');
    cluster.tasks.set('t-1-0', { ...task, desiredStatus: 'STOPPED', lastStatus: 'STOPPING' });
    cluster.put('i-1', { ...NOTICED, runningTaskCount: 0 });
    await pass();
    expect(names('i-1')).toEqual(['t-1-0']);
    cluster.tasks.set('t-1-0', { ...task, desiredStatus: 'STOPPED', lastStatus: 'STOPPED' });
    await pass();
    expect(names('i-1')).toEqual([]);
  });

  it('they are read before those that the planner asks about', async () => {
    const { pass, cluster, instance, on } = aCluster(1_000, 5);
    cluster.put('i-999', NOTICED);
    await pass(Array.from({ length: 100 }, (_, index) => instance(`i-${index}`).arn));
    expect(on('i-999')?.tasks).toHaveLength(5);
  });

  it('hundreds of them are read over several passes, within the budget', async () => {
    const { pass, cluster, known, budget } = aCluster(600, 10);
    for (let index = 0; index < 300; index += 1) cluster.put(`i-${index}`, NOTICED);
    for (let passes = 0; passes < 20; passes += 1) expect((await pass()).length).toBeLessThanOrEqual(budget.burst);
    expect(known().length).toBeGreaterThanOrEqual(300);
  });
});
