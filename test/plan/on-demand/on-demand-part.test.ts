// When On-Demand capacity stands in for Spot, how much of it, and how it goes back.
import { describe, expect, it } from 'vitest';
import { NO_MEMORY } from '../../../src/plan/memory.ts';
import type { OnDemandPolicy, Policy } from '../../../src/plan/policy.ts';
import { aRetirement, type ClusterSpec, type Host, NOW } from '../../support/builders.ts';
import { type Decided, decided } from '../../support/decided.ts';

const LONG = 300_000;
const onDemand = (fallback: Partial<OnDemandPolicy['fallback']> = {}, rest: Partial<OnDemandPolicy> = {}) => ({
  baseUnits: 0,
  fallback: {
    ...{ afterMs: 120_000, maximumUnits: 20, maximumPricePerHour: null, pricePerUnitHour: null },
    ...fallback,
  },
  returnAfterMs: 1_800_000,
  ...rest,
});

const missing = (units: number, forMs = LONG) => ({
  memory: { ...NO_MEMORY, onDemand: { ...NO_MEMORY.onDemand, missing: [{ at: NOW - forMs, units }] } },
});
const policy = (part: OnDemandPolicy, rest: Partial<Policy> = {}) => ({
  policy: {
    onDemand: part,
    retirement: aRetirement({ budgets: [{ most: { count: 1 }, isPerZone: false, withinMs: null }] }),
    ...rest,
  },
});

/** Four tasks an instance of 2 units; twenty-four are wanted, so four instances are missing, of which 7 units are enough to ask for. */
const drought = (fleet: NonNullable<ClusterSpec['fleet']> = {}): ClusterSpec => ({
  hosts: ['i-1', 'i-2'].map((id) => ({ id, tasks: { web: 4 } })),
  services: [{ name: 'web', desiredCount: 24 }],
  fleet: { targetUnits: 11, ...fleet },
});

const setting = ({ plan }: Decided) => plan.find(({ kind }) => kind === 'set-target');

describe('Spot that was asked for and has not come', () => {
  it('is replaced by On-Demand within the same target, and by no more than is missing', () => {
    const { plan, report } = decided(drought(), { ...policy(onDemand()), ...missing(7) });
    expect(plan).toMatchObject([
      { kind: 'set-target', fromUnits: 11, targetUnits: 11, onDemandUnits: 7, reason: 'on-demand-fallback' },
    ]);
    expect(report.onDemand).toMatchObject({ presentUnits: 0, proposedUnits: 7, missingUnits: 7 });
    expect(setting(decided(drought(), { ...policy(onDemand()), ...missing(3) }))).toMatchObject({ onDemandUnits: 3 });
  });

  it.each<[string, Partial<OnDemandPolicy['fallback']>, number]>([
    ['units', { maximumUnits: 5 }, 5],
    ['price', { maximumPricePerHour: 0.35, pricePerUnitHour: 0.1 }, 3],
  ])('is replaced by no more than the %s of the file allow', (_what, fallback, units) => {
    const decision = decided(drought(), { ...policy(onDemand(fallback)), ...missing(7) });
    expect(setting(decision)).toMatchObject({ onDemandUnits: units });
  });

  it.each<[string, Partial<OnDemandPolicy['fallback']>, number]>([
    ['the file has no fallback', { maximumUnits: 0 }, LONG],
    ['the price is bounded below a unit', { maximumPricePerHour: 0.05, pricePerUnitHour: 0.1 }, LONG],
    ['it is missing for less than the file says', { afterMs: 400_000 }, LONG],
    ['it is missing for less than nearly all launches take', { afterMs: 0 }, 150_000],
  ])('is waited for where %s', (_why, fallback, forMs) => {
    expect(decided(drought(), { ...policy(onDemand(fallback)), ...missing(7, forMs) }).plan).toEqual([]);
  });

  it('is waited for where only a loss is prepared for', () => {
    const spread: ClusterSpec = {
      hosts: ['a', 'b'].map((zone, n) => ({ id: `i-${n}`, zone: `us-east-1${zone}`, tasks: { web: 3 } })),
      services: [{ name: 'web' }],
      fleet: { targetUnits: 5 },
    };
    const decision = decided(spread, { headroom: { survive: 'pool' }, ...policy(onDemand()), ...missing(2) });
    expect(decision.target.shortUnits).toBeGreaterThan(0);
    expect(setting(decision)).toBeUndefined();
  });

  it('is not bought a second time while the On-Demand part is on its way', () => {
    const decision = decided(drought({ onDemandTargetUnits: 7 }), { ...policy(onDemand()), ...missing(7) });
    expect(decision.plan).toEqual([]);
  });

  it('is no longer bought when nobody needs it any more', () => {
    const spec = { ...drought({ onDemandTargetUnits: 7 }), services: [{ name: 'web' }] };
    expect(setting(decided(spec, { ...policy(onDemand()), ...missing(7) }))).toMatchObject({
      targetUnits: 4,
      onDemandUnits: 0,
    });
  });
});

describe('a base of On-Demand', () => {
  it('is asked for at once', () => {
    const spec = { ...drought({ targetUnits: 4 }), services: [{ name: 'web' }] };
    const decision = decided(spec, policy(onDemand({}, { baseUnits: 2 })));
    expect(setting(decision)).toMatchObject({ targetUnits: 4, onDemandUnits: 2, reason: 'on-demand-base' });
  });
});

const standIn = (host: Partial<Host> = {}): Host => ({
  id: 'i-9',
  instance: { isSpot: false },
  tasks: { web: 4 },
  ...host,
});
const since = (ms: number) => ({ 'spotkeeper.retiring': `on-demand-return@${new Date(NOW - ms).toISOString()}` });

/** Two Spot instances and one that stands in, all of them full. */
const returning = (host: Partial<Host> = {}, fleet: NonNullable<ClusterSpec['fleet']> = {}): ClusterSpec => ({
  hosts: [{ id: 'i-1', tasks: { web: 4 } }, { id: 'i-2', tasks: { web: 4 } }, standIn(host)],
  services: [{ name: 'web' }],
  fleet: { onDemandTargetUnits: 2, onDemandFulfilledUnits: 2, ...fleet },
});
const remembered = (waitedMs: number, failures = 0, missingUnits = 0) => ({
  memory: {
    ...NO_MEMORY,
    onDemand: {
      missing: missingUnits === 0 ? [] : [{ at: NOW - LONG, units: missingUnits }],
      returns: { waitingSince: NOW - waitedMs, failures },
    },
  },
});

describe('a return to Spot', () => {
  it('marks who stands in, and leaves target and part until the replacement is there', () => {
    const { plan } = decided(returning(), { ...policy(onDemand()), ...remembered(1_800_000) });
    expect(plan).toMatchObject([{ kind: 'mark-retiring', instanceId: 'i-9', reason: 'on-demand-return' }]);
    const marked = returning({ containerInstance: { attributes: since(1_000) } });
    expect(decided(marked, { ...policy(onDemand()), ...remembered(1_801_000) }).plan).toMatchObject([
      { kind: 'set-target', fromUnits: 6, targetUnits: 7, reason: 'replacement' },
    ]);
    expect(setting(decided(marked, policy(onDemand())))).not.toHaveProperty('onDemandUnits');
  });

  it.each<[string, number, number, Partial<OnDemandPolicy>]>([
    ['soon after the fallback', 1_799_000, 0, {}],
    ['for twice as long after a try that failed', 3_599_000, 1, {}],
    ['for what makes up the base', 1_800_000, 0, { baseUnits: 2 }],
  ])('is not tried %s', (_when, waitedMs, failures, rest) => {
    const decision = decided(returning(), { ...policy(onDemand({}, rest)), ...remembered(waitedMs, failures) });
    expect(decision.plan).toEqual([]);
  });

  it('waits no longer than four hours, however often it has failed', () => {
    const { plan } = decided(returning(), { ...policy(onDemand()), ...remembered(4 * 3_600_000, 12) });
    expect(plan).toMatchObject([{ kind: 'mark-retiring', reason: 'on-demand-return' }]);
  });

  it('that brings no Spot is taken back, and nothing is bought for it', () => {
    const marked = returning({ containerInstance: { attributes: since(LONG) } }, { targetUnits: 8 });
    const { plan, memory } = decided(marked, { ...policy(onDemand()), ...remembered(LONG, 1, 2) });
    expect(plan).toMatchObject([
      { kind: 'set-target', targetUnits: 6, reason: 'withdraw-ask' },
      { kind: 'reactivate', instanceId: 'i-9', reason: 'spot-not-come' },
    ]);
    expect(memory.onDemand.returns).toEqual({ waitingSince: NOW, failures: 2 });
  });

  it('takes the part along with the target when the replacement is there and the instance drains', () => {
    const drains = { status: 'DRAINING' as const, attributes: since(60_000) };
    const spec = returning({ containerInstance: drains, tasks: {} });
    const hosts = [...(spec.hosts ?? []), { id: 'i-3', tasks: { web: 4 } }];
    const decision = decided({ ...spec, hosts }, { ...policy(onDemand()), ...remembered(LONG) });
    expect(setting(decision)).toMatchObject({ fromUnits: 8, targetUnits: 6, onDemandUnits: 0 });
  });

  it('ends nobody before the part has come down: the fleet would launch it again', () => {
    const drains = { status: 'DRAINING' as const, attributes: since(60_000), runningTaskCount: 0 };
    const spec = (part: number) =>
      returning({ containerInstance: drains, tasks: {} }, { targetUnits: 4, onDemandTargetUnits: part });
    const terminates = (part: number) =>
      decided(spec(part), { ...policy(onDemand()), ...remembered(LONG) }).plan.some(({ kind }) => kind === 'terminate');
    expect([terminates(2), terminates(0)]).toEqual([false, true]);
  });
});
