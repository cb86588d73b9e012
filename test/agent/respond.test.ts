import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { respond, type Situation, stopsIn, type TaskHere, type TaskKind } from '../../src/agent/respond.ts';
import { taskArn } from '../../src/model/ids.ts';

const NOTICED_AT = Date.parse('2026-11-21T08:00:00Z');
const DEADLINE_AT = NOTICED_AT + 120_000;
const MARGIN_MS = 5_000;

const aTask = (name: string, stopTimeoutSeconds: number, kind: TaskKind = 'standalone'): TaskHere => ({
  arn: taskArn(name),
  kind,
  stopTimeoutMs: stopTimeoutSeconds * 1_000,
});

const situation = (tasks: readonly TaskHere[], change: Partial<Situation> = {}): Situation => ({
  deadlineAt: DEADLINE_AT,
  nowAt: NOTICED_AT,
  marginMs: MARGIN_MS,
  tasks,
  ...change,
});

/** Seconds after the notice at which each task is stopped, in order. */
const stops = (of: Situation) => stopsIn(respond(of)).map(({ taskArn: arn, at }) => [arn, (at - NOTICED_AT) / 1_000]);

describe('the response to a notice', () => {
  it('drains now, then writes the attribute, whatever runs here', () => {
    const first = [
      { kind: 'drain', at: NOTICED_AT },
      { kind: 'write-notice', at: NOTICED_AT },
    ];
    expect(respond(situation([]))).toEqual(first);
    expect(respond(situation([aTask('a', 30)])).slice(0, 2)).toEqual(first);
  });

  it.each([
    ['a standalone task', [aTask('a', 30)], [['a', 85]]],
    ['a service task that ECS has not moved', [aTask('a', 30, 'service')], [['a', 85]]],
    [
      'the longer timeout first',
      [aTask('short', 2), aTask('long', 100)],
      [
        ['long', 15],
        ['short', 113],
      ],
    ],
    ['a task without any timeout', [aTask('a', 0)], [['a', 115]]],
    ['a timeout that just fits', [aTask('a', 115)], [['a', 0]]],
    ['a timeout that does not fit', [aTask('a', 300)], [['a', 0]]],
    [
      'daemons last of one instant',
      [aTask('logs', 30, 'daemon'), aTask('a', 30, 'service')],
      [
        ['a', 85],
        ['logs', 85],
      ],
    ],
    [
      'a daemon in time for its own timeout',
      [aTask('a', 30), aTask('logs', 60, 'daemon')],
      [
        ['logs', 55],
        ['a', 85],
      ],
    ],
  ] satisfies [string, TaskHere[], [string, number][]][])('stops %s at its last moment', (_name, tasks, expected) => {
    expect(stops(situation(tasks))).toEqual(expected);
  });

  it('stops at once what is late, also after the deadline: the instance is still going', () => {
    const tasks = [aTask('a', 30), aTask('b', 1)];
    expect(stops(situation(tasks, { nowAt: NOTICED_AT + 100_000 }))).toEqual([
      ['a', 100],
      ['b', 114],
    ]);
    expect(stops(situation(tasks, { nowAt: NOTICED_AT + 500_000 }))).toEqual([
      ['a', 500],
      ['b', 500],
    ]);
  });
});

const anySituation = fc.record({
  deadlineAt: fc.integer({ min: -200_000, max: 300_000 }).map((offset) => NOTICED_AT + offset),
  nowAt: fc.constant(NOTICED_AT),
  marginMs: fc.integer({ min: 0, max: 60_000 }),
  tasks: fc.uniqueArray(
    fc.record({
      arn: fc.integer({ min: 0, max: 1_000 }).map((number) => taskArn(`task-${number}`)),
      kind: fc.constantFrom<TaskKind>('standalone', 'service', 'daemon'),
      stopTimeoutMs: fc.integer({ min: 0, max: 300_000 }),
    }),
    { selector: ({ arn }) => arn },
  ),
});

/** Every stop with the last instant at which its task's own timeout and the margin still fit. */
const withLatest = (of: Situation) =>
  stopsIn(respond(of)).map((stop) => {
    const task = of.tasks.find(({ arn }) => arn === stop.taskArn);
    return { ...stop, latestAt: of.deadlineAt - (task?.stopTimeoutMs ?? Number.NaN) - of.marginMs };
  });

describe('any response', () => {
  it('stops each task exactly once', () => {
    fc.assert(
      fc.property(anySituation, (of) => {
        const stopped = stopsIn(respond(of)).map((stop) => stop.taskArn);
        expect([...stopped].sort()).toEqual(of.tasks.map(({ arn }) => arn).sort());
      }),
    );
  });

  it('stops nothing before it must be', () => {
    fc.assert(
      fc.property(anySituation, (of) => {
        for (const { at, latestAt } of withLatest(of)) expect(at).toBeGreaterThanOrEqual(Math.max(latestAt, of.nowAt));
      }),
    );
  });

  it('stops everything early enough for its own timeout, where the present still allows it', () => {
    fc.assert(
      fc.property(anySituation, (of) => {
        for (const { at, latestAt } of withLatest(of)) expect(at).toBeLessThanOrEqual(Math.max(latestAt, of.nowAt));
      }),
    );
  });

  it('comes in the order of time, and is not planned for the past', () => {
    fc.assert(
      fc.property(anySituation, (of) => {
        const instants = respond(of).map(({ at }) => at);
        expect(instants).toEqual([...instants].sort((a, b) => a - b));
        for (const at of instants) expect(at).toBeGreaterThanOrEqual(of.nowAt);
      }),
    );
  });

  it('is the same when it is planned again later with what is left', () => {
    fc.assert(
      fc.property(anySituation, fc.nat(150_000), (of, laterMs) => {
        const nowAt = of.nowAt + laterMs;
        const later = stopsIn(respond({ ...of, nowAt }));
        const moved = stopsIn(respond(of)).map((stop) => ({ ...stop, at: Math.max(stop.at, nowAt) }));
        const byArn = (steps: readonly { taskArn: string; at: number }[]) =>
          Object.fromEntries(steps.map((step) => [step.taskArn, step.at]));
        expect(byArn(later)).toEqual(byArn(moved));
      }),
    );
  });
});
