// A pool that is being taken back: when it counts as lost, what follows from that at once, and when it is over.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_STORMS, stormsAfter } from '../../../src/plan/interruptions/storms.ts';
import { ledger } from '../../../src/plan/ledger.ts';
import { type Memory, NO_MEMORY } from '../../../src/plan/memory.ts';
import { aPolicy, aSnapshot, type ClusterSpec, type Host, NOW, type ServiceSpec } from '../../support/builders.ts';
import { decided } from '../../support/decided.ts';

const web: ServiceSpec = { name: 'web', shape: { cpuUnits: 1024, memoryMiB: 2048 } };
const POOL = 'm5.large/us-east-1a';
const notice = { 'spotkeeper.notice': `interruption@${new Date(NOW + 110_000).toISOString()}` };
const noticed = (id: string, more: Partial<Host> = {}): Host => ({
  id,
  tasks: { web: 2 },
  containerInstance: { status: 'DRAINING', attributes: notice },
  ...more,
});
const well = (id: string, more: Partial<Host> = {}): Host => ({ id, tasks: { web: 2 }, ...more });

describe('a storm', () => {
  it('takes all of the pool for lost, whose room is asked for at once', () => {
    const hosts = [noticed('i-1'), noticed('i-2'), well('i-3'), well('i-4'), well('i-5', { zone: 'us-east-1b' })];
    const { plan, report, standing } = decided({ hosts, services: [web] });
    expect(report.storms).toEqual([{ pool: POOL, since: NOW, lastNoticeAt: NOW, notices: 2 }]);
    expect(['i-1', 'i-3', 'i-4', 'i-5'].map(standing)).toEqual(['noticed', 'in-storm', 'in-storm', 'serving']);
    expect(plan).toMatchObject([{ kind: 'set-target', fromUnits: 10, reason: 'pending-tasks' }]);
    // Eight tasks, two to an instance of two units, beside the ten units that the fleet still counts.
    expect(report.target.proposedUnits).toBe(17);
    expect(report.scaleIn.reason).toBe('storm');
  });

  it.each<[string, Host[]]>([
    ['one notice', [noticed('i-1'), well('i-2')]],
    ['notices in two zones', [noticed('i-1'), noticed('i-2', { zone: 'us-east-1b' }), well('i-3')]],
    ['notices of two types', [noticed('i-1'), noticed('i-2', { type: 'm5.xlarge' }), well('i-3')]],
    [
      'notices of On-Demand instances',
      [noticed('i-1', { instance: { isSpot: false } }), noticed('i-2', { instance: { isSpot: false } })],
    ],
  ])('is not made by %s', (_, hosts) => {
    expect(decided({ hosts, services: [web] }).report.storms).toEqual([]);
  });

  it('spares what was launched there since, and On-Demand instances', () => {
    const since = NOW - 60_000;
    const storms = { noticed: {}, pools: { [POOL]: { since, lastNoticeAt: since, notices: 2 } } };
    const hosts = [
      well('i-1'),
      well('i-2', { instance: { launchedAt: since + 1 } }),
      well('i-3', { instance: { isSpot: false } }),
    ];
    const { standing } = decided({ hosts, services: [web] }, { memory: { ...NO_MEMORY, storms } });
    expect(['i-1', 'i-2', 'i-3'].map(standing)).toEqual(['in-storm', 'serving', 'serving']);
  });

  it('begins with notices of several passes, goes on with each, and ends some time after the last', () => {
    const policy = aPolicy().interruptions.storm;
    const passAt = (storms: typeof NO_STORMS, seconds: number, ids: readonly string[]) => {
      const now = NOW + seconds * 1000;
      const hosts = ids.map((id) =>
        noticed(id, {
          containerInstance: {
            status: 'DRAINING',
            attributes: { 'spotkeeper.notice': `interruption@${new Date(now + 100_000).toISOString()}` },
          },
        }),
      );
      return stormsAfter(
        storms,
        ledger({ snapshot: aSnapshot({ hosts }), policy: aPolicy(), memory: NO_MEMORY, now }),
        { policy, now },
      );
    };
    const one = passAt(NO_STORMS, 0, ['i-1']);
    expect(one.pools).toEqual({});
    expect(passAt(one, 200, ['i-2']).pools).toEqual({});
    const two = passAt(one, 170, ['i-2']);
    expect(two.pools[POOL]).toEqual({ since: NOW + 170_000, lastNoticeAt: NOW + 170_000, notices: 2 });
    const three = passAt(two, 700, ['i-3']);
    expect(three.pools[POOL]).toEqual({ since: NOW + 170_000, lastNoticeAt: NOW + 700_000, notices: 3 });
    expect(passAt(three, 1_299, []).pools[POOL]).toBeDefined();
    expect(passAt(three, 1_300, [])).toEqual(NO_STORMS);
  });

  it('is not begun anew by notices that stand, however long', () => {
    const hosts = [noticed('i-1'), noticed('i-2')];
    const first = decided({ hosts }).memory;
    const storm = first.storms.pools[POOL];
    const later = decided({ hosts }, { memory: first, now: NOW + 90_000 }).memory;
    expect(later.storms.pools[POOL]).toEqual(storm);
  });

  it('lets nobody leave who was chosen before it, and calls nobody back into the pool', () => {
    const marked = { status: 'DRAINING' as const, attributes: { 'spotkeeper.retiring': 'excess' } };
    const hosts = [noticed('i-1'), noticed('i-2'), { id: 'i-3', containerInstance: marked }];
    expect(decided({ hosts, services: [web] }).plan.map(({ kind }) => kind)).toEqual(['set-target']);
  });

  it('asks for the same as long as nothing comes, and for no more once it has come', () => {
    const hosts = fc.array(
      fc.record({ isNoticed: fc.boolean(), tasks: fc.nat(2), zone: fc.constantFrom('us-east-1a', 'us-east-1b') }),
      {
        minLength: 2,
        maxLength: 9,
      },
    );
    fc.assert(
      fc.property(hosts, (list) => {
        const named = list.map(({ isNoticed, tasks, zone }, at) =>
          (isNoticed ? noticed : well)(`i-${at}`, { tasks: { web: tasks }, zone }),
        );
        const spec: ClusterSpec = { hosts: named, services: [web] };
        const first = decided(spec);
        const { proposedUnits } = first.target;
        const units = 2 * list.length;
        const asked = { ...spec, fleet: { targetUnits: proposedUnits, fulfilledUnits: units } };
        const waiting = decided(asked, { memory: first.memory, now: NOW + 15_000 });
        expect(waiting.target.proposedUnits).toBe(proposedUnits);
        expect(waiting.plan.filter(({ kind }) => kind === 'set-target')).toEqual([]);
        const fresh = Array.from(
          { length: Math.ceil((proposedUnits - units) / 2) },
          (_, at): Host => ({
            id: `i-new-${at}`,
            zone: 'us-east-1a',
            instance: { launchedAt: NOW + 1_000, state: 'pending' },
            containerInstance: null,
          }),
        );
        const came: ClusterSpec = { ...spec, hosts: [...named, ...fresh], fleet: { targetUnits: proposedUnits } };
        const answered = decided(came, { memory: waiting.memory, now: NOW + 30_000 });
        expect(answered.target.proposedUnits).toBeLessThanOrEqual(proposedUnits);
      }),
      { numRuns: 200 },
    );
  });
});

describe('an interrupted instance that goes on taking tasks', () => {
  const hosts = [well('i-1', { containerInstance: { attributes: notice } })];
  const passAt = (seconds: number, memory: Memory) => decided({ hosts }, { memory, now: NOW + seconds * 1000 });

  it('is drained when its agent has had time to do it', () => {
    const first = passAt(0, NO_MEMORY);
    expect(first.plan.filter(({ kind }) => kind === 'drain')).toEqual([]);
    expect(passAt(4, first.memory).plan.filter(({ kind }) => kind === 'drain')).toEqual([]);
    expect(passAt(5, first.memory).plan).toMatchObject([{ kind: 'drain', reason: 'interruption', instanceId: 'i-1' }]);
  });

  it('is left alone where it has been told something else since', () => {
    const { memory } = passAt(0, NO_MEMORY);
    const attributes = { 'spotkeeper.notice': `host-shutdown@${new Date(NOW + 60_000).toISOString()}` };
    const { plan } = decided(
      { hosts: [well('i-1', { containerInstance: { attributes } })] },
      { memory, now: NOW + 6_000 },
    );
    expect(plan.filter(({ kind }) => kind === 'drain')).toEqual([]);
  });

  it('is drained also where nothing may shrink, as it is lost anyhow', () => {
    const { memory } = passAt(0, NO_MEMORY);
    const { allowed } = decided(
      { hosts, snapshot: { gaps: [{ part: 'tasks', why: 'x' }] } },
      { memory, now: NOW + 15_000 },
    );
    expect(allowed).toContainEqual(expect.objectContaining({ kind: 'drain', reason: 'interruption' }));
  });
});
