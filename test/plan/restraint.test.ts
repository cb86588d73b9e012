// What holds a plan back: modes, orders, freezes.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_ORDERS, type Orders, type Pause } from '../../src/model/orders.ts';
import type { ClusterSnapshot } from '../../src/model/snapshot.ts';
import { checkRestraint } from '../../src/plan/check-restraint.ts';
import { plan } from '../../src/plan/decide.ts';
import { FREEZE_REASONS, type FreezeReason } from '../../src/plan/freeze.ts';
import { NO_MEMORY } from '../../src/plan/memory.ts';
import type { Action } from '../../src/plan/plan.ts';
import { MODES, type Policy } from '../../src/plan/policy.ts';
import { allowed, givesAway, HOLDS, restraintOf } from '../../src/plan/restraint.ts';
import { aPolicy, aSnapshot, type Host, NOW } from '../support/builders.ts';
import { decided } from '../support/decided.ts';
import { somePolicies, someWorlds } from '../support/some-worlds.ts';
import { snapshotOf } from '../support/wide-clusters.ts';

const aPause = (pause: Partial<Pause> = {}): Pause => ({
  of: 'everything',
  until: NOW + 60_000,
  by: 'alice',
  reason: 'test',
  ...pause,
});
const some = <Item>(...items: Item[]) => fc.constantFrom(...items);
const someOrders: fc.Arbitrary<Orders | null> = fc.oneof(
  { weight: 1, arbitrary: fc.constant(null) },
  {
    weight: 8,
    arbitrary: fc.record({
      pauseKeys: fc.constant([]),
      stop: some(null, null, null, { key: 'spotkeeper.stop', text: '' }),
      pause: some<Orders['pause']>(
        null,
        null,
        aPause(),
        aPause({ of: 'shrinking' }),
        aPause({ until: NOW }),
        aPause({ of: 'shrinking', until: NOW - 1 }),
        { of: 'unreadable', text: 'x' },
      ),
    }),
  },
);
const someModes = some(...MODES);
const someFreezes = fc.subarray<FreezeReason>([...FREEZE_REASONS]);
const inputOf = (orders: Orders | null, mode: Policy['mode'], snapshot: ClusterSnapshot = aSnapshot()) => ({
  snapshot: { ...snapshot, orders },
  policy: aPolicy({ mode }),
  memory: NO_MEMORY,
  now: NOW,
});
const policyOf = (mode: Policy['mode']) => ({ policy: { mode } });

/** Two empty instances of which nobody needs one, and two on which tasks wait. */
const SPARE: readonly Host[] = [{ id: 'i-1' }, { id: 'i-2' }];
const SHORT = { hosts: [{ id: 'i-1' }], services: [{ name: 'web', desiredCount: 9, runningCount: 0 }] };
const kinds = (actions: readonly Action[]) => actions.map(({ kind }) => kind);
const ordered = (orders: Partial<Orders>) => ({ snapshot: { orders: { ...NO_ORDERS, ...orders } } });

describe('what may be done of a plan', () => {
  it('is a part of it, in its order, and the rest is held, whatever the cluster and whatever holds', () => {
    let [held, done] = [0, 0];
    fc.assert(
      fc.property(someWorlds(5), somePolicies, someOrders, someModes, (world, policy, orders, mode) => {
        const snapshot = { ...snapshotOf(world), orders };
        const planned = plan({ snapshot, policy: { ...policy, mode }, memory: NO_MEMORY, now: NOW });
        const { report } = planned;
        expect(planned.allowed.length + report.restraint.held.length).toBe(planned.plan.length);
        checkRestraint({ ...planned, snapshot, policy: { mode }, now: NOW });
        for (const { action, why } of report.restraint.held) {
          if (HOLDS[why] === 'shrinking') expect(givesAway(action)).toBe(true);
        }
        held += report.restraint.held.length;
        done += planned.allowed.length;
      }),
      { numRuns: 500 },
    );
    expect(held).toBeGreaterThan(50);
    expect(done).toBeGreaterThan(50);
  });

  it('is the plan itself when nothing holds, and the plan is the same whatever does', () => {
    fc.assert(
      fc.property(someWorlds(5), somePolicies, someOrders, someModes, (world, anyPolicy, orders, mode) => {
        // An orphan that may not be ended now is not counted as ended, which is the one thing that is planned otherwise.
        const policy: Policy = { ...anyPolicy, orphans: { ...anyPolicy.orphans, response: 'keep' } };
        const snapshot = snapshotOf(world);
        const free = plan({ snapshot: { ...snapshot, orders: NO_ORDERS }, policy, memory: NO_MEMORY, now: NOW });
        if (free.restraint.frozen.length === 0) expect(free.allowed).toEqual(free.plan);
        const bound = { ...snapshot, orders };
        const held = plan({ snapshot: bound, policy: { ...policy, mode }, memory: NO_MEMORY, now: NOW });
        expect(held.plan).toEqual(free.plan);
      }),
      { numRuns: 300 },
    );
  });

  it('holds back more the more there is that holds', () => {
    fc.assert(
      fc.property(someOrders, someModes, someFreezes, (orders, mode, frozen) => {
        const { plan: actions } = decided({ hosts: SPARE });
        const less = allowed(actions, restraintOf(inputOf(NO_ORDERS, mode), []));
        const more = allowed(actions, restraintOf(inputOf(orders, mode), frozen));
        expect(less.allowed).toEqual(expect.arrayContaining([...more.allowed]));
      }),
    );
  });
});

describe('a retirement', () => {
  it('is not begun under scale-out-only, neither the target lowered nor anybody marked or drained', () => {
    const { plan: actions, allowed: done, report } = decided({ hosts: SPARE }, policyOf('scale-out-only'));
    expect(kinds(actions)).toEqual(expect.arrayContaining(['set-target', 'mark-retiring', 'drain']));
    expect(done).toEqual([]);
    expect(new Set(report.restraint.held.map(({ why }) => why))).toEqual(new Set(['scale-out-only']));
  });

  it('that is held is not remembered as one: no raise after it counts as its undoing', () => {
    const { memory } = decided({ hosts: SPARE }, policyOf('scale-out-only'));
    expect([memory.retiredAt, memory.retirements]).toEqual([null, []]);
    expect(decided({ hosts: SPARE }).memory.retiredAt).toBe(NOW);
  });

  it('in its midst goes no further in a pause, and is not called undone for a call-back that is held', () => {
    const leaving = {
      id: 'i-2',
      containerInstance: { status: 'DRAINING' as const, attributes: { 'spotkeeper.retiring': 'excess' } },
    };
    const { allowed: done, memory } = decided({
      ...SHORT,
      hosts: [{ id: 'i-1' }, leaving],
      ...ordered({ pause: aPause() }),
    });
    expect([done, memory.undoneAt]).toEqual([[], []]);
  });
});

describe('room that is short', () => {
  it('is made under scale-out-only and in a pause of what shrinks', () => {
    expect(kinds(decided(SHORT, policyOf('scale-out-only')).allowed)).toEqual(['set-target']);
    expect(kinds(decided({ ...SHORT, ...ordered({ pause: aPause({ of: 'shrinking' }) }) }).allowed)).toEqual([
      'set-target',
    ]);
  });

  it.each<[string, Partial<Orders>, Policy['mode'], string]>([
    ['in a pause', { pause: aPause() }, 'full', 'paused'],
    ['in a pause that nobody can read', { pause: { of: 'unreadable', text: 'x' } }, 'full', 'pause-unreadable'],
    ['while the kill switch is on', { stop: { key: 'spotkeeper.stop', text: '' } }, 'full', 'stopped'],
    ['in mode observe', {}, 'observe', 'observe'],
    ['in mode recommend', {}, 'recommend', 'recommend'],
    [
      'whatever the pause, while the kill switch is on',
      { stop: { key: 'spotkeeper.stop', text: '' }, pause: aPause() },
      'observe',
      'stopped',
    ],
  ])('is not made %s', (_, orders, mode, why) => {
    const { allowed: done, report } = decided({ ...SHORT, ...ordered(orders) }, policyOf(mode));
    expect(done).toEqual([]);
    expect(report.restraint.held).toMatchObject([{ action: { kind: 'set-target' }, why }]);
  });

  it('is not made before it is known whether there is a kill switch', () => {
    const { allowed: done, report } = decided({ ...SHORT, snapshot: { orders: null } });
    expect([done, report.restraint.holds]).toEqual([[], ['orders-unknown']]);
  });

  it('is made again from the very instant on at which the pause ends', () => {
    expect(decided({ ...SHORT, ...ordered({ pause: aPause({ until: NOW + 1 }) }) }).allowed).toEqual([]);
    expect(decided({ ...SHORT, ...ordered({ pause: aPause({ until: NOW }) }) }).report.restraint.pause).toBeNull();
    expect(decided({ ...SHORT, ...ordered({ pause: aPause({ until: NOW }) }) }).allowed).toHaveLength(1);
  });
});

describe('the check of what is to be done', () => {
  const { plan: shrink } = decided({ hosts: SPARE });
  const { plan: grow } = decided(SHORT);
  const judge = (action: Action | undefined, over: object) => () => {
    const actions = action === undefined ? [] : [action];
    const snapshot = { ...aSnapshot(), orders: NO_ORDERS };
    const base = {
      plan: actions,
      allowed: actions,
      restraint: { frozen: [] },
      snapshot,
      policy: { mode: 'full' as const },
    };
    checkRestraint({ ...base, now: NOW, ...over });
  };
  const under = (orders: Partial<Orders> | null) => ({
    snapshot: { ...aSnapshot(), orders: orders && { ...NO_ORDERS, ...orders } },
  });

  it.each<[string, Action | undefined, object]>([
    ['only what is planned', grow[0], { plan: [] }],
    ['hands off', grow[0], under({ stop: { key: 'spotkeeper.stop', text: '' } })],
    ['hands off', grow[0], under({ pause: aPause() })],
    ['hands off', grow[0], under({ pause: { of: 'unreadable', text: '' } })],
    ['hands off', grow[0], under(null)],
    ['hands off', grow[0], { policy: { mode: 'observe' } }],
    ['hands off', grow[0], { policy: { mode: 'recommend' } }],
    ['only what makes room', shrink[0], { policy: { mode: 'scale-out-only' } }],
    ['only what makes room', shrink[1], { policy: { mode: 'scale-out-only' } }],
    ['only what makes room', shrink[0], under({ pause: aPause({ of: 'shrinking' }) })],
    ['nothing shrinks in a freeze', shrink[0], { restraint: { frozen: ['many-lost'] } }],
  ])('stops what breaks the rule "%s"', (rule, action, over) => {
    expect(action).toBeDefined();
    expect(judge(action, over)).toThrow(rule);
  });

  it('lets pass what nothing holds', () => {
    expect(judge(grow[0], {})).not.toThrow();
    expect(judge(shrink[0], under({ pause: aPause({ of: 'shrinking', until: NOW }) }))).not.toThrow();
    expect(judge(grow[0], { policy: { mode: 'scale-out-only' }, restraint: { frozen: ['many-lost'] } })).not.toThrow();
  });
});
