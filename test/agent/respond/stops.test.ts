import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { respond } from '../../../src/agent/respond/respond.ts';
import type { ResponseSettings, Situation, TaskHere } from '../../../src/agent/respond/situation.ts';
import type { StopStep } from '../../../src/agent/respond/steps.ts';
import { needMs } from '../../../src/agent/respond/stops.ts';
import {
  anEvent,
  anySettings,
  anySituation,
  anyTasks,
  aSituation,
  aTask,
  interrupted,
  MINUTE,
  NOW,
  recommended,
  SECOND,
  SETTINGS,
  scheduled,
  stepsOf,
} from './situations.ts';

const stopsIn = (situation: Situation): StopStep[] =>
  respond(situation).steps.filter((step): step is StopStep & { kind: 'stop-task' } => step.kind === 'stop-task');

/** Seconds from now at which each task is stopped, in order. */
const secondsOf = (situation: Situation) =>
  stopsIn(situation).map(({ taskArn: arn, at }) => [arn, (at - NOW) / SECOND]);

const withTasks = (tasks: readonly TaskHere[], settings: Partial<ResponseSettings> = {}) =>
  aSituation({ signals: interrupted(), here: { tasks, isComplete: false }, settings });

const takesMs = ({ stopTimeoutMs, deregistrationMs }: TaskHere) => stopTimeoutMs + deregistrationMs;

describe('the stops of an interruption in two minutes, five seconds kept', () => {
  it.each([
    ['a service task that ECS has not moved', [aTask('a')], [['a', 85]]],
    ['a standalone task, which ECS never moves', [aTask('a', { kind: 'standalone' })], [['a', 85]]],
    [
      'the longer timeout first',
      [aTask('short', { stopTimeoutMs: 2_000 }), aTask('long', { stopTimeoutMs: 100_000 })],
      [
        ['long', 15],
        ['short', 113],
      ],
    ],
    ['a task without any timeout', [aTask('a', { stopTimeoutMs: 0 })], [['a', 115]]],
    ['a timeout that does not fit', [aTask('a', { stopTimeoutMs: 300_000 })], [['a', 0]]],
    ['what its load balancers need before SIGTERM', [aTask('a', { deregistrationMs: 20_000 })], [['a', 65]]],
    ['a deregistration delay that does not fit', [aTask('a', { deregistrationMs: 300_000 })], [['a', 0]]],
    ['a protected task like any other', [aTask('a', { isProtected: true })], [['a', 85]]],
    [
      'daemons when the others have ended',
      [aTask('logs', { kind: 'daemon', stopTimeoutMs: 10_000 }), aTask('a')],
      [
        ['a', 75],
        ['logs', 105],
      ],
    ],
    [
      'everything in time for the first of several daemons',
      [
        aTask('logs', { kind: 'daemon', stopTimeoutMs: 10_000 }),
        aTask('mesh', { kind: 'daemon', stopTimeoutMs: 40_000 }),
        aTask('a'),
      ],
      [
        ['a', 45],
        ['mesh', 75],
        ['logs', 105],
      ],
    ],
    [
      'a task at once, and daemons at their own last moment, where there is no time for both',
      [aTask('logs', { kind: 'daemon', stopTimeoutMs: 60_000 }), aTask('a', { stopTimeoutMs: 100_000 })],
      [
        ['a', 0],
        ['logs', 55],
      ],
    ],
    [
      'daemons last of one instant',
      [aTask('logs', { kind: 'daemon', stopTimeoutMs: 200_000 }), aTask('z', { stopTimeoutMs: 200_000 })],
      [
        ['z', 0],
        ['logs', 0],
      ],
    ],
    ['nothing that is stopping already', [aTask('a', { isStopping: true })], []],
  ] satisfies [string, TaskHere[], [string, number][]][])('stop %s', (_name, tasks, expected) => {
    expect(secondsOf(withTasks(tasks))).toEqual(expected);
  });

  it.each(['wait', 'leave'] as const)('leave standalone tasks alone that are to be handled by "%s"', (standalone) => {
    const tasks = [aTask('mine', { kind: 'standalone' }), aTask('a')];
    expect(secondsOf(withTasks(tasks, { standalone }))).toEqual([['a', 85]]);
  });

  it('are all due at once when the deadline has passed: the instance is still going', () => {
    const here = { tasks: [aTask('a'), aTask('logs', { kind: 'daemon' })], isComplete: true };
    expect(secondsOf(aSituation({ signals: interrupted(NOW - MINUTE), here }))).toEqual([
      ['a', 0],
      ['logs', 0],
    ]);
  });

  it('leave out what was stopped before, also for another cause', () => {
    const memory = { ...aSituation().memory, taken: ['stop-task/a'] };
    expect(secondsOf({ ...withTasks([aTask('a'), aTask('b')]), memory })).toEqual([['b', 85]]);
  });

  it('are not told of ahead when all that is left was stopped before', () => {
    const settings = { hooksLimitMs: SECOND };
    const told = (taken: readonly string[]) =>
      stepsOf({ ...withTasks([aTask('a')], settings), memory: { ...aSituation().memory, taken } });
    expect(told([])).toContain('run-hooks before-stop');
    expect(told(['stop-task/a'])).not.toContain('run-hooks before-stop');
  });
});

describe('the stops of other causes', () => {
  it('are of service tasks alone, at once, when the instance hibernates', () => {
    const others = [aTask('mine', { kind: 'standalone' }), aTask('logs', { kind: 'daemon' })];
    const here = { tasks: [aTask('a'), aTask('b', { isStopping: true }), ...others], isComplete: false };
    expect(secondsOf(aSituation({ signals: interrupted(NOW + 2 * MINUTE, 'hibernate'), here }))).toEqual([['a', 0]]);
  });

  it('are none for a rebalance recommendation, which has no deadline', () => {
    const here = { tasks: [aTask('a')], isComplete: true };
    const settings = { rebalance: { response: 'drain', liftAfterMs: MINUTE } } as const;
    expect(secondsOf(aSituation({ signals: recommended(), here, settings }))).toEqual([]);
  });

  it('come at the last moment before maintenance', () => {
    const here = { tasks: [aTask('a')], isComplete: false };
    const signals = scheduled(anEvent({ notBeforeAt: NOW + 10 * MINUTE }));
    expect(secondsOf(aSituation({ signals, here }))).toEqual([['a', 600 - 35]]);
  });
});

const anyDeadline = fc.integer({ min: -5 * MINUTE, max: 15 * MINUTE }).map((ms) => NOW + ms);
const anyGoing = fc
  .record({ deadlineAt: anyDeadline, tasks: anyTasks, settings: anySettings })
  .map(({ deadlineAt, tasks, settings }) =>
    aSituation({ signals: interrupted(deadlineAt), here: { tasks, isComplete: false }, settings }),
  );

const stoppableIn = ({ here, settings }: Situation) =>
  (here?.tasks ?? []).filter(
    ({ kind, isStopping }) => !isStopping && (kind !== 'standalone' || settings.standalone === 'stop-in-time'),
  );

describe('any stops', () => {
  it('are one for each task that may be stopped, never before now and never too late for its own time', () => {
    fc.assert(
      fc.property(anyGoing, (situation) => {
        const deadlineAt = situation.signals.interruption?.deadlineAt ?? Number.NaN;
        const stops = new Map(stopsIn(situation).map((stop) => [stop.taskArn, stop.at]));
        expect([...stops.keys()].sort()).toEqual(
          stoppableIn(situation)
            .map(({ arn }) => arn)
            .sort(),
        );
        for (const task of stoppableIn(situation)) {
          const latestAt = deadlineAt - situation.settings.marginMs - takesMs(task);
          expect(stops.get(task.arn)).toBeGreaterThanOrEqual(NOW);
          expect(stops.get(task.arn)).toBeLessThanOrEqual(Math.max(NOW, latestAt));
        }
      }),
    );
  });

  it('let every other task end before the first daemon, where there was time for that', () => {
    fc.assert(
      fc.property(anyGoing, (situation) => {
        const stops = stopsIn(situation);
        const takes = new Map(situation.here?.tasks.map((task) => [task.arn, takesMs(task)]));
        const daemonsAt = Math.min(...stops.filter((stop) => stop.taskKind === 'daemon').map(({ at }) => at));
        for (const stop of stops.filter(({ taskKind }) => taskKind !== 'daemon')) {
          const endsAt = stop.at + (takes.get(stop.taskArn) ?? Number.NaN);
          expect(stop.at === NOW || endsAt <= daemonsAt || daemonsAt === Number.POSITIVE_INFINITY).toBe(true);
        }
      }),
    );
  });

  it('never stop a daemon before another task', () => {
    fc.assert(
      fc.property(anySituation, (situation) => {
        const kinds = stopsIn(situation).map(({ taskKind }) => taskKind === 'daemon');
        expect(kinds).toEqual([...kinds].sort((a, b) => Number(a) - Number(b)));
      }),
    );
  });

  it('are never earlier with more time, and never earlier before the deadline than with all the time there is', () => {
    fc.assert(
      fc.property(anyGoing, fc.nat(10 * MINUTE), (situation, moreMs) => {
        const deadlineAt = situation.signals.interruption?.deadlineAt ?? Number.NaN;
        const later = { ...situation, signals: { ...situation.signals, ...interrupted(deadlineAt + moreMs) } };
        const endless = { ...situation, signals: { ...situation.signals, ...interrupted(NOW + 1e9) } };
        const instants = (of: Situation, endsAt: number) =>
          new Map(stopsIn(of).map(({ taskArn, at }) => [taskArn, at - endsAt]));
        const [now, then, ideal] = [instants(situation, 0), instants(later, 0), instants(endless, NOW + 1e9)];
        for (const [arn, at] of now) {
          expect(then.get(arn)).toBeGreaterThanOrEqual(at);
          expect(at - deadlineAt).toBeGreaterThanOrEqual(ideal.get(arn) ?? Number.NaN);
        }
      }),
    );
  });

  it('never concern a protected task while the cause is voluntary', () => {
    fc.assert(
      fc.property(anySituation, (situation) => {
        const { cause } = respond(situation);
        if (cause?.isVoluntary !== true) return;
        const unprotected = situation.here?.tasks.filter(({ isProtected }) => !isProtected).map(({ arn }) => arn);
        for (const { taskArn: arn } of stopsIn(situation)) expect(unprotected).toContain(arn);
      }),
    );
  });

  it('begin as long before the deadline as is said to be needed', () => {
    fc.assert(
      fc.property(anyTasks, anySettings, (some, settings) => {
        const tasks = some.map((task) => ({ ...task, isStopping: false }));
        const here = { tasks, isComplete: false };
        const deadlineAt = NOW + 1e9;
        const stops = stopsIn(aSituation({ signals: interrupted(deadlineAt), here, settings }));
        if (stops.length === 0) expect(needMs(here, settings)).toBe(settings.marginMs);
        else expect(needMs(here, settings)).toBe(deadlineAt - Math.min(...stops.map(({ at }) => at)));
      }),
    );
  });

  it('need no less time when they are under way', () => {
    fc.assert(
      fc.property(anyTasks, anySettings, (tasks, settings) => {
        const told = tasks.map((task) => ({ ...task, isStopping: true }));
        expect(needMs({ tasks: told, isComplete: false }, settings)).toBe(
          needMs({ tasks, isComplete: false }, settings),
        );
      }),
    );
  });

  it('need the margin at least, also where nobody has looked', () => {
    expect(needMs(null, SETTINGS)).toBe(SETTINGS.marginMs);
  });
});
