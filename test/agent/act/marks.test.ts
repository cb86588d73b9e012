import { describe, expect, it } from 'vitest';
import { Marks } from '../../../src/agent/act/marks.ts';
import { WhoAmI } from '../../../src/agent/who-am-i.ts';
import { ATTRIBUTE, OPERATORS_CORDON, OPERATORS_DRAIN, OPERATORS_HOLD } from '../../../src/model/attributes.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { systemClock } from '../../../src/runtime/system-clock.ts';
import { keepingLogger } from '../../support/log-lines.ts';
import { aPaperContainerInstance, type PaperContainerInstance, SELF } from '../../support/paper-container-instance.ts';
import { turnedClock } from '../../support/turned-clock.ts';
import { until } from '../../support/until.ts';

const never = new AbortController().signal;
const nothing = () => {};
const NO_END = Number.POSITIVE_INFINITY;
const NOTICE = 'interruption@2026-11-21T08:22:00Z';

/** With the least chance every retry follows at once. */
function marksOn(paper: PaperContainerInstance, clock: Clock = systemClock, chance = 0) {
  const rng = { next: () => chance };
  const { logger, lines, said } = keepingLogger();
  const introspection = {
    whoAmI: async () => ({ cluster: 'production', containerInstanceArn: SELF }),
    tasks: async () => [],
  };
  const whoAmI = new WhoAmI({ introspection, clock, logger });
  const marks = new Marks({ clock, rng, logger, whoAmI, openCluster: async () => paper.cluster });
  let remembered = 0;
  const drain = (isOwnerAsked: boolean, { isUrgent = true } = {}) => {
    const remember = async () => {
      remembered += 1;
      paper.asked.push('remembered');
    };
    return marks.drain({ isOwnerAsked, isUrgent, untilAt: NO_END, remember }, never);
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

  it('is asked about again and again where there is time', async () => {
    const paper = aPaperContainerInstance();
    paper.fail('containerInstance', 'throttled', 'timed-out', 'unavailable');
    const { drain, remembered } = marksOn(paper);
    expect(await drain(true, { isUrgent: false })).toBe(true);
    expect(remembered()).toBe(1);
  });

  it('is made all the same, and not ours, where nobody answers who drains', async () => {
    const paper = aPaperContainerInstance();
    paper.fail('containerInstance', ...Array<'throttled'>(100_000).fill('throttled'));
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
    await marks.writeNotice(
      { value: NOTICE, deadlineAt: null, isEnding: false, untilAt: NO_END, onWritten: nothing },
      never,
    );
    await drained;
    const writes = paper.asked.filter((words) => words === 'drain' || words.startsWith('setAttribute'));
    expect(writes).toEqual(['drain', 'setAttribute spotkeeper.notice=interruption@2026-11-21T08:22:00Z']);
  });
});

describe('the notice of an instance whose DRAINING was held up', () => {
  it('gives way to the DRAINING of others for a multiple of that time', async () => {
    const [paper, clock] = [aPaperContainerInstance(), turnedClock()];
    paper.fail('drain', 'throttled', 'throttled', 'throttled', 'throttled');
    const { marks, drain } = marksOn(paper, clock, 0.5);
    const both = [
      drain(false),
      marks.writeNotice(
        { value: NOTICE, deadlineAt: null, isEnding: false, untilAt: NO_END, onWritten: nothing },
        never,
      ),
    ];
    const isWritten = () => paper.attributes.has(ATTRIBUTE.notice);
    // Four pauses of 50, 100, 200 and 400 ms; six times their sum is 4.5 s.
    await clock.turn(750);
    expect(paper.status).toBe('DRAINING');
    await clock.turn(4_400);
    expect(isWritten()).toBe(false);
    await clock.turn(200);
    expect(isWritten()).toBe(true);
    await Promise.all(both);
  });

  it('gives way for half of what is left before the deadline at most', async () => {
    const [paper, clock] = [aPaperContainerInstance(), turnedClock()];
    paper.fail('drain', 'throttled', 'throttled', 'throttled', 'throttled');
    const { marks, drain } = marksOn(paper, clock, 0.5);
    const deadlineAt = clock.now() + 2_750;
    const both = [
      drain(false),
      marks.writeNotice({ value: NOTICE, deadlineAt, isEnding: false, untilAt: NO_END, onWritten: nothing }, never),
    ];
    // DRAINING is taken after 750 ms, and 2 s are left then.
    await clock.turn(1_700);
    expect(paper.attributes.has(ATTRIBUTE.notice)).toBe(false);
    await clock.turn(100);
    expect(paper.attributes.has(ATTRIBUTE.notice)).toBe(true);
    await Promise.all(both);
  });

  it('is written also where DRAINING is never taken', async () => {
    const [paper, clock] = [aPaperContainerInstance(), turnedClock()];
    paper.fail('drain', ...Array<'throttled'>(1_000).fill('throttled'));
    const { marks, drain } = marksOn(paper, clock, 0.5);
    const both = [
      drain(false),
      marks.writeNotice(
        { value: NOTICE, deadlineAt: null, isEnding: false, untilAt: NO_END, onWritten: nothing },
        never,
      ),
    ];
    await clock.turn(60_000);
    expect(paper.attributes.has(ATTRIBUTE.notice)).toBe(true);
    expect(paper.status).toBe('ACTIVE');
    await clock.turn(1_000_000);
    await Promise.all(both);
  });
});

describe('a notice', () => {
  it('that is written is told to whoever looks for it, once and after DRAINING', async () => {
    const paper = aPaperContainerInstance();
    const { marks, drain } = marksOn(paper);
    const told: unknown[] = [];
    const onWritten = () => told.push([paper.status, paper.attributes.get(ATTRIBUTE.notice)]);
    const notice = { value: NOTICE, deadlineAt: null, isEnding: false, untilAt: NO_END };
    await Promise.all([drain(false), marks.writeNotice({ ...notice, onWritten }, never)]);
    expect(told).toEqual([['DRAINING', NOTICE]]);
  });

  it('that cannot be written is told to nobody', async () => {
    const paper = aPaperContainerInstance();
    paper.fail('setAttribute', 'refused');
    const over = new AbortController();
    const { marks, lines } = marksOn(paper, systemClock, 1);
    const onWritten = () => paper.asked.push('told');
    const notice = { value: NOTICE, deadlineAt: null, isEnding: false, untilAt: NO_END };
    const writing = marks.writeNotice({ ...notice, onWritten }, over.signal);
    await until('a failure', () => lines.length > 0);
    over.abort();
    await writing;
    expect(paper.asked).not.toContain('told');
  });
});

describe('an instance that is taken from us', () => {
  const notice = { value: NOTICE, deadlineAt: null, untilAt: NO_END, onWritten: nothing };

  it('drains again where somebody set it ACTIVE before the notice was written', async () => {
    const paper = aPaperContainerInstance('ACTIVE');
    const { marks, said } = marksOn(paper);
    await marks.writeNotice({ ...notice, isEnding: true }, never);
    expect(paper.status).toBe('DRAINING');
    expect(said('it is DRAINING again')).toHaveLength(1);
  });

  it('is left as it is where nobody takes it', async () => {
    const paper = aPaperContainerInstance('ACTIVE');
    await marksOn(paper).marks.writeNotice({ ...notice, isEnding: false }, never);
    expect(paper.status).toBe('ACTIVE');
  });
});

describe('taking a drain back', () => {
  it('that an operator asked for as well hands it over to him', async () => {
    const paper = aPaperContainerInstance('DRAINING');
    paper.attributes.set(ATTRIBUTE.cordoned, OPERATORS_HOLD);
    expect(await marksOn(paper).marks.undrain(NO_END, never)).toBe(true);
    expect(paper.attributes.get(ATTRIBUTE.cordoned)).toBe(OPERATORS_DRAIN);
  });

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
