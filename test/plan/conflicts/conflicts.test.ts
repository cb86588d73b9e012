// Who else acts on the same, from a snapshot and from what was seen before.
import { describe, expect, it } from 'vitest';
import { ATTRIBUTE, OPERATORS_DRAIN, OPERATORS_HOLD } from '../../../src/model/attributes.ts';
import { NO_MEMORY } from '../../../src/plan/memory.ts';
import { aSnapshot, type Host, NOW } from '../../support/builders.ts';
import { type Decided, decided, decidedOn } from '../../support/decided.ts';

const kinds = ({ report }: Decided) => report.conflicts.map(({ kind }) => kind);
const MINUTE = 60_000;

describe('a calm cluster of our own', () => {
  it('has no conflict', () => {
    expect(decided({ hosts: [{ id: 'i-1' }, { id: 'i-2' }] }).report.conflicts).toEqual([]);
  });
});

describe('a fleet that acts by itself', () => {
  it('is told when it may choose victims', () => {
    const snapshot = { hosts: [{ id: 'i-1' }], fleet: { excessCapacityTerminationPolicy: 'default' as const } };
    expect(decided(snapshot).report.conflicts).toMatchObject([{ kind: 'fleet-may-terminate', targetUnits: 2 }]);
  });

  it.each(['launch', 'launch-before-terminate'] as const)('is told when it answers recommendations: %s', (strategy) => {
    const snapshot = { hosts: [{ id: 'i-1' }], fleet: { capacityRebalance: strategy } };
    expect(decided(snapshot).report.conflicts).toMatchObject([{ kind: 'capacity-rebalancing', strategy }]);
  });

  it('is told also when what is needed cannot be seen', () => {
    const snapshot = aSnapshot({ hosts: [{ id: 'i-1' }], fleet: { capacityRebalance: 'launch' } });
    const blind = decidedOn({ ...snapshot, gaps: [{ part: 'services', why: 'throttled' }] });
    expect(kinds(blind)).toEqual(['capacity-rebalancing']);
  });

  it('that cannot be seen is in conflict with nobody', () => {
    const blind = {
      ...aSnapshot({ hosts: [{ id: 'i-1' }] }),
      fleet: null,
      gaps: [{ part: 'fleet' as const, why: 'x' }],
    };
    expect(kinds(decidedOn(blind))).toEqual([]);
  });
});

describe('a capacity provider', () => {
  it('is told once, with its instances and how many of them are of the fleet', () => {
    const provided = (id: string, inFleet: boolean): Host => ({
      id,
      isMember: inFleet,
      containerInstance: { capacityProvider: 'asg' },
    });
    const { report } = decided({ hosts: [provided('i-1', true), provided('i-2', false), { id: 'i-3' }] });
    expect(report.conflicts).toEqual([
      { kind: 'capacity-provider', provider: 'asg', instanceIds: ['i-1', 'i-2'], ofFleet: 1 },
    ]);
  });
});

describe('another handler on the hosts', () => {
  it('is told once for all hosts that have it', () => {
    const marked = (id: string, found: string): Host => ({
      id,
      containerInstance: { attributes: { [ATTRIBUTE.otherDrainer]: found } },
    });
    const hosts = [marked('i-1', 'lifecycled:lifecycled.service'), marked('i-2', 'lifecycled:lifecycled.service')];
    expect(decided({ hosts: [...hosts, { id: 'i-3' }] }).report.conflicts).toEqual([
      { kind: 'second-drainer', found: 'lifecycled:lifecycled.service', instanceIds: ['i-1', 'i-2'] },
    ]);
  });
});

describe('an instance that drains', () => {
  /** What is told at each of these minutes, of an instance that drains all the time. */
  function toldAt(minutes: readonly number[], attributes: Readonly<Record<string, string>> = {}): string[][] {
    let memory = NO_MEMORY;
    return minutes.map((minute) => {
      const now = NOW + minute * MINUTE;
      const drains: Host = { id: 'i-1', containerInstance: { status: 'DRAINING', attributes, seenAt: now } };
      const pass = decidedOn({ ...aSnapshot({ hosts: [drains, { id: 'i-2' }] }), observedAt: now }, { memory, now });
      memory = pass.memory;
      return kinds(pass);
    });
  }

  it('by the decision of nobody we know is told after ten minutes', () => {
    expect(toldAt([0, 5, 9.9, 10])).toEqual([[], [], [], ['foreign-drain']]);
  });

  it('is told to a new leader no sooner', () => {
    expect(toldAt([10])).toEqual([[]]);
  });

  it.each([
    ['its agent wrote why', { [ATTRIBUTE.notice]: 'maintenance@2026-11-21T08:22:00Z' }],
    ['its agent wrote why in words of a later version', { [ATTRIBUTE.notice]: 'solar-flare' }],
    ['it is marked', { [ATTRIBUTE.retiring]: 'solar-flare' }],
    ['an operator drains it', { [ATTRIBUTE.cordoned]: OPERATORS_DRAIN }],
    ['an operator asks for a drain of somebody else', { [ATTRIBUTE.cordoned]: OPERATORS_HOLD }],
  ])('is not told when %s', (_, attributes) => {
    expect(toldAt([0, 20, 40], attributes)).toEqual([[], [], []]);
  });

  it('is told with since when, and no longer when it serves again', () => {
    const draining: Host = { id: 'i-1', containerInstance: { status: 'DRAINING' } };
    const memory = { ...NO_MEMORY, foreignDrains: { 'i-1': NOW - 11 * MINUTE } };
    expect(decided({ hosts: [draining] }, { memory }).report.conflicts).toEqual([
      { kind: 'foreign-drain', instances: [{ instanceId: 'i-1', since: NOW - 11 * MINUTE }] },
    ]);
    const after = decided({ hosts: [{ id: 'i-1' }] }, { memory });
    expect([kinds(after), after.memory.foreignDrains]).toEqual([[], {}]);
  });
});

describe('a target that somebody else moves', () => {
  const SHORT = {
    hosts: [{ id: 'i-1' }],
    services: [{ name: 'web', desiredCount: 9, runningCount: 0 }],
  };
  const ended = (memory: Decided['memory'], moves: number) => ({
    ...memory,
    targetWatch: {
      ...memory.targetWatch,
      moves: Array.from({ length: moves }, () => ({
        at: NOW - MINUTE,
        fromUnits: 5,
        fromSince: NOW - 2 * MINUTE,
        isFromOurs: true,
        toUnits: 3,
      })),
    },
  });

  it('is remembered as asked for when the plan asks, and not when the ask is held back', () => {
    const { memory, target } = decided(SHORT);
    expect(memory.targetWatch.asked).toEqual([{ units: target.proposedUnits, at: NOW }]);
    expect(decided(SHORT, { policy: { mode: 'observe' } }).memory.targetWatch.asked).toEqual([]);
  });

  it('is told, and set again where that is needed', () => {
    const twice = decided(SHORT, { memory: ended(NO_MEMORY, 2) });
    expect([kinds(twice), twice.report.restraint.frozen]).toEqual([['target-moved'], []]);
    expect(twice.plan).toMatchObject([{ kind: 'set-target' }]);
  });

  it('again and again freezes what shrinks, and lets the fleet grow', () => {
    const short = decided(SHORT, { memory: ended(NO_MEMORY, 3) });
    expect(short.report.restraint.frozen).toEqual(['target-fought']);
    expect(short.allowed).toMatchObject([{ kind: 'set-target' }]);
    const spare = decided(
      { hosts: [{ id: 'i-1' }, { id: 'i-2' }, { id: 'i-3' }], fleet: { targetUnits: 9 } },
      { memory: ended(NO_MEMORY, 3) },
    );
    expect([spare.target.reason, spare.plan]).toEqual(['frozen', []]);
  });
});
