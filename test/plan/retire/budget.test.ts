import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_MEMORY } from '../../../src/plan/memory.ts';
import type { Budget } from '../../../src/plan/policy.ts';
import { aRetirement, type Host, NOW } from '../../support/builders.ts';
import { decided } from '../../support/decided.ts';

const ZONES = ['us-east-1a', 'us-east-1b', 'us-east-1c'];

const atOnce = (most: Budget['most'], rest: Partial<Budget> = {}): Budget => ({
  most,
  isPerZone: false,
  withinMs: null,
  ...rest,
});

/** Empty instances, over the zones in turn. */
const empties = (count: number): Host[] =>
  Array.from({ length: count }, (_, at) => ({
    id: `i-${String(at).padStart(3, '0')}`,
    zone: ZONES[at % ZONES.length] ?? '',
  }));

const leavers = (count: number, budgets: Budget[], memory = NO_MEMORY, hosts = empties(count)) =>
  decided({ hosts, fleet: { targetUnits: 2 * count } }, { policy: { retirement: aRetirement({ budgets }) }, memory });

describe('budgets', () => {
  it.each([
    ['a number', [atOnce({ count: 3 })], 3],
    ['a share, rounded up', [atOnce({ share: 0.25 })], 3],
    ['all of them together', [atOnce({ count: 5 }), atOnce({ share: 0.2 })], 3],
    ['one of each zone', [atOnce({ count: 1 }, { isPerZone: true })], 3],
    ['none at all', [atOnce({ count: 0 })], 0],
    ['no budget: what a pass may choose', [], 10],
  ])('%s', (_name, budgets, expected) => {
    const { plan, report } = leavers(12, budgets);
    const marked = plan.filter(({ kind }) => kind === 'mark-retiring');
    expect(marked).toHaveLength(expected);
    expect(report.scaleIn.victims).toHaveLength(expected);
    if (expected === 0) expect(report.scaleIn.reason).toBe('over-budget');
  });

  it('count whoever leaves already, for whatever reason', () => {
    const deadline = new Date(NOW + 90_000).toISOString();
    const hosts: Host[] = [
      ...empties(10),
      { id: 'i-a', containerInstance: { attributes: { 'spotkeeper.notice': `interruption@${deadline}` } } },
      {
        id: 'i-b',
        tasks: { web: 1 },
        containerInstance: { status: 'DRAINING', attributes: { 'spotkeeper.retiring': 'excess' } },
      },
    ];
    const { report } = leavers(12, [atOnce({ count: 3 })], NO_MEMORY, hosts);
    expect(report.scaleIn.victims).toHaveLength(1);
  });

  it('count what drains without a word for a minute: an agent drains first and says why after it', () => {
    const hosts: Host[] = [...empties(3), { id: 'i-x', containerInstance: { status: 'DRAINING' } }];
    const seen = (agoMs: number) => ({ ...NO_MEMORY, foreignDrains: { 'i-x': NOW - agoMs } });
    const reason = (memory: typeof NO_MEMORY) =>
      leavers(4, [atOnce({ count: 1 })], memory, hosts).report.scaleIn.reason;
    expect(reason(NO_MEMORY)).toBe('over-budget');
    expect(reason(seen(59_000))).toBe('over-budget');
    expect(reason(seen(60_000))).toBe('retire');
  });

  it('within a time count those that were chosen, gone or not', () => {
    const budgets = [atOnce({ count: 3 }, { withinMs: 600_000 })];
    const past = (agoMs: number) => ({ at: NOW - agoMs, zone: null, reason: 'excess' as const });
    const memory = {
      ...NO_MEMORY,
      retirementsSince: NOW - 3_600_000,
      retirements: [past(700_000), past(500_000), past(1_000)],
    };
    expect(leavers(12, budgets, memory).report.scaleIn.victims).toHaveLength(1);
  });

  it('within a time are used up until that time has been watched', () => {
    const budgets = [atOnce({ count: 3 }, { withinMs: 600_000 })];
    const first = leavers(12, budgets);
    expect(first.report.scaleIn.reason).toBe('over-budget');
    expect(first.memory.retirementsSince).toBe(NOW);
    const later = leavers(12, budgets, { ...first.memory, retirementsSince: NOW - 600_000 });
    expect(later.report.scaleIn.victims).toHaveLength(3);
  });

  it('are never exceeded, whatever leaves already', () => {
    const someBudget = fc.record({
      most: fc.oneof(
        fc.record({ count: fc.integer({ min: 0, max: 6 }) }),
        fc.record({ share: fc.constantFrom(0, 0.1, 0.34, 1) }),
      ),
      isPerZone: fc.boolean(),
      withinMs: fc.constant(null),
    });
    fc.assert(
      fc.property(
        fc.array(someBudget, { maxLength: 3 }),
        fc.integer({ min: 1, max: 14 }),
        fc.integer({ min: 0, max: 4 }),
        (budgets, count, leaving) => {
          const hosts = empties(count).map((host, at) =>
            at < leaving
              ? {
                  ...host,
                  containerInstance: { status: 'DRAINING' as const, attributes: { 'spotkeeper.retiring': 'excess' } },
                }
              : host,
          );
          const { report } = leavers(count, budgets, NO_MEMORY, hosts);
          const chosen = new Set<string>(report.scaleIn.victims.map(({ instanceId }) => instanceId));
          const isOut = ({ id }: Host, at: number) => at < leaving || chosen.has(id);
          for (const { most, isPerZone } of budgets) {
            for (const zone of isPerZone ? ZONES : [null]) {
              const among = hosts.filter((host) => zone === null || host.zone === zone);
              const out = hosts.filter((host, at) => (zone === null || host.zone === zone) && isOut(host, at)).length;
              const before = among.filter((host) => hosts.indexOf(host) < leaving).length;
              const allowed = 'count' in most ? most.count : Math.ceil(among.length * most.share);
              // What left before may be more than a budget allows; nobody is added to it then.
              expect(out).toBeLessThanOrEqual(Math.max(allowed, before));
            }
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('quiet hours', () => {
  it('let nobody be chosen, and make a surplus no younger', () => {
    const day = { days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const, timeZone: 'UTC' };
    const retirement = aRetirement({ quiet: [{ ...day, from: '00:00', until: '00:00' }] });
    const memory = { ...NO_MEMORY, surplusSince: NOW - 5_000 };
    const { report, memory: after } = decided({ hosts: empties(3) }, { policy: { retirement }, memory });
    expect(report.scaleIn.reason).toBe('quiet-hours');
    expect(after.surplusSince).toBe(NOW - 5_000);
  });
});
