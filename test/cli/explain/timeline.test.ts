import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Fact, topicOf } from '../../../src/cli/explain/fact.ts';
import { Timeline } from '../../../src/cli/explain/timeline.ts';
import { containerInstanceArn, instanceId } from '../../../src/model/ids.ts';

const keep = (units: number): Fact => ({ kind: 'target', reason: 'keep', fromUnits: units, toUnits: units });
const waiting = (tasks: number): Fact => ({ kind: 'waiting', shape: '512cpu/1024MiB', tasks, users: ['web'] });

function folded(passes: readonly (readonly Fact[])[]) {
  const timeline = new Timeline();
  for (const [at, facts] of passes.entries()) timeline.add(at, facts);
  return timeline.stretches;
}

describe('a timeline', () => {
  it('makes one stretch of what holds in pass after pass', () => {
    expect(folded([[keep(4)], [keep(4)], [keep(6)], [keep(4)]])).toEqual([
      { from: 0, to: 1, passes: 2, fact: keep(4) },
      { from: 2, to: 2, passes: 1, fact: keep(6) },
      { from: 3, to: 3, passes: 1, fact: keep(4) },
    ]);
  });

  it('keeps the largest figure of a shortage that goes on', () => {
    expect(folded([[waiting(1)], [waiting(9)], [waiting(2)]])).toEqual([
      { from: 0, to: 2, passes: 3, fact: waiting(9) },
    ]);
  });

  it('makes one stretch of a mark that is held back, whose instant is that of each pass', () => {
    const mark = (since: number): Fact => ({
      kind: 'action',
      action: {
        kind: 'mark-retiring',
        reason: 'excess',
        since,
        instanceId: instanceId('i-1'),
        containerInstanceArn: containerInstanceArn('arn:i-1'),
      },
      held: 'shrinking-paused',
    });
    expect(folded([[mark(0)], [mark(15_000)], [mark(30_000)]])).toMatchObject([{ from: 0, to: 2, passes: 3 }]);
  });

  it('ends a stretch in the pass that says nothing of it', () => {
    expect(folded([[waiting(1)], [], [waiting(1)]]).map(({ from, to }) => [from, to])).toEqual([
      [0, 0],
      [2, 2],
    ]);
  });

  it('joins nothing over a time without a record, and tells of that time', () => {
    const timeline = new Timeline();
    timeline.add(0, [keep(4)]);
    timeline.pause(0, 900);
    timeline.add(900, [keep(4)]);
    expect(timeline.stretches.map(({ from, to, fact }) => [from, to, fact.kind])).toEqual([
      [0, 0, 'target'],
      [0, 900, 'unrecorded'],
      [900, 900, 'target'],
    ]);
  });

  it('has every fact of every pass in exactly one stretch, and no two of a topic at once', () => {
    const some = fc.constantFrom<Fact>(
      keep(4),
      keep(6),
      waiting(1),
      waiting(3),
      { kind: 'standing', instanceId: instanceId('i-1'), standing: 'serving' },
      { kind: 'failure', why: 'throttled' },
    );
    const pass = fc.uniqueArray(some, { selector: topicOf, maxLength: 4 });
    fc.assert(
      fc.property(fc.array(pass, { maxLength: 12 }), (passes) => {
        const stretches = folded(passes);
        for (const [at, facts] of passes.entries()) {
          const now = stretches.filter(({ from, to }) => from <= at && at <= to);
          expect(now.map(({ fact }) => topicOf(fact)).sort()).toEqual(facts.map(topicOf).sort());
        }
        expect(stretches.reduce((sum, { passes: count }) => sum + count, 0)).toBe(passes.flat().length);
      }),
    );
  });
});
