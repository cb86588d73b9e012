// The wish of an operator to have an instance replaced: set, taken back, refused, and waited for.
import { describe, expect, it } from 'vitest';
import { worstOf } from '../../../src/cli/instances/outcome.ts';
import { renderReplace } from '../../../src/cli/instances/render-replace.ts';
import { followReplacement, replace } from '../../../src/cli/instances/replace.ts';
import { ATTRIBUTE } from '../../../src/model/attributes.ts';
import { Failure } from '../../../src/ports/failure.ts';
import { EXIT } from '../../../src/runtime/exit-codes.ts';
import { aContainerInstance, arnOf, NOW } from '../../support/builders.ts';
import { aRestraint } from '../../support/report-builder.ts';
import { steppedClock } from '../../support/stepped-clock.ts';
import { paperCluster } from './paper-cluster.ts';

const instance = aContainerInstance({ id: 'i-1' });
const having = (attributes: Record<string, string>) => ({
  ...instance,
  attributes: { ...instance.attributes, ...attributes },
});
const WISH = { [ATTRIBUTE.replace]: 'operator@2026-11-21T11:00:00Z' };
const order = { isUndo: false, isDryRun: false, now: NOW };

describe('a wish to replace an instance', () => {
  it('says who and when', async () => {
    const { cluster, done } = paperCluster(instance);
    const outcomes = await replace(cluster, [instance], order);
    expect(outcomes).toMatchObject([{ result: 'wished', wish: 'operator@2026-11-21T12:00:00Z', refusal: null }]);
    expect(done).toEqual(['set spotkeeper.replace=operator@2026-11-21T12:00:00Z']);
    expect(renderReplace(outcomes, aRestraint(), 200)).toContain('is to be replaced');
  });

  it('says with it what keeps the controller from doing it', async () => {
    const outcomes = await replace(paperCluster(instance).cluster, [instance], order);
    const page = (over: Parameters<typeof aRestraint>[0]) => renderReplace(outcomes, aRestraint(over), 200);
    expect(page({})).not.toMatch(/^(STOPPED|PAUSED|Mode)/m);
    expect(page({ stop: { key: 'spotkeeper.stop', text: 'x' }, holds: ['stopped'] })).toMatch(
      /^STOPPED .*\[stopped\]: x$/ms,
    );
    expect(page({ mode: 'recommend', holds: ['recommend'] })).toMatch(/^Mode .*`recommend`: nothing is done/ms);
  });

  it('that stands already stays as it is', async () => {
    const { cluster, done } = paperCluster(instance);
    expect(await replace(cluster, [having(WISH)], order)).toMatchObject([
      { result: 'wished-already', wish: 'operator@2026-11-21T11:00:00Z' },
    ]);
    expect(done).toEqual([]);
  });

  it.each([
    ['noticed', having({ [ATTRIBUTE.notice]: 'interruption@2099-01-01T00:00:00Z' })],
    ['retiring', having({ [ATTRIBUTE.retiring]: 'excess@2026-11-21T11:00:00Z' })],
    ['draining', { ...instance, status: 'DRAINING' as const }],
  ])('is refused with 3 on an instance that is %s', async (refusal, there) => {
    const { cluster, done } = paperCluster(there);
    const outcomes = await replace(cluster, [there], order);
    expect(outcomes).toMatchObject([{ result: 'refused', refusal }]);
    expect([worstOf(outcomes), done]).toEqual([EXIT.refused, []]);
  });

  it('is taken back, also from an instance that drains for it', async () => {
    const there = {
      ...having({ ...WISH, [ATTRIBUTE.retiring]: 'operator@2026-11-21T11:00:01Z' }),
      status: 'DRAINING' as const,
    };
    const { cluster, done } = paperCluster(there);
    expect(await replace(cluster, [there], { ...order, isUndo: true })).toMatchObject([
      { result: 'taken-back', wish: null },
    ]);
    expect(done).toEqual(['remove spotkeeper.replace']);
    expect(await replace(cluster, [instance], { ...order, isUndo: true })).toMatchObject([{ result: 'no-wish' }]);
  });

  it.each([
    [false, instance, 'would-wish'],
    [true, having(WISH), 'would-take-back'],
  ])('does nothing in a dry run (undo: %s)', async (isUndo, there, result) => {
    const { cluster, done } = paperCluster(there);
    expect(await replace(cluster, [there], { ...order, isUndo, isDryRun: true })).toMatchObject([{ result }]);
    expect(done).toEqual([]);
  });

  it('that fails for one instance is set on the others', async () => {
    const { cluster } = paperCluster(instance);
    const other = aContainerInstance({ id: 'i-2' });
    const setAttribute: typeof cluster.setAttribute = (arn, ...rest) =>
      arn === instance.arn
        ? Promise.reject(new Failure('throttled', 'asking ECS'))
        : cluster.setAttribute(arn, ...rest);
    const outcomes = await replace({ ...cluster, setAttribute }, [instance, other], order);
    expect(outcomes.map(({ result }) => result)).toEqual(['failed', 'wished']);
    expect(worstOf(outcomes)).toBe(EXIT.failed);
  });
});

describe('waiting for a replacement', () => {
  const follow = async (changes: readonly (() => void)[], paper: ReturnType<typeof paperCluster>) => {
    const clock = steppedClock();
    const said: string[] = [];
    let at = 0;
    const containerInstance = async () => {
      changes[at]?.();
      at += 1;
      return paper.instance;
    };
    const end = await followReplacement({ containerInstance }, [arnOf('i-1')], {
      clock,
      signal: new AbortController().signal,
      timeoutMs: 3_600_000,
      say: (text) => said.push(text),
    });
    return { end: end.end, said };
  };

  it('ends when the instance has left the cluster', async () => {
    const paper = paperCluster(having(WISH));
    const gone = () => {
      paper.instance = null;
    };
    expect(await follow([() => {}, gone], paper)).toEqual({ end: 'drained', said: ['1 instance to go'] });
  });

  it('ends when somebody takes the wish back', async () => {
    const paper = paperCluster(having(WISH));
    const back = () => {
      paper.instance = instance;
    };
    expect(await follow([() => {}, back], paper)).toMatchObject({ end: 'drained' });
  });
});
