import { describe, expect, it } from 'vitest';
import { memoryOfNewBoot, NO_MEMORY } from '../../../src/agent/respond/memory.ts';
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
  stepsOf,
} from './situations.ts';

const told = { hooksLimitMs: 10 * SECOND, hasWebhooks: true };
const empty = { tasks: [], isComplete: true };

describe('a voluntary drain', () => {
  const signals = scheduled(anEvent());
  const isProtected = true;

  it('waits until somebody has looked whether a task is protected', () => {
    expect(stepsOf(aSituation({ signals, here: null }))).toEqual(['write-notice maintenance@2026-11-21T08:30:00Z']);
  });

  it('is a cordon while a task here is protected', () => {
    const here = { tasks: [aTask('a', { isProtected })], isComplete: true };
    expect(stepsOf(aSituation({ signals, here }))).toEqual([
      'cordon maintenance',
      'write-notice maintenance@2026-11-21T08:30:00Z',
    ]);
  });

  it('follows when the protection ends, and stays when another task is protected after that', () => {
    const instance = new Instance();
    for (const tasks of [[aTask('a', { isProtected })], [aTask('a')], [aTask('b', { isProtected })]]) {
      instance.settle(aSituation({ signals, here: { tasks, isComplete: true } }));
    }
    expect(instance.done).toEqual(['cordon maintenance', 'write-notice maintenance@2026-11-21T08:30:00Z', 'drain']);
  });

  it('plans no stop of a task that was protected after it, until the last safe moment', () => {
    const instance = new Instance();
    instance.settle(aSituation({ signals, here: { tasks: [aTask('a')], isComplete: true } }));
    const here = { tasks: [aTask('a'), aTask('b', { isProtected })], isComplete: true };
    expect(stepsOf(aSituation({ signals, here, memory: instance.memory }))).toEqual(['stop-task a']);
    const now = NOW + 30 * MINUTE - 35 * SECOND;
    const late = stepsOf(aSituation({ signals, here, now, memory: instance.memory }));
    expect(late).toEqual(['stop-task a', 'stop-task b']);
  });

  it.each(['us', 'operator'] as const)('stays when a task is protected after it, drained by %s', (draining) => {
    const instance = new Instance();
    instance.draining = draining === 'operator' ? draining : null;
    instance.settle(aSituation({ signals, here: empty }));
    const here = { tasks: [aTask('a', { isProtected })], isComplete: true };
    expect(stepsOf(aSituation({ signals, here, memory: instance.memory }))).toEqual([]);
  });

  it('that was made before a reboot which did not end its cause stays, too', () => {
    const instance = new Instance();
    instance.settle(aSituation({ signals, here: empty }));
    const here = { tasks: [aTask('a', { isProtected })], isComplete: true };
    const memory = memoryOfNewBoot(instance.memory);
    expect(stepsOf(aSituation({ signals, here, memory, bootedAt: NOW }))[0]).toBe('drain');
  });

  it('is not told again after a restart while its signal has not been read again', () => {
    const instance = new Instance();
    const change = { signals, here: empty, settings: told };
    instance.settle(aSituation(change));
    instance.settle({ ...aSituation(change), signals: {} });
    instance.settle(aSituation(change));
    expect(instance.done.filter((one) => one === 'run-hooks notice')).toHaveLength(1);
  });

  it('follows at the last safe moment whatever is protected, and stops it', () => {
    const here = { tasks: [aTask('a', { isProtected })], isComplete: true };
    const now = NOW + 30 * MINUTE - 35 * SECOND;
    expect(stepsOf(aSituation({ signals, here, now }))).toEqual([
      'drain',
      'write-notice maintenance@2026-11-21T08:30:00Z',
      'stop-task a',
    ]);
  });

  it('is not voluntary again when the task that takes longest has been told to stop', () => {
    const slow = aTask('slow', { stopTimeoutMs: 10 * MINUTE });
    const now = NOW + 20 * MINUTE - 5 * SECOND;
    const derive = (isStopping: boolean) => {
      const here = { tasks: [{ ...slow, isStopping }, aTask('b', { isProtected })], isComplete: true };
      return respond(aSituation({ signals, here, now })).steps.map(({ id }) => id);
    };
    expect(derive(false)).toContain('drain/maintenance/instance-event-1');
    expect(derive(true)).toContain('drain/maintenance/instance-event-1');
  });

  it('of a reboot is taken back after it, and not before the maintenance has been read again', () => {
    const instance = new Instance();
    instance.settle(aSituation({ signals, here: empty }));
    instance.memory = memoryOfNewBoot(instance.memory);
    const rebooted = { ...aSituation({ now: NOW + HOUR, bootedAt: NOW + 50 * MINUTE, settings: told }), here: null };
    instance.settle({ ...rebooted, signals: { interruption: null } });
    expect(instance.draining).toBe('us');
    instance.done.length = 0;
    instance.settle({ ...rebooted, signals: aSituation({ signals }).signals });
    expect(instance.done).toEqual(['undrain', 'clear-notice', 'run-hooks uncordoned', 'send-webhooks uncordoned']);
    expect(instance.memory).toEqual(NO_MEMORY);
  });
});

describe('a rebalance recommendation', () => {
  const signals = recommended();

  it('cordons, and stops nothing', () => {
    const here = { tasks: [aTask('a')], isComplete: true };
    expect(stepsOf(aSituation({ signals, here, settings: told }))).toEqual([
      'cordon rebalance',
      'write-notice rebalance@2026-11-21T08:00:00Z',
      'run-hooks notice',
      'send-webhooks notice',
    ]);
  });

  it('drains where that is wanted, and keeps what ECS does not move', () => {
    const here = { tasks: [aTask('a', { kind: 'standalone' })], isComplete: true };
    const settings = { rebalance: { response: 'drain', liftAfterMs: HOUR } } as const;
    expect(stepsOf(aSituation({ signals, here, settings }))).toEqual([
      'drain',
      'write-notice rebalance@2026-11-21T08:00:00Z',
    ]);
  });

  it('is what remains when an interruption that followed it is over: nothing is lifted in between', () => {
    const settings = { rebalance: { response: 'cordon', liftAfterMs: HOUR } } as const;
    const instance = new Instance();
    for (const [minutes, said] of [
      [0, signals],
      [1, { ...signals, ...interrupted() }],
      [2, signals],
      [13, signals],
      [61, signals],
    ] as const) {
      instance.settle(aSituation({ signals: said, now: NOW + minutes * MINUTE, settings }));
    }
    expect(instance.done).toEqual([
      'cordon rebalance',
      'write-notice rebalance@2026-11-21T08:00:00Z',
      'drain',
      'write-notice interruption@2026-11-21T08:02:00Z',
      'write-notice rebalance@2026-11-21T08:00:00Z',
      'undrain',
      'uncordon',
      'clear-notice',
    ]);
  });
});
