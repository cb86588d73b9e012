import { describe, expect, it } from 'vitest';
import { type Memory, memoryOfNewBoot } from '../../../src/agent/respond/memory.ts';
import { respond } from '../../../src/agent/respond/respond.ts';
import type { Signals } from '../../../src/agent/signals/signal.ts';
import {
  anEvent,
  answered,
  aSituation,
  HOUR,
  interrupted,
  keyOf,
  MINUTE,
  memoryAfter,
  NOW,
  recommended,
  scheduled,
  shutDown,
  wanted,
} from './situations.ts';

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

  it.each([
    ['is counted from the first time although another was answered across a restart', {}, NOW],
    ['that was called off is counted anew, whoever is silent', { 'target-state': null }, NOW + 2 * MINUTE],
  ] as const)('%s', (_words, signals, from) => {
    const memory = memoryAfter({ signals: { ...wanted('Terminated'), ...shutDown(NOW + MINUTE) } });
    const restarted = respond({ ...aSituation({ memory, now: NOW + MINUTE }), signals }).memory;
    const cause = answered({ signals: wanted('Terminated'), memory: restarted, now: NOW + 2 * MINUTE });
    expect(cause?.deadlineAt).toBe(from + 10 * MINUTE);
  });

  it('keeps its deadline across a restart while nobody can read it', () => {
    const memory = memoryAfter({ signals: wanted('Terminated') });
    const { cause } = respond({ ...aSituation({ memory, now: NOW + MINUTE }), signals: {} });
    expect(cause?.deadlineAt).toBe(NOW + 10 * MINUTE);
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
