// Who is replaced whatever the surplus: an operator's wish and drift. The replacement comes first, in batches.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type TypeLaunch, UNKNOWN_LAUNCH } from '../../../src/model/launch.ts';
import { NO_MEMORY } from '../../../src/plan/memory.ts';
import type { Budget, Policy } from '../../../src/plan/policy.ts';
import { aRetirement, arnOf, type ClusterSpec, type Host, NOW } from '../../support/builders.ts';
import { decided } from '../../support/decided.ts';

const WISH = { 'spotkeeper.replace': 'operator@2026-11-21T11:59:00Z' };
const marked = (reason: string) => ({ 'spotkeeper.retiring': `${reason}@${new Date(NOW - 1_000).toISOString()}` });

const wished = (id: string, host: Partial<Host> = {}): Host => ({
  id,
  containerInstance: { attributes: WISH },
  ...host,
});
const budget = (count: number): Budget => ({ most: { count }, isPerZone: false, withinMs: null });

/** Nothing is any instance's own: `web` has a task on each, and nobody has asked which are protected but of all of these. */
const cluster = (hosts: readonly Host[], rest: Partial<ClusterSpec> = {}): ClusterSpec => ({
  hosts: hosts.map((host) => ({ tasks: { web: 1 }, ...host })),
  services: [{ name: 'web', desiredCount: hosts.length }],
  snapshot: {
    protection: hosts.map(({ id }) => ({ containerInstanceArn: arnOf(id), protectedTasks: [] })),
    ...rest.snapshot,
  },
  ...(rest.fleet === undefined ? {} : { fleet: rest.fleet }),
});

const replacing = (retirement: Partial<Policy['retirement']> = {}, fleet: Partial<Policy['fleet']> = {}) => ({
  // A surplus never lasts long enough, so that whoever leaves is one that was wished.
  policy: {
    retirement: aRetirement({ budgets: [budget(2)], ...retirement }),
    fleet: { name: 'general', minUnits: 0, maxUnits: 100, ...fleet },
    scaleIn: { idleMs: 3_600_000 },
  },
});

describe('an operator who wants an instance replaced', () => {
  it('has it marked, and neither drained nor taken from the target', () => {
    const { plan, report, memory } = decided(cluster([wished('i-1'), { id: 'i-2' }]), replacing());
    expect(plan).toMatchObject([{ kind: 'mark-retiring', instanceId: 'i-1', reason: 'operator', since: NOW }]);
    expect(report.scaleIn).toMatchObject({ reason: 'replace', victims: [{ instanceId: 'i-1', reason: 'operator' }] });
    expect(memory.retirements).toHaveLength(1);
    expect(memory.retiredAt).toBeNull();
  });

  it.each<[string, Partial<Host>]>([
    ['is younger than anybody else may be', { instance: { launchedAt: NOW - 1_000 } }],
    ['is cordoned', { containerInstance: { attributes: { ...WISH, 'spotkeeper.cordoned': 'operator' } } }],
  ])('has one replaced that %s', (_why, host) => {
    const { report } = decided(cluster([wished('i-1', host), { id: 'i-2' }]), replacing({ minimumAgeMs: 300_000 }));
    expect(report.scaleIn.victims).toHaveLength(1);
  });

  it.each<[string, Partial<Host>, string]>([
    ['drains', { containerInstance: { attributes: WISH, status: 'DRAINING' } }, 'not-serving'],
    ['is not of the fleet', { isMember: false }, 'not-in-fleet'],
    ['runs a standalone task', { tasks: { 'family:batch': 1 } }, 'standalone-task'],
  ])('is told why not one that %s', (_why, host, reason) => {
    const { plan, report } = decided(cluster([wished('i-1', host), { id: 'i-2' }]), replacing());
    expect(plan.filter(({ kind }) => kind === 'mark-retiring')).toEqual([]);
    expect(report.scaleIn.unremovable).toContainEqual({ instanceId: 'i-1', reason });
  });

  it('waits where its drain was given up a while ago', () => {
    const memory = { ...NO_MEMORY, givenUp: { 'i-1': NOW - 60_000 } };
    const { report } = decided(cluster([wished('i-1'), { id: 'i-2' }]), { ...replacing(), memory });
    expect(report.scaleIn.unremovable).toContainEqual({ instanceId: 'i-1', reason: 'given-up' });
  });

  it('takes it back by taking the wish back', () => {
    const unwished = { id: 'i-1', containerInstance: { attributes: marked('operator') } };
    expect(decided(cluster([unwished, { id: 'i-2' }]), replacing()).plan).toContainEqual(
      expect.objectContaining({ kind: 'reactivate', instanceId: 'i-1', reason: 'wish-withdrawn' }),
    );
    const still = { id: 'i-1', containerInstance: { attributes: { ...marked('operator'), ...WISH } } };
    expect(decided(cluster([still, { id: 'i-2' }]), replacing()).plan).not.toContainEqual(
      expect.objectContaining({ kind: 'reactivate' }),
    );
  });
});

describe('drift', () => {
  const launch = (version: number, imageId = 'ami-1') => ({ imageId, template: { id: 'lt-1', version } });
  const now: TypeLaunch = { instanceType: 'm5.large', ...launch(2) };
  const rolled = (launches: readonly TypeLaunch[], ...hosts: Host[]) => cluster(hosts, { snapshot: { launches } });
  const old: Host = { id: 'i-1', instance: { launch: launch(1) } };
  const current: Host = { id: 'i-2', instance: { launch: launch(2) } };

  it('is an image or a launch template version that is not the fleet’s, before or after it', () => {
    const { report } = decided(
      rolled(
        [now],
        old,
        current,
        { id: 'i-3', instance: { launch: { imageId: 'ami-2', template: null } } },
        { id: 'i-4', instance: { launch: { imageId: 'ami-1', template: null } } },
        { id: 'i-5', instance: { launch: launch(3) } },
      ),
      replacing(),
    );
    expect(report.drifted).toEqual(['i-1', 'i-3', 'i-5']);
  });

  it.each<[string, readonly TypeLaunch[], Host]>([
    ['where nobody says what the fleet launches', [], old],
    ['of a type that the fleet does not name', [{ ...now, instanceType: 'm5.xlarge' }], old],
    ['where the instance says nothing', [now], { id: 'i-1', instance: { launch: UNKNOWN_LAUNCH } }],
    ['of an instance that the fleet did not launch', [now], { ...old, isMember: false }],
  ])('is not told %s', (_where, launches, host) => {
    expect(decided(rolled(launches, host, current), replacing()).report.drifted).toEqual([]);
  });

  it('is replaced where the operator says so, and otherwise only named', () => {
    const drifted = rolled([now], old, current);
    expect(decided(drifted, replacing({ drift: 'replace' })).report.scaleIn.victims).toEqual([
      { instanceId: 'i-1', reason: 'drift' },
    ]);
    const { report } = decided(drifted, replacing({ drift: 'report' }));
    expect(report.scaleIn.victims).toEqual([]);
    expect(report.drifted).toEqual(['i-1']);
  });

  it('comes after what operators wish', () => {
    const { report } = decided(rolled([now], old, wished('i-2')), replacing({ budgets: [budget(1)] }));
    expect(report.scaleIn.victims).toEqual([{ instanceId: 'i-2', reason: 'operator' }]);
  });
});

describe('a batch', () => {
  const waiting: Host = { id: 'i-0', containerInstance: { attributes: { ...marked('operator'), ...WISH } } };

  it('is as large as the budgets allow', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 12 }), (count, most) => {
        const hosts = Array.from({ length: count }, (_, at) => wished(`i-${String(at).padStart(2, '0')}`));
        const { report, plan } = decided(cluster(hosts), replacing({ budgets: [budget(most)] }));
        expect(report.scaleIn.victims).toHaveLength(Math.min(count, most, 10));
        expect(plan.every(({ kind }) => kind === 'mark-retiring')).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('begins when nobody waits for a replacement any more', () => {
    const { report } = decided(cluster([waiting, wished('i-1')]), replacing({ budgets: [budget(5)] }));
    expect(report.scaleIn.victims).toEqual([]);
    const drained: Host = { ...waiting, containerInstance: { ...waiting.containerInstance, status: 'DRAINING' } };
    const next = decided(cluster([drained, wished('i-1'), { id: 'i-2' }]), replacing({ budgets: [budget(5)] }));
    expect(next.report.scaleIn.victims).toEqual([{ instanceId: 'i-1', reason: 'operator' }]);
  });

  it('does not begin while anything is short', () => {
    const short = { ...cluster([wished('i-1')]), services: [{ name: 'web', desiredCount: 20 }] };
    const { report } = decided({ ...short, fleet: { targetUnits: 100 } }, replacing({}, { maxUnits: 2 }));
    expect(report.scaleIn.victims).toEqual([]);
  });

  it('is not begun where the fleet may have nobody more, and that is said', () => {
    const full = { hosts: [wished('i-1', { tasks: { web: 3 } }), { id: 'i-2', tasks: { web: 3 } }] };
    const atMaximum = cluster(full.hosts);
    const { plan, report } = decided(
      { ...atMaximum, services: [{ name: 'web', desiredCount: 6 }] },
      replacing({}, { maxUnits: 4 }),
    );
    expect(plan).toEqual([]);
    expect(report.scaleIn.unremovable).toContainEqual({ instanceId: 'i-1', reason: 'at-maximum' });
  });

  it('needs no replacement, so no maximum, where there is room', () => {
    const { report } = decided(cluster([wished('i-1'), { id: 'i-2' }]), replacing({}, { maxUnits: 4 }));
    expect(report.scaleIn.victims).toEqual([{ instanceId: 'i-1', reason: 'operator' }]);
  });
});

describe('a replacement', () => {
  const leaving: Host = {
    id: 'i-1',
    tasks: { web: 3 },
    containerInstance: { attributes: { ...marked('operator'), ...WISH } },
  };
  const full: Host = { id: 'i-2', tasks: { web: 3 } };
  const services = [{ name: 'web', desiredCount: 6 }];

  it('is asked for, and that it is one is said', () => {
    const { plan } = decided({ ...cluster([leaving, full]), services }, replacing());
    expect(plan).toMatchObject([{ kind: 'set-target', fromUnits: 4, targetUnits: 5, reason: 'replacement' }]);
  });

  it('is not there while it is still launching', () => {
    const launching: Host = {
      id: 'i-3',
      tasks: {},
      containerInstance: null,
      instance: { state: 'pending', launchedAt: NOW - 1_000 },
    };
    const { plan } = decided({ ...cluster([leaving, full, launching]), services }, replacing());
    expect(plan.filter(({ kind }) => kind === 'drain')).toEqual([]);
    const joined = decided({ ...cluster([leaving, full, { id: 'i-3', tasks: {} }]), services }, replacing());
    expect(joined.plan).toContainEqual(expect.objectContaining({ kind: 'drain', instanceId: 'i-1' }));
  });

  it('comes also for one whose room nobody needs, where the fleet is at its minimum', () => {
    const hosts: Host[] = [
      { ...leaving, tasks: {} },
      { id: 'i-2', tasks: {} },
    ];
    const atMinimum = replacing({}, { minUnits: 4 });
    const asked = decided({ hosts }, atMinimum);
    expect(asked.plan).toMatchObject([{ kind: 'set-target', fromUnits: 4, targetUnits: 6, reason: 'replacement' }]);
    const came = decided({ hosts: [...hosts, { id: 'i-3', tasks: {} }] }, atMinimum);
    expect(came.plan).toMatchObject([
      { kind: 'set-target', fromUnits: 6, targetUnits: 4, reason: 'retirement' },
      { kind: 'drain', instanceId: 'i-1' },
    ]);
  });

  it('undoes no scale-in', () => {
    const memory = { ...NO_MEMORY, retiredAt: NOW - 60_000 };
    const { memory: after } = decided({ ...cluster([leaving, full]), services }, { ...replacing(), memory });
    expect(after.undoneAt).toEqual([]);
  });
});
