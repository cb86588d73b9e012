import { describe, expect, it } from 'vitest';
import { type Memory, memoryOfNewBoot, NO_MEMORY } from '../../../src/agent/respond/memory.ts';
import { respond } from '../../../src/agent/respond/respond.ts';
import type { Signals } from '../../../src/agent/signals/signal.ts';
import {
  anEvent,
  aSituation,
  aTask,
  type Change,
  HOUR,
  interrupted,
  MINUTE,
  NOW,
  recommended,
  SECOND,
  scheduled,
  shutDown,
  wanted,
} from './situations.ts';

const answered = (change: Change) => respond(aSituation(change)).cause;
const keyOf = (change: Change) => answered(change)?.key ?? null;
const memoryAfter = (change: Change): Memory => respond(aSituation(change)).memory;

describe('the cause that is answered', () => {
  it('is none while nothing is said', () => {
    expect(answered({})).toBeNull();
  });

  it('is the most urgent of those that stand', () => {
    const kinds: Signals[] = [
      recommended(),
      scheduled(anEvent()),
      wanted('Terminated'),
      shutDown(NOW + MINUTE),
      interrupted(),
    ];
    const inTurn = kinds.map(
      (_, index) => answered({ signals: Object.assign({}, ...kinds.slice(0, index + 1)) })?.kind,
    );
    expect(inTurn).toEqual(['rebalance', 'maintenance', 'target-state', 'host-shutdown', 'interruption']);
  });
});

describe('an interruption notice', () => {
  it.each(['terminate', 'stop', 'hibernate'] as const)(
    'that says "%s" ends the instance whatever it holds',
    (action) => {
      const deadlineAt = NOW + 2 * MINUTE;
      expect(answered({ signals: interrupted(deadlineAt, action) })).toEqual({
        kind: 'interruption',
        key: `interruption/${action}/${deadlineAt}`,
        action,
        deadlineAt,
        isVoluntary: false,
      });
    },
  );

  it('whose deadline has passed still stands', () => {
    expect(answered({ signals: interrupted(NOW - HOUR) })?.kind).toBe('interruption');
  });

  it('that disappears stays in force until ten minutes after its deadline, and no longer', () => {
    const deadlineAt = NOW + 2 * MINUTE;
    const memory = memoryAfter({ signals: interrupted(deadlineAt) });
    const standing = respond(aSituation({ memory, now: deadlineAt + 10 * MINUTE - 1 }));
    expect(standing.cause).toMatchObject({ kind: 'interruption', action: 'terminate', deadlineAt });
    expect(keyOf({ memory: standing.memory, now: deadlineAt + 10 * MINUTE })).toBeNull();
  });

  it('is remembered while nobody has read it again after a restart', () => {
    const memory = memoryAfter({ signals: interrupted() });
    expect(respond({ ...aSituation({ memory }), signals: {} }).cause?.kind).toBe('interruption');
  });

  it('of an earlier boot is over', () => {
    const memory = memoryOfNewBoot(memoryAfter({ signals: interrupted() }));
    expect(keyOf({ memory })).toBeNull();
    expect(respond({ ...aSituation({ memory }), signals: {} }).cause).toBeNull();
  });
});

describe('a shutdown of the host', () => {
  it('is answered until its own deadline', () => {
    expect(answered({ signals: shutDown(NOW + MINUTE) })).toMatchObject({
      deadlineAt: NOW + MINUTE,
      isVoluntary: false,
    });
  });

  it('is nothing to us when it is to be ignored, nor when it is called off', () => {
    expect(keyOf({ signals: shutDown(NOW + MINUTE), settings: { hostShutdown: { response: 'ignore' } } })).toBeNull();
    expect(keyOf({ memory: memoryAfter({ signals: shutDown(NOW + MINUTE) }) })).toBeNull();
  });
});

describe('a target lifecycle state', () => {
  it.each(['Terminated', 'Warmed:Terminated', 'Warmed:Stopped', 'Warmed:Hibernated'] as const)(
    'of %s ends the instance, counted from when it was first seen',
    (state) => {
      const memory = memoryAfter({ signals: wanted(state) });
      const cause = answered({ signals: wanted(state), memory, now: NOW + MINUTE });
      expect(cause).toMatchObject({ action: state, deadlineAt: NOW + 10 * MINUTE, isVoluntary: false });
    },
  );

  it.each(['Detached', 'InService', 'Standby', 'Warmed:Running'] as const)('of %s is nothing to us', (state) => {
    expect(keyOf({ signals: wanted(state) })).toBeNull();
  });

  it('is counted anew when it comes a second time', () => {
    const memory = memoryAfter({
      memory: memoryAfter({ signals: wanted('Terminated') }),
      signals: wanted('InService'),
    });
    expect(answered({ signals: wanted('Terminated'), memory, now: NOW + HOUR })?.deadlineAt).toBe(
      NOW + HOUR + 10 * MINUTE,
    );
  });

  it('keeps its deadline across a restart while nobody can read it', () => {
    const memory = memoryAfter({ signals: wanted('Terminated') });
    const { cause } = respond({ ...aSituation({ memory, now: NOW + MINUTE }), signals: {} });
    expect(cause?.deadlineAt).toBe(NOW + 10 * MINUTE);
  });
});

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

  it('is answered by the soonest event', () => {
    const later = anEvent({ id: 'instance-event-2', notBeforeAt: NOW + 40 * MINUTE });
    expect(keyOf({ signals: scheduled(later, soon) })).toBe('maintenance/instance-event-1');
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

  it('goes on after a restart until it is read again', () => {
    const memory = memoryAfter({ signals: scheduled(soon) });
    const silent = { ...aSituation({ memory, now: soon.notBeforeAt - SECOND }), signals: {} };
    expect(respond(silent).cause).toMatchObject({ key: 'maintenance/instance-event-1', isVoluntary: false });
  });
});

describe('a rebalance recommendation', () => {
  const liftAfterMs = 30 * MINUTE;

  it('is advice without a deadline', () => {
    expect(answered({ signals: recommended() })).toEqual({
      kind: 'rebalance',
      key: `rebalance/${NOW}`,
      action: null,
      deadlineAt: null,
      isVoluntary: true,
    });
  });

  it('is nothing to us when it is to be ignored', () => {
    expect(keyOf({ signals: recommended(), settings: { rebalance: { response: 'ignore', liftAfterMs } } })).toBeNull();
  });

  it('is over for good when nothing has followed for long enough', () => {
    const first = memoryAfter({ signals: recommended() });
    const at = (now: number, memory: Memory) => respond(aSituation({ signals: recommended(), now, memory }));
    expect(at(NOW + liftAfterMs - 1, first).cause?.kind).toBe('rebalance');
    const lifted = at(NOW + liftAfterMs, first);
    expect(lifted.cause).toBeNull();
    expect(at(NOW + 2 * HOUR, lifted.memory).cause).toBeNull();
    expect(at(NOW + 2 * HOUR, memoryOfNewBoot(lifted.memory)).cause).toBeNull();
  });

  it('that disappears stays in force for as long as one that stands', () => {
    const memory = memoryAfter({ signals: recommended() });
    expect(keyOf({ memory, now: NOW + liftAfterMs - 1 })).toBe(`rebalance/${NOW}`);
    expect(keyOf({ memory, now: NOW + liftAfterMs })).toBeNull();
  });

  it('takes the place of an older one, which does not come back', () => {
    const memory = memoryAfter({
      signals: recommended(NOW),
      memory: memoryAfter({ signals: recommended(NOW - HOUR) }),
    });
    expect(keyOf({ signals: recommended(NOW), memory })).toBe(`rebalance/${NOW}`);
    expect(keyOf({ signals: recommended(NOW - HOUR), memory })).toBeNull();
  });
});
