// When nothing shrinks: many instances out of sight at once, acts that fail, a view that is not to be trusted.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instanceId } from '../../src/model/ids.ts';
import { type ActFailures, afterActing, areFailing, NO_FAILURES } from '../../src/plan/act-failures.ts';
import { type Memory, NO_MEMORY } from '../../src/plan/memory.ts';
import { isManyLost, type Roll } from '../../src/plan/roll-call.ts';
import type { Host } from '../support/builders.ts';
import { aSnapshot, NOW } from '../support/builders.ts';
import { decidedOn } from '../support/decided.ts';

const GRACE_MS = 300_000;
const PASS_MS = 15_000;
const ids = Array.from({ length: 10 }, (_, index) => `i-${index}`);
const AWAY = { agentConnected: false, registeredAt: NOW - 86_400_000 };

/** A pass of a cluster of ten of which nobody is needed, `after` milliseconds, with some of them changed. */
function pass(memory: Memory, after: number, changed: Readonly<Record<string, Partial<Host> | null>> = {}) {
  const now = NOW + after;
  const hosts = ids.flatMap((id): Host[] => {
    const change = changed[id];
    if (change === null) return [];
    const containerInstance = change?.containerInstance === null ? null : { seenAt: now, ...change?.containerInstance };
    return [{ id, ...change, containerInstance }];
  });
  const decided = decidedOn({ ...aSnapshot({ hosts }), observedAt: now }, { memory, now });
  return { ...decided, frozen: decided.report.restraint.frozen, scaleIn: decided.report.scaleIn.reason };
}

const away = (...names: string[]) => Object.fromEntries(names.map((id) => [id, { containerInstance: AWAY }]));

describe('instances that go out of sight at once', () => {
  const { memory } = pass(NO_MEMORY, 0);

  it.each<[string, Readonly<Record<string, Partial<Host> | null>>]>([
    ['their ECS agents disconnected', away('i-0', 'i-1', 'i-2')],
    ['no longer listed by ECS', Object.fromEntries(ids.slice(0, 3).map((id) => [id, { containerInstance: null }]))],
    ['no longer listed by anybody', { 'i-0': null, 'i-1': null, 'i-2': null }],
  ])('freeze when they are more than a fifth: %s', (_, changed) => {
    const after = pass(memory, PASS_MS, changed);
    expect([after.frozen, after.scaleIn]).toEqual([['many-lost'], 'frozen']);
    expect(after.plan).toEqual([]);
  });

  it('do not when they are a fifth, and nobody is on the roll who was never in sight', () => {
    expect(pass(memory, PASS_MS, away('i-0', 'i-1')).frozen).toEqual([]);
    expect(pass(NO_MEMORY, 0, away('i-0', 'i-1', 'i-2')).frozen).toEqual([]);
  });

  it('let the fleet grow meanwhile', () => {
    const now = NOW + PASS_MS;
    const hosts = ids.map(
      (id, index): Host => ({ id, containerInstance: { seenAt: now, ...(index < 4 ? AWAY : {}) } }),
    );
    const services = [{ name: 'web', desiredCount: 99, shape: { cpuUnits: 1024 } }];
    const snapshot = { ...aSnapshot({ hosts, services }), observedAt: now };
    const { allowed, report } = decidedOn(snapshot, { memory, now });
    expect(report.restraint.frozen).toEqual(['many-lost']);
    expect(allowed).toMatchObject([{ kind: 'set-target', reason: 'pending-tasks' }]);
  });

  it('thaw when enough are back', () => {
    const lost = pass(memory, PASS_MS, away('i-0', 'i-1', 'i-2'));
    expect(pass(lost.memory, 2 * PASS_MS, away('i-0', 'i-1')).frozen).toEqual([]);
  });

  it('thaw when nobody has been lost for as long as they are expected back, and stay thawed', () => {
    let { memory: remembered } = pass(memory, PASS_MS, away('i-0', 'i-1', 'i-2'));
    const frozenAt = (after: number) => {
      const next = pass(remembered, after, away('i-0', 'i-1', 'i-2'));
      remembered = next.memory;
      return next.frozen;
    };
    expect(frozenAt(PASS_MS + GRACE_MS)).toEqual(['many-lost']);
    expect(frozenAt(PASS_MS + GRACE_MS + 1)).toEqual([]);
    expect(frozenAt(PASS_MS + GRACE_MS + PASS_MS)).toEqual([]);
  });

  it('count when they are lost one after the other, too, within that time', () => {
    const one = pass(memory, PASS_MS, away('i-0'));
    const two = pass(one.memory, 2 * PASS_MS, away('i-0', 'i-1'));
    expect(two.frozen).toEqual([]);
    expect(pass(two.memory, 3 * PASS_MS, away('i-0', 'i-1', 'i-2')).frozen).toEqual(['many-lost']);
    expect(pass(two.memory, 3 * GRACE_MS, away('i-0', 'i-1', 'i-2')).frozen).toEqual([]);
  });

  it.each([
    ['notices', { 'spotkeeper.notice': `interruption@${new Date(NOW + 90_000).toISOString()}` }],
    ['retirements', { 'spotkeeper.retiring': 'operator' }],
  ])('do not count when they leave in the open, by %s', (_, attributes) => {
    const leaving = { status: 'DRAINING' as const, attributes };
    const open = pass(memory, PASS_MS, {
      'i-0': { containerInstance: leaving },
      'i-1': { containerInstance: leaving },
      'i-2': { containerInstance: leaving },
    });
    expect(open.memory.roll[instanceId('i-0')]).toBeUndefined();
    expect(pass(open.memory, 2 * PASS_MS, { 'i-0': null, 'i-1': null, 'i-2': null }).frozen).toEqual([]);
  });

  it('are not judged by a view with a gap in it', () => {
    const gaps = [{ part: 'container-instances' as const, why: 'x' }];
    const { memory: after } = decidedOn({ ...aSnapshot({ hosts: [] }), gaps }, { memory });
    expect(after.roll).toEqual(memory.roll);
  });

  it('never freeze when it is one, however small the cluster', () => {
    fc.assert(
      fc.property(fc.nat(30), fc.nat(30), fc.double({ min: 0, max: 1, noNaN: true }), (lost, there, share) => {
        const roll: Roll = Object.fromEntries(
          Array.from({ length: lost + there }, (_, index) => [`i-${index}`, index < lost ? NOW : null]),
        );
        expect(isManyLost(roll, share)).toBe(lost > 1 && lost > share * (lost + there));
      }),
    );
  });
});

describe('acts that fail', () => {
  const failed = (times: number, at = NOW): ActFailures =>
    Array.from({ length: times }).reduce<ActFailures>((before) => afterActing(before, true, at), NO_FAILURES);

  it('freeze after three passes in a row', () => {
    expect([1, 2, 3, 4].map((times) => areFailing(failed(times), NOW))).toEqual([false, false, true, true]);
    expect(pass({ ...NO_MEMORY, actFailures: failed(3) }, 0).frozen).toEqual(['acts-failing']);
  });

  it('thaw at the first success', () => {
    expect(areFailing(afterActing(failed(5), false, NOW), NOW)).toBe(false);
  });

  it('are tried again after five minutes, and freeze again when that fails', () => {
    expect(areFailing(failed(3), NOW + 299_999)).toBe(true);
    expect(areFailing(failed(3), NOW + 300_000)).toBe(false);
    expect(areFailing(afterActing(failed(3), true, NOW + 300_000), NOW + 300_001)).toBe(true);
  });
});
