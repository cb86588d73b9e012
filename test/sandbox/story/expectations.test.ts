import { describe, expect, it } from 'vitest';
import { expectationsOf } from '../../../src/sandbox/story/expectations.ts';
import { type Figures, figuresOf } from '../../../src/sandbox/story/figures/figures.ts';
import type { Retirement } from '../../../src/sandbox/story/figures/retirements.ts';
import { anEvidence, at } from './an-evidence.ts';

/** Figures of a story that went well. */
function goodFigures(change: Partial<Figures> = {}): Figures {
  const empty = figuresOf(anEvidence({ marks: { endedAt: at(60) } }));
  return {
    ...empty,
    notices: [
      {
        instanceId: 'i-1',
        noticedAt: at(20),
        deadlineAt: at(40),
        drainingAfterMs: 700,
        raisedAfterMs: 900,
        replacedAfterMs: 5_000,
        endedAfterMs: 20_000,
        taskEnds: ['exited'],
      },
    ],
    shortfalls: [{ act: 2, service: 'web', shortAt: at(8), raisedAfterMs: 800 }],
    tasks: { ...empty.tasks, started: 30 },
    failOvers: [{ killed: 'controller-a', killedAt: at(40), next: 'controller-b', afterMs: 5_200 }],
    retirements: [aRetirement()],
    ...change,
  };
}

function aRetirement(change: Partial<Retirement> = {}): Retirement {
  const [terminatedAt, drainingAt] = [at(55), at(50)];
  return { instanceId: 'i-2', terminatedAt, drainingAt, askedUnits: 8, stayingUnits: 8, tasksLeft: 0, ...change };
}

const broken = (figures: Figures) => expectationsOf(figures).filter(({ held }) => !held);

describe('expectations', () => {
  it('all hold for a story that went well', () => {
    expect(broken(goodFigures())).toEqual([]);
  });

  it('do not hold for a story that never was', () => {
    const names = broken(figuresOf(anEvidence({}))).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        expect.stringContaining('the target is raised'),
        expect.stringContaining('a noticed instance drains'),
        'its replacement is there before it dies',
        expect.stringContaining('the standby leads'),
        expect.stringContaining('an instance retires'),
        'no task is lost',
      ]),
    );
  });

  const [notice] = goodFigures().notices;

  it.each<[string, Partial<Figures>, string]>([
    ['drains late', { notices: [{ ...must(notice), drainingAfterMs: 1_600 }] }, 'after 1.60 s'],
    ['never drains', { notices: [{ ...must(notice), drainingAfterMs: null }] }, 'it was not drained'],
    [
      'is replaced late',
      { notices: [{ ...must(notice), replacedAfterMs: 21_000 }] },
      'joined after 21 s, ended after 20 s',
    ],
    ['loses a task', { notices: [{ ...must(notice), taskEnds: ['exited', 'cut-short'] }] }, '1 of 2 tasks did not'],
    ['is not replaced', { notices: [{ ...must(notice), replacedAfterMs: null }] }, 'never replaced, ended after 20 s'],
    [
      'drains, but another never does',
      { notices: [must(notice), { ...must(notice), drainingAfterMs: null }] },
      'it was not drained',
    ],
  ])('name a noticed instance that %s', (_what, change, detail) => {
    expect(broken(goodFigures(change)).map((expectation) => expectation.detail)).toEqual([
      expect.stringContaining(detail),
    ]);
  });

  it.each<[string, Partial<Figures>, string]>([
    [
      'a slow raise',
      { shortfalls: [{ act: 2, service: 'web', shortAt: 0, raisedAfterMs: 2_100 }] },
      'the target is raised',
    ],
    ['a slow fail-over', { failOvers: [{ killed: 'a', killedAt: 0, next: 'b', afterMs: 7_000 }] }, 'the standby leads'],
    ['a write without the lease', { writesWithoutLease: ['request 7'] }, 'no write is made without the lease'],
    ['a write made twice', { duplicatedWrites: ['request 8'] }, 'no write is made twice'],
    ['a full instance ended', { retirements: [aRetirement({ tasksLeft: 1 })] }, 'an instance retires'],
    ['a target that was not lowered first', { retirements: [aRetirement({ askedUnits: 9 })] }, 'an instance retires'],
    ['a lost task', { tasks: { ...goodFigures().tasks, lost: ['service:web'] } }, 'no task is lost'],
    ['a crashed process', { processFailures: ['controller-a: ended with exit code 1'] }, 'no process ends by itself'],
    ['a bug of the sandbox', { sandboxFailures: ['request 9'] }, 'the sandbox answers every request'],
    ['a missing permission', { refusedCalls: ['controller-a: ecs StopTask'] }, 'no call is refused'],
    ['a long story', { durationMs: 91_000 }, 'the story takes at most 90 s'],
  ])('do not hold with %s', (_what, change, name) => {
    expect(broken(goodFigures(change)).map((expectation) => expectation.name)).toEqual([expect.stringContaining(name)]);
  });
});

describe('a process that ended', () => {
  const kills = [{ name: 'controller-a', at: at(40) }];
  const failures = (ends: { name: string; at: number; how: string }[]) =>
    figuresOf(anEvidence({ marks: { kills, ends } })).processFailures;
  const end = { name: 'controller-a', at: at(40.1), how: 'ended with SIGKILL' };

  it('is no failure when the story had killed it', () => {
    expect(failures([end])).toEqual([]);
  });

  it('is one when it ended again, or before, or when another was killed', () => {
    expect(failures([end, { ...end, at: at(45) }])).toHaveLength(1);
    expect(failures([{ ...end, at: at(39) }])).toHaveLength(1);
    expect(failures([{ ...end, name: 'controller-b' }])).toHaveLength(1);
  });
});

function must<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error('no such figure');
  return value;
}
