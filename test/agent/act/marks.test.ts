import { describe, expect, it } from 'vitest';
import { Marks } from '../../../src/agent/act/marks.ts';
import { WhoAmI } from '../../../src/agent/who-am-i.ts';
import { ATTRIBUTE, OPERATORS_CORDON, OPERATORS_DRAIN, OPERATORS_HOLD } from '../../../src/model/attributes.ts';
import { systemClock as clock } from '../../../src/runtime/system-clock.ts';
import { keepingLogger } from '../../support/log-lines.ts';
import { aPaperContainerInstance, type PaperContainerInstance, SELF } from '../../support/paper-container-instance.ts';
import { until } from '../../support/until.ts';

const never = new AbortController().signal;
const NO_END = Number.POSITIVE_INFINITY;

/** The least jitter: every retry follows at once. */
const rng = { next: () => 0 };

function marksOn(paper: PaperContainerInstance) {
  const { logger, lines, said } = keepingLogger();
  const introspection = {
    whoAmI: async () => ({ cluster: 'production', containerInstanceArn: SELF }),
    tasks: async () => [],
  };
  const whoAmI = new WhoAmI({ introspection, clock, logger });
  const marks = new Marks({ clock, rng, logger, whoAmI, openCluster: async () => paper.cluster });
  let remembered = 0;
  const drain = (isOwnerAsked: boolean) => {
    const remember = async () => {
      remembered += 1;
      paper.asked.push('remembered');
    };
    return marks.drain({ isOwnerAsked, untilAt: NO_END, remember }, never);
  };
  return { marks, drain, remembered: () => remembered, lines, said };
}

describe('a drain that may be taken back', () => {
  it('is remembered as ours, before it is done, on an instance that was ACTIVE', async () => {
    const paper = aPaperContainerInstance();
    const { drain } = marksOn(paper);
    expect(await drain(true)).toBe(true);
    expect(paper.asked).toEqual(['containerInstance', 'remembered', 'drain']);
  });

  it('is not ours where somebody else drains already', async () => {
    const paper = aPaperContainerInstance('DRAINING');
    const { drain, remembered } = marksOn(paper);
    expect(await drain(true)).toBe(true);
    expect(remembered()).toBe(0);
  });

  it('is made all the same, and not ours, where nobody answers who drains', async () => {
    const paper = aPaperContainerInstance();
    paper.fail('containerInstance', 'throttled', 'throttled', 'throttled');
    const { drain, remembered, said } = marksOn(paper);
    expect(await drain(true)).toBe(true);
    expect(paper.status).toBe('DRAINING');
    expect(remembered()).toBe(0);
    expect(said('it will not be taken back')).toHaveLength(1);
  });
});

describe('a drain in a hurry', () => {
  it('does not wait for the answer to who drains', async () => {
    const paper = aPaperContainerInstance();
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    paper.hold('containerInstance', answered);
    const { drain } = marksOn(paper);
    const drained = drain(false);
    await until('DRAINING', () => paper.status === 'DRAINING');
    answer();
    expect(await drained).toBe(true);
  });

  it('is tried until it is taken', async () => {
    const paper = aPaperContainerInstance();
    paper.fail('drain', 'throttled', 'unavailable', 'timed-out', 'refused');
    const { drain } = marksOn(paper);
    expect(await drain(false)).toBe(true);
    expect(paper.asked.filter((words) => words === 'drain')).toHaveLength(5);
  });
});

describe('the notice', () => {
  it('is written after DRAINING', async () => {
    const paper = aPaperContainerInstance();
    const { marks, drain } = marksOn(paper);
    const drained = drain(false);
    await marks.writeNotice('interruption@2026-11-21T08:22:00Z', NO_END, never);
    await drained;
    const writes = paper.asked.filter((words) => words === 'drain' || words.startsWith('setAttribute'));
    expect(writes).toEqual(['drain', 'setAttribute spotkeeper.notice=interruption@2026-11-21T08:22:00Z']);
  });
});

describe('taking a drain back', () => {
  it('makes the instance ACTIVE', async () => {
    const paper = aPaperContainerInstance('DRAINING');
    expect(await marksOn(paper).marks.undrain(NO_END, never)).toBe(true);
    expect(paper.status).toBe('ACTIVE');
  });

  it.each([
    ['the controller retires', ATTRIBUTE.retiring, 'excess'],
    ['an operator drains', ATTRIBUTE.cordoned, OPERATORS_DRAIN],
    ['an operator wants DRAINING, although we had set it', ATTRIBUTE.cordoned, OPERATORS_HOLD],
  ])('leaves alone what %s', async (_who, name, value) => {
    const paper = aPaperContainerInstance('DRAINING');
    paper.attributes.set(name, value);
    expect(await marksOn(paper).marks.undrain(NO_END, never)).toBe(true);
    expect(paper.status).toBe('DRAINING');
    expect(paper.asked).not.toContain('reactivate');
  });

  it('leaves the cordon of an operator where it is', async () => {
    const paper = aPaperContainerInstance('DRAINING');
    paper.attributes.set(ATTRIBUTE.cordoned, OPERATORS_CORDON);
    expect(await marksOn(paper).marks.undrain(NO_END, never)).toBe(true);
    expect(paper.status).toBe('ACTIVE');
    expect(paper.attributes.get(ATTRIBUTE.cordoned)).toBe(OPERATORS_CORDON);
  });

  it('does nothing to an instance that is ACTIVE again', async () => {
    const paper = aPaperContainerInstance();
    expect(await marksOn(paper).marks.undrain(NO_END, never)).toBe(true);
    expect(paper.asked).toEqual(['containerInstance']);
  });
});

describe('a cordon', () => {
  const OURS = new Set(['rebalance']);

  it('is set, and lifted', async () => {
    const paper = aPaperContainerInstance();
    const { marks } = marksOn(paper);
    await marks.cordon('rebalance', NO_END, never);
    expect(paper.attributes.get(ATTRIBUTE.cordoned)).toBe('rebalance');
    await marks.uncordon(OURS, NO_END, never);
    expect(paper.attributes.has(ATTRIBUTE.cordoned)).toBe(false);
  });

  it("leaves an operator's in force, and does not lift it", async () => {
    const paper = aPaperContainerInstance();
    paper.attributes.set(ATTRIBUTE.cordoned, 'operator');
    const { marks } = marksOn(paper);
    await marks.cordon('rebalance', NO_END, never);
    await marks.uncordon(OURS, NO_END, never);
    expect(paper.attributes.get(ATTRIBUTE.cordoned)).toBe('operator');
  });
});
