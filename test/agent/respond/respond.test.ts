import { describe, expect, it } from 'vitest';
import { respond } from '../../../src/agent/respond/respond.ts';
import { Instance } from './instance.ts';
import {
  anEvent,
  aSituation,
  aTask,
  HOUR,
  interrupted,
  MINUTE,
  NOW,
  recommended,
  SECOND,
  scheduled,
  shutDown,
  stepsOf,
  wanted,
  words,
} from './situations.ts';

const told = { hooksLimitMs: 10 * SECOND, hasWebhooks: true };
const empty = { tasks: [], isComplete: true };

describe('the response to an interruption', () => {
  it('drains, writes the notice, tells, and stops what is left, in this order', () => {
    const here = { tasks: [aTask('logs', { kind: 'daemon', stopTimeoutMs: 0 }), aTask('a')], isComplete: false };
    const { steps } = respond(aSituation({ signals: interrupted(), here, settings: told }));
    expect(steps.map((step) => [(step.at - NOW) / SECOND, words(step)])).toEqual([
      [0, 'drain'],
      [0, 'write-notice interruption@2026-11-21T08:02:00Z'],
      [0, 'run-hooks notice'],
      [0, 'send-webhooks notice'],
      [75, 'run-hooks before-stop'],
      [75, 'send-webhooks before-stop'],
      [85, 'stop-task a'],
      [115, 'stop-task logs'],
    ]);
  });

  it('does not wait until somebody has looked what runs here', () => {
    expect(stepsOf(aSituation({ signals: interrupted(), here: null }))[0]).toBe('drain');
  });

  it.each([
    ['terminate', false],
    ['hibernate', false],
    ['stop', true],
  ] as const)('that says "%s" asks who drains this instance: %s', (action, isOwnerAsked) => {
    const { steps } = respond(aSituation({ signals: interrupted(NOW + MINUTE, action) }));
    expect(steps[0]).toMatchObject({ kind: 'drain', isOwnerAsked });
  });

  it('tells nobody where nobody is to be told', () => {
    expect(stepsOf(aSituation({ signals: interrupted(), here: { tasks: [aTask('a')], isComplete: false } }))).toEqual([
      'drain',
      'write-notice interruption@2026-11-21T08:02:00Z',
      'stop-task a',
    ]);
  });

  it('drains and tells once more for another notice, and stops no task twice', () => {
    const here = { tasks: [aTask('a')], isComplete: false };
    const instance = new Instance();
    instance.settle(aSituation({ signals: interrupted(NOW), here }));
    instance.done.length = 0;
    instance.settle(aSituation({ signals: interrupted(NOW + SECOND), here }));
    expect(instance.done).toEqual(['drain', 'write-notice interruption@2026-11-21T08:00:01Z']);
  });
});

describe('the notice on the container instance', () => {
  it.each([
    ['target-state', wanted('Terminated'), '2026-11-21T08:10:00Z'],
    ['host-shutdown', shutDown(NOW + MINUTE), '2026-11-21T08:01:00Z'],
    ['maintenance', scheduled(anEvent()), '2026-11-21T08:30:00Z'],
    ['rebalance', recommended(NOW - MINUTE), '2026-11-21T07:59:00Z'],
  ] as const)('is one of %s', (kind, signals, time) => {
    expect(stepsOf(aSituation({ signals }))).toContain(`write-notice ${kind}@${time}`);
  });

  it('is written again when it changes, also back to what it was', () => {
    const instance = new Instance();
    for (const minutes of [30, 40, 30]) {
      instance.settle(aSituation({ signals: scheduled(anEvent({ notBeforeAt: NOW + minutes * MINUTE })) }));
    }
    expect(instance.done.filter((one) => one.startsWith('write-notice'))).toEqual([
      'write-notice maintenance@2026-11-21T08:30:00Z',
      'write-notice maintenance@2026-11-21T08:40:00Z',
      'write-notice maintenance@2026-11-21T08:30:00Z',
    ]);
  });
});

describe('drained', () => {
  const drainedTold = (
    here: { tasks: ReturnType<typeof aTask>[]; isComplete: boolean },
    standalone = 'wait' as const,
  ) => {
    const instance = new Instance();
    instance.settle(aSituation({ signals: interrupted(), here, settings: { ...told, standalone } }));
    return instance.done.filter((one) => one.endsWith(' drained'));
  };

  it('is told once, when nothing is left', () => {
    expect(drainedTold(empty)).toEqual(['run-hooks drained', 'send-webhooks drained']);
  });

  it('is not told while only some of the tasks may be known, nor while one is left', () => {
    expect(drainedTold({ tasks: [], isComplete: false })).toEqual([]);
    expect(drainedTold({ tasks: [aTask('a', { isStopping: true })], isComplete: true })).toEqual([]);
    expect(drainedTold({ tasks: [aTask('a', { kind: 'standalone' })], isComplete: true })).toEqual([]);
  });

  it('does not wait for standalone tasks that are to be left', () => {
    const settings = { ...told, standalone: 'leave' } as const;
    const here = { tasks: [aTask('a', { kind: 'standalone' })], isComplete: true };
    const instance = new Instance();
    instance.settle(aSituation({ signals: interrupted(), here, settings }));
    expect(instance.done).toContain('run-hooks drained');
  });

  it.each([
    ['waits for a daemon', 'daemon', interrupted(), false],
    ['waits for a service', 'service', recommended(), false],
    ['does not wait for a daemon, which nobody stops without a deadline,', 'daemon', recommended(), true],
  ] as const)('%s', (_words, kind, signals, isTold) => {
    const here = { tasks: [aTask('a', { kind })], isComplete: true };
    const settings = { ...told, standalone: 'leave', rebalance: { response: 'drain', liftAfterMs: HOUR } } as const;
    const instance = new Instance();
    instance.settle(aSituation({ signals, here, settings }));
    expect(instance.done.includes('run-hooks drained')).toBe(isTold);
  });

  it('does not wait for what goes on after hibernation', () => {
    const tasks = [aTask('a', { kind: 'standalone' }), aTask('logs', { kind: 'daemon' })];
    const instance = new Instance();
    const signals = interrupted(NOW, 'hibernate');
    instance.settle(aSituation({ signals, here: { tasks, isComplete: true }, settings: told }));
    expect(instance.done).toContain('run-hooks drained');
  });
});
