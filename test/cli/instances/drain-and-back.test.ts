// The order of what is done to an instance, and what happens between two of its steps; how a drain is followed.
import { describe, expect, it } from 'vitest';
import { drain } from '../../../src/cli/instances/drain.ts';
import { followDrain } from '../../../src/cli/instances/follow-drain.ts';
import { uncordon } from '../../../src/cli/instances/uncordon.ts';
import { ATTRIBUTE } from '../../../src/model/attributes.ts';
import type { Task } from '../../../src/model/service.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { Failure, type FailureCode } from '../../../src/ports/failure.ts';
import { aContainerInstance, arnOf, aSnapshot } from '../../support/builders.ts';
import { steppedClock } from '../../support/stepped-clock.ts';
import { marked, paperCluster } from './paper-cluster.ts';

const instance = aContainerInstance({ id: 'i-1' });
const draining = { ...instance, status: 'DRAINING' as const };
const noticed = { [ATTRIBUTE.notice]: 'interruption@2099-01-01T00:00:00Z' };

describe('a drain', () => {
  it("is marked as an operator's before it begins, so that nobody takes it for his own", async () => {
    const { cluster, done } = paperCluster(instance);
    expect(await drain(cluster, [instance])).toMatchObject([{ result: 'draining', failure: null }]);
    expect(done).toEqual(['set spotkeeper.cordoned=operator-drain', 'drain']);
  });

  it('of an instance that somebody else drains gets a mark that leaves their drain to them', async () => {
    const { cluster, done } = paperCluster(draining);
    expect(await drain(cluster, [draining])).toMatchObject([{ result: 'draining-already' }]);
    expect(done).toEqual(['set spotkeeper.cordoned=operator-hold']);
  });

  it('that was cut short after its mark is finished by asking again', async () => {
    const begun = marked(instance, 'operator-drain');
    const { cluster, done } = paperCluster(begun);
    await drain(cluster, [begun]);
    expect(done).toEqual(['drain']);
  });

  it('is on even when what runs there cannot be seen', async () => {
    const paper = paperCluster(instance);
    paper.answers.splice(0, 1, new Failure('throttled', 'listing tasks'));
    expect(await drain(paper.cluster, [instance])).toMatchObject([
      { result: 'draining', tasks: null, failure: { code: 'throttled' } },
    ]);
  });
});

describe('uncordon', () => {
  const drained = marked(draining, 'operator-drain');

  it('sets ACTIVE first and takes the mark off after it', async () => {
    const { cluster, done } = paperCluster(drained);
    expect(await uncordon(cluster, [drained])).toMatchObject([{ result: 'active' }]);
    expect(done).toEqual(['reactivate', 'remove spotkeeper.cordoned']);
  });

  it('drains again when a notice came in that moment', async () => {
    const paper = paperCluster(drained);
    paper.after = (what) => {
      if (what !== 'reactivate' || paper.instance === null) return;
      paper.instance = { ...paper.instance, attributes: { ...paper.instance.attributes, ...noticed } };
    };
    expect(await uncordon(paper.cluster, [drained])).toMatchObject([{ result: 'refused', refusal: 'noticed' }]);
    expect(paper.done).toEqual(['reactivate', 'drain']);
    expect(paper.instance?.status).toBe('DRAINING');
  });

  it('lifts the cordon that an agent set for a rebalance recommendation, and says whose it was', async () => {
    const cordoned = marked(instance, 'rebalance');
    const { cluster, done } = paperCluster(cordoned);
    expect(await uncordon(cluster, [cordoned])).toMatchObject([{ result: 'uncordoned', cordonedBefore: 'rebalance' }]);
    expect(done).toEqual(['remove spotkeeper.cordoned']);
  });
});

describe('following a drain', () => {
  const [task] = aSnapshot({ hosts: [{ id: 'i-1', tasks: { web: 1 } }] }).tasks.flatMap(({ tasks }): Task[] => [
    ...tasks,
  ]);
  if (task === undefined) throw new Error('a host with a task has one');

  /** Follows it with these answers, and remembers what was said and how long the pauses were. */
  async function follow(answers: (readonly Task[] | Failure)[], timeoutMs: number | null = null) {
    const paper = paperCluster(draining);
    paper.answers.splice(0, 1, ...answers);
    const [said, pauses, stepped]: [string[], number[], Clock] = [[], [], steppedClock()];
    const clock: Clock = {
      ...stepped,
      sleep: (durationMs) => {
        pauses.push(durationMs);
        return stepped.sleep(durationMs);
      },
    };
    const signal = new AbortController().signal;
    const followed = await followDrain(paper.cluster, [arnOf('i-1')], {
      clock,
      signal,
      timeoutMs,
      say: (text) => said.push(text),
    });
    return { ...followed, said, pauses };
  }

  it('ends when every task has stopped, with pauses that grow from 2 s to 30 s', async () => {
    const { end, pauses, said } = await follow([...Array.from({ length: 10 }, () => [task]), []]);
    expect(end).toBe('drained');
    expect(pauses.slice(0, 3)).toEqual([2_000, 3_000, 4_500]);
    expect(pauses.slice(-2)).toEqual([30_000, 30_000]);
    expect(said).toEqual(['1 task left on 1 instance']);
  });

  it('ends when the time is over, to the second', async () => {
    const { end, pauses, left } = await follow([[task]], 6_000);
    expect([end, pauses]).toEqual(['timed-out', [2_000, 3_000, 1_000]]);
    expect(left.get(arnOf('i-1'))).toBe(1);
  });

  it('waits out what passes by itself, and says so once', async () => {
    const throttled = new Failure('throttled', 'listing tasks');
    const { end, said } = await follow([[task], throttled, throttled, []]);
    expect(end).toBe('drained');
    expect(said).toEqual(['1 task left on 1 instance', 'not seen: listing tasks']);
  });

  it('counts an instance that has left the cluster as drained', async () => {
    const paper = paperCluster(draining);
    paper.instance = null;
    paper.answers.splice(0, 1, new Failure('refused', 'listing tasks'));
    const { signal } = new AbortController();
    const following = { clock: steppedClock(), signal, timeoutMs: null, say: () => {} };
    expect((await followDrain(paper.cluster, [arnOf('i-1')], following)).end).toBe('drained');
  });

  it.each<FailureCode>(['access-denied', 'bad-credentials'])(
    'does not wait for what an operator must mend: %s',
    async (code) => {
      await expect(follow([new Failure(code, 'listing tasks')])).rejects.toMatchObject({ code });
    },
  );
});
