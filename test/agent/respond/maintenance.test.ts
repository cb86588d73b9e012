import { describe, expect, it } from 'vitest';
import { NO_MEMORY } from '../../../src/agent/respond/memory.ts';
import { respond } from '../../../src/agent/respond/respond.ts';
import {
  anEvent,
  answered,
  aSituation,
  aTask,
  type Change,
  HOUR,
  keyOf,
  MINUTE,
  memoryAfter,
  NOW,
  recommended,
  SECOND,
  scheduled,
} from './situations.ts';

describe('scheduled maintenance', () => {
  const soon = anEvent();

  it('is a cause from so many minutes ahead, and not before', () => {
    const event = anEvent({ notBeforeAt: NOW + HOUR });
    expect(keyOf({ signals: scheduled(event), now: NOW - 1 })).toBeNull();
    expect(answered({ signals: scheduled(event) })).toMatchObject({ deadlineAt: NOW + HOUR, action: 'system-reboot' });
  });

  it('is voluntary until the last moment at which all here can still be stopped in time', () => {
    const here = { tasks: [aTask('a', { stopTimeoutMs: 100_000, isProtected: true })], isComplete: true };
    const lastSafeAt = soon.notBeforeAt - 105 * SECOND;
    const at = (now: number) => answered({ signals: scheduled(soon), here, now })?.isVoluntary;
    expect([at(lastSafeAt - 1), at(lastSafeAt)]).toEqual([true, false]);
  });

  it('is answered by the soonest event, and of one instant by the same, however they are listed', () => {
    const later = anEvent({ id: 'instance-event-0', notBeforeAt: NOW + 40 * MINUTE });
    const second = anEvent({ id: 'instance-event-2' });
    for (const events of [
      [later, soon, second],
      [second, soon, later],
    ]) {
      expect(keyOf({ signals: scheduled(...events) })).toBe('maintenance/instance-event-1');
    }
  });

  const draining = { response: 'drain', aheadMs: HOUR, ignoredCodes: [] } as const;

  it.each([
    ['it is completed', { signals: scheduled(anEvent({ state: 'completed' })) }],
    ['it is canceled', { signals: scheduled(anEvent({ state: 'canceled' })) }],
    ['it is gone from the list', {}],
    [
      'the host has booted since it could begin',
      { signals: scheduled(anEvent({ notBeforeAt: NOW - MINUTE })), bootedAt: NOW - MINUTE },
    ],
    [
      'its code is to be ignored',
      { signals: scheduled(soon), settings: { maintenance: { ...draining, ignoredCodes: ['system-reboot'] } } },
    ],
    [
      'all of it is to be ignored',
      { signals: scheduled(soon), settings: { maintenance: { ...draining, response: 'ignore' } } },
    ],
  ] satisfies [string, Change][])('is over when %s', (_name, change) => {
    expect(keyOf({ memory: memoryAfter({ signals: scheduled(soon) }), ...change })).toBeNull();
  });

  it('still stands when its time has come and this boot is older', () => {
    const cause = answered({ signals: scheduled(anEvent({ notBeforeAt: NOW - HOUR })) });
    expect(cause).toMatchObject({ kind: 'maintenance', isVoluntary: false });
  });

  it('of an unknown code is taken as seriously as any', () => {
    expect(answered({ signals: scheduled(anEvent({ code: null })) })).toMatchObject({
      kind: 'maintenance',
      action: null,
    });
  });

  it.each([
    ['instance-reboot', null],
    ['instance-stop', null],
    ['system-reboot', 'maintenance/instance-event-1'],
  ] as const)('with the code %s that we drained for and that somebody rebooted for early answers %s', (code, key) => {
    const drained = { cause: 'maintenance/instance-event-1', since: NOW - 10 * MINUTE };
    const memory = { ...NO_MEMORY, drained };
    const change = { signals: scheduled(anEvent({ code })), bootedAt: NOW - MINUTE };
    const first = respond(aSituation({ ...change, memory }));
    expect(first.cause?.key ?? null).toBe(key);
    // Nor does it begin anew when our mark is gone.
    expect(keyOf({ ...change, memory: { ...first.memory, drained: null } })).toBe(key);
  });

  it('that was handled by an early reboot does not begin anew, however many recommendations come and go', () => {
    const drained = { cause: 'maintenance/instance-event-1', since: NOW - 10 * MINUTE };
    const bootedAt = NOW - MINUTE;
    const listed = scheduled(anEvent({ code: 'instance-reboot', notBeforeAt: NOW + 3 * HOUR }));
    let { memory } = respond(aSituation({ signals: listed, bootedAt, memory: { ...NO_MEMORY, drained } }));
    memory = { ...memory, drained: null };
    for (let minute = 0; minute < 50; minute += 1) {
      const now = NOW + minute * MINUTE;
      memory = respond(aSituation({ signals: { ...listed, ...recommended(now) }, bootedAt, now, memory })).memory;
    }
    expect(keyOf({ signals: listed, bootedAt, now: NOW + 2.5 * HOUR, memory })).toBeNull();
  });

  it('goes on after a restart until it is read again', () => {
    const memory = memoryAfter({ signals: scheduled(soon) });
    const silent = { ...aSituation({ memory, now: soon.notBeforeAt - SECOND }), signals: {} };
    expect(respond(silent).cause).toMatchObject({ key: 'maintenance/instance-event-1', isVoluntary: false });
  });
});
