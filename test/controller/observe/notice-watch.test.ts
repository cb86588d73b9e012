import { describe, expect, it } from 'vitest';
import { beginRound, budgetsOf } from '../../../src/controller/observe/budgets.ts';
import { DEFAULT_SHARE } from '../../../src/controller/observe/call-budget.ts';
import { NoticeWatch } from '../../../src/controller/observe/notice-watch.ts';
import { ATTRIBUTE, formatNotice, type NoticeKind } from '../../../src/model/attributes.ts';
import { aCountedCluster } from '../../support/counted-cluster.ts';
import { steppedClock } from '../../support/stepped-clock.ts';

function aWatch(size: number) {
  const clock = steppedClock();
  const cluster = aCountedCluster(clock);
  for (let index = 0; index < size; index += 1) cluster.put(`i-${index}`);
  const budgets = budgetsOf(clock, DEFAULT_SHARE);
  const watch = new NoticeWatch(cluster.reads, budgets);
  const look = async () => {
    clock.advance(5_000);
    cluster.calls.length = 0;
    return { isNew: await watch.look(), calls: cluster.calls.length };
  };
  const tell = (id: string, kind: NoticeKind = 'interruption') =>
    cluster.put(id, { attributes: { [ATTRIBUTE.notice]: formatNotice({ kind, deadlineAt: clock.now() + 120_000 }) } });
  return { cluster, clock, budgets, watch, look, tell };
}

describe('a look for notices', () => {
  it('takes one call where nobody is marked, in the largest cluster, too', async () => {
    const { look } = aWatch(5_000);
    expect(await look()).toEqual({ isNew: false, calls: 1 });
  });

  it('finds a notice once', async () => {
    const { look, tell } = aWatch(300);
    await look();
    tell('i-7');
    expect(await look()).toEqual({ isNew: true, calls: 2 });
    expect(await look()).toEqual({ isNew: false, calls: 1 });
    tell('i-8');
    expect(await look()).toMatchObject({ isNew: true });
  });

  it('finds an interruption that follows a recommendation', async () => {
    const { look, tell } = aWatch(3);
    tell('i-1', 'rebalance');
    expect(await look()).toMatchObject({ isNew: true });
    expect(await look()).toEqual({ isNew: false, calls: 2 });
    tell('i-1', 'interruption');
    expect(await look()).toMatchObject({ isNew: true });
  });

  it('finds nothing new in a mark of ours, in a notice that is taken back, or in one whose instance is gone', async () => {
    const { cluster, look, tell } = aWatch(3);
    cluster.put('i-0', { attributes: { [ATTRIBUTE.retiring]: 'excess' } });
    expect(await look()).toMatchObject({ isNew: false });
    tell('i-1');
    await look();
    cluster.put('i-1', { attributes: {} });
    expect(await look()).toMatchObject({ isNew: false });
    tell('i-2');
    await look();
    cluster.instances.delete('i-2');
    expect(await look()).toMatchObject({ isNew: false });
  });

  it('finds a notice beside hundreds that are known, for few calls', async () => {
    const { look, tell } = aWatch(600);
    for (let index = 0; index < 400; index += 1) tell(`i-${index}`);
    await look();
    for (let looks = 0; looks < 5; looks += 1) await look();
    tell('i-450');
    expect(await look()).toEqual({ isNew: true, calls: 6 });
    expect(await look()).toEqual({ isNew: false, calls: 5 });
  });

  it('is counted in our share of calls', async () => {
    const { budgets, look, tell } = aWatch(3);
    tell('i-1');
    beginRound(budgets);
    await look();
    expect(budgets.clusterResources.spentInRound).toBe(2);
  });
});

describe('one more pass', () => {
  const spend = async ({ budgets }: ReturnType<typeof aWatch>, calls: number) => {
    for (let call = 0; call < calls; call += 1) await budgets.services.call(async () => ({ tries: 1 }));
  };

  it('can be afforded while as much as the last one took is left', async () => {
    const watching = aWatch(3);
    beginRound(watching.budgets);
    await spend(watching, 12);
    expect(watching.watch.canAffordPass).toBe(true);
    await spend(watching, 2);
    expect(watching.watch.canAffordPass).toBe(false);
    watching.clock.advance(5_000);
    expect(watching.watch.canAffordPass).toBe(true);
  });

  it('that is urgent can be owed where it cannot be afforded, but not without end', async () => {
    const watching = aWatch(3);
    beginRound(watching.budgets);
    await spend(watching, 20);
    expect([watching.watch.canAffordPass, watching.watch.canOwePass]).toEqual([false, true]);
    beginRound(watching.budgets);
    await spend(watching, 20);
    expect(watching.watch.canOwePass).toBe(false);
    watching.clock.advance(5_000);
    expect(watching.watch.canOwePass).toBe(true);
  });

  it('cannot be afforded while AWS is busy', async () => {
    const { budgets, watch } = aWatch(3);
    await budgets.clusterResources.call(async () => ({ tries: 2 }));
    expect(watch.isPressed).toBe(true);
    expect([watch.canAffordPass, watch.canOwePass]).toEqual([false, false]);
  });
});
