// The order of what is done to an instance, and what happens between two of its steps; how a drain is followed.
import { describe, expect, it } from 'vitest';
import { drain, failuresOf } from '../../../src/cli/instances/drain.ts';
import { followDrain } from '../../../src/cli/instances/follow-drain.ts';
import { worstOf } from '../../../src/cli/instances/outcome.ts';
import { renderUncordon } from '../../../src/cli/instances/render-cordon.ts';
import { renderDrain } from '../../../src/cli/instances/render-drain.ts';
import { uncordon } from '../../../src/cli/instances/uncordon.ts';
import { ATTRIBUTE } from '../../../src/model/attributes.ts';
import type { ContainerInstance } from '../../../src/model/container-instance.ts';
import { taskArn } from '../../../src/model/ids.ts';
import type { Task } from '../../../src/model/service.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { Failure, type FailureCode } from '../../../src/ports/failure.ts';
import { EXIT } from '../../../src/runtime/exit-codes.ts';
import { aContainerInstance, arnOf, aSnapshot } from '../../support/builders.ts';
import { steppedClock } from '../../support/stepped-clock.ts';
import { marked, paperCluster } from './paper-cluster.ts';

const instance = aContainerInstance({ id: 'i-1' });
const draining = { ...instance, status: 'DRAINING' as const };
const noticed = { [ATTRIBUTE.notice]: 'interruption@2099-01-01T00:00:00Z' };

const noticedBy = (before: ContainerInstance, notice: string): ContainerInstance => ({
  ...before,
  attributes: { ...before.attributes, [ATTRIBUTE.notice]: notice },
});
/** Without its line breaks. */
const flat = (text: string): string => text.replace(/\s+/g, ' ');
const denied = () => Promise.reject(new Failure('access-denied', 'asking ECS'));

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
      { result: 'draining', tasks: null, failure: null, unseen: [{ what: 'tasks', failure: { code: 'throttled' } }] },
    ]);
  });

  const tasks = aSnapshot({ hosts: [{ id: 'i-1', tasks: { web: 2 } }] }).tasks.flatMap((here): Task[] => [
    ...here.tasks,
  ]);
  const [first] = tasks;
  if (first === undefined) throw new Error('a host with tasks has one');
  const alone: Task = { ...first, arn: taskArn('arn:task/alone'), group: 'family:job' };

  it.each([
    ['protection', { protectedTasks: denied }, { protected: null, stuckServices: [] }, 'which tasks have scale-in'],
    ['services', { servicesNamed: denied }, { protected: [], stuckServices: null }, 'whether its services can drain'],
  ] as const)('says what is known where it may not see %s', async (what, over, known, words) => {
    const paper = paperCluster(instance);
    paper.answers.splice(0, 1, [...tasks, alone]);
    const outcomes = await drain({ ...paper.cluster, ...over }, [instance]);
    expect(outcomes).toMatchObject([
      {
        tasks: { count: 3, standalone: [{ group: 'family:job' }], ...known },
        failure: null,
        unseen: [{ what, failure: { code: 'access-denied' } }],
      },
    ]);
    const text = flat(renderDrain(outcomes, null, 1_000));
    expect(text).toContain('DRAINING, 3 tasks on it ');
    expect(text).toContain('standalone, and ECS never stops them: alone (family:job)');
    expect(text).toContain(words);
    expect(text).not.toContain('what runs there could not be seen');
    expect(worstOf([...outcomes, ...failuresOf(outcomes)])).toBe(EXIT.badConfiguration);
  });

  it.each([
    ['maintenance', 'maintenance@2026-11-21T09:00:00Z', 'maintenance that may begin at 2026-11-21T09:00:00Z'],
    [
      'a shutdown',
      'host-shutdown@2026-11-21T09:00:00Z',
      'the shutdown of its host, which waits until 2026-11-21T09:00:00Z',
    ],
    ['an interruption', 'interruption@2026-11-21T09:00:00Z', 'an interruption at 2026-11-21T09:00:00Z'],
  ])('of an instance that its agent drains says so: %s', async (_what, notice, words) => {
    const agents = noticedBy(draining, notice);
    const outcomes = await drain(paperCluster(agents).cluster, [agents]);
    expect(flat(renderDrain(outcomes, null, 1_000))).toContain(`its agent keeps it out of service for ${words}`);
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

describe('uncordon of an instance that its agent drains', () => {
  it.each([
    ['maintenance@2026-11-21T09:00:00Z', 'maintenance that may begin at 2026-11-21T09:00:00Z'],
    ['rebalance@2026-11-21T09:00:00Z', 'a rebalance recommendation of 2026-11-21T09:00:00Z'],
    ['host-shutdown@2026-11-21T09:00:00Z', 'the shutdown of its host, which waits until 2026-11-21T09:00:00Z'],
  ])('says so, and leaves it on: %s', async (notice, words) => {
    const agents = noticedBy(draining, notice);
    const { cluster, done } = paperCluster(agents);
    const outcomes = await uncordon(cluster, [agents]);
    expect(outcomes).toMatchObject([{ result: 'refused', refusal: 'agent-answers', notice }]);
    const text = flat(renderUncordon(outcomes, 1_000));
    expect(text).toContain(`refused: it stays DRAINING, because its agent keeps it out of service for ${words},`);
    expect(text).not.toContain('knows why');
    expect(done).toEqual([]);
  });

  it("lifts an operator's mark all the same", async () => {
    const agents = marked(noticedBy(draining, 'maintenance@2026-11-21T09:00:00Z'), 'operator-hold');
    const { cluster, done } = paperCluster(agents);
    const text = flat(renderUncordon(await uncordon(cluster, [agents]), 1_000));
    expect(text).toContain('its cordon is lifted; it stays DRAINING, because its agent');
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
