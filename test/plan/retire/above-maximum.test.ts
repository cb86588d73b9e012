// A maximum that was lowered is honoured by retiring, whatever is short, and a minimum that was raised at once.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Budget, Policy, Window } from '../../../src/plan/policy.ts';
import { aRetirement, type ClusterSpec, type Host, NOW } from '../../support/builders.ts';
import { type Decided, decided } from '../../support/decided.ts';

const budget = (count: number): Budget => ({ most: { count }, isPerZone: false, withinMs: null });
const RETIRING = {
  containerInstance: {
    status: 'DRAINING' as const,
    attributes: { 'spotkeeper.retiring': `excess@${new Date(NOW - 1_000).toISOString()}` },
  },
};
const ALWAYS: Window = {
  days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
  from: '00:00',
  until: '00:00',
  timeZone: 'UTC',
};

/** `web` has a task on each host, and many tasks more that nobody has room for: something is always short. */
function busy(hosts: readonly Host[], fleet: NonNullable<ClusterSpec['fleet']> = {}): ClusterSpec {
  return {
    hosts: hosts.map((host) => ({ tasks: { web: 1 }, ...host })),
    services: [{ name: 'web', desiredCount: hosts.length + 200 }],
    fleet,
  };
}

const four = (rest: Partial<Host> = {}): Host[] => [1, 2, 3, 4].map((n) => ({ id: `i-${n}`, ...rest }));

const within = (
  { minUnits = 0, maxUnits = 100 }: Partial<Policy['fleet']>,
  retirement: Partial<Policy['retirement']> = {},
) => ({
  policy: {
    retirement: aRetirement({ budgets: [budget(10)], ...retirement }),
    fleet: { name: 'general', minUnits, maxUnits },
    pendingDebounceMs: 0,
  },
});

const victimsOf = ({ report }: Decided) => report.scaleIn.victims.map(({ instanceId }) => instanceId);

describe('a maximum below what the fleet has', () => {
  it('lowers the target and makes instances leave, although room is short', () => {
    const decision = decided(busy(four()), within({ maxUnits: 4 }));
    expect(decision.target).toMatchObject({ reason: 'above-maximum', presentUnits: 8, proposedUnits: 4 });
    expect(decision.target.shortUnits).toBeGreaterThan(0);
    expect(decision.report.scaleIn).toMatchObject({
      reason: 'above-maximum',
      victims: [
        { instanceId: 'i-1', reason: 'excess' },
        { instanceId: 'i-2', reason: 'excess' },
      ],
    });
  });

  it('makes nobody leave who reaches below it: sent home, it would be launched again', () => {
    expect(victimsOf(decided(busy(four()), within({ maxUnits: 7 })))).toEqual([]);
    const mixed: Host[] = [{ id: 'i-1', type: 'm5.xlarge' }, { id: 'i-2' }, { id: 'i-3' }];
    expect(victimsOf(decided(busy(mixed), within({ maxUnits: 6 })))).toEqual(['i-2']);
  });

  it('takes no more at once than the budgets allow', () => {
    const decision = decided(busy(four()), within({ maxUnits: 2 }, { budgets: [budget(1)] }));
    expect(victimsOf(decision)).toEqual(['i-1']);
    expect(decision.report.scaleIn.unremovable).toContainEqual({ instanceId: 'i-2', reason: 'over-budget' });
  });

  it('does not call back who leaves for it', () => {
    const hosts = [{ id: 'i-1', ...RETIRING }, { id: 'i-2' }, { id: 'i-3' }];
    const decision = decided(busy(hosts, { targetUnits: 4 }), within({ maxUnits: 4 }));
    expect(decision.plan).toEqual([]);
    expect(decision.target.reason).toBe('at-maximum');
  });

  it('calls back only as many as there may be', () => {
    const hosts = [{ id: 'i-1', ...RETIRING }, { id: 'i-2', ...RETIRING }, { id: 'i-3' }];
    const decision = decided(busy(hosts, { targetUnits: 2 }), within({ maxUnits: 4 }));
    expect(decision.plan.filter(({ kind }) => kind === 'reactivate')).toMatchObject([{ instanceId: 'i-1' }]);
  });

  it.each<[string, Partial<Host>, string]>([
    ['runs a standalone task', { tasks: { 'family:batch': 1 } }, 'standalone-task'],
    ['has just been launched', { instance: { launchedAt: NOW } }, 'too-young'],
  ])('leaves alone one that %s, and says so', (_why, host, reason) => {
    const decision = decided(busy(four(host)), within({ maxUnits: 2 }, { minimumAgeMs: 300_000 }));
    expect(victimsOf(decision)).toEqual([]);
    expect(decision.report.scaleIn.reason).toBe('shortage');
    expect(decision.report.scaleIn.unremovable).toContainEqual({ instanceId: 'i-1', reason });
  });

  it('waits for quiet hours to end, and for a fleet that is modifying', () => {
    expect(victimsOf(decided(busy(four()), within({ maxUnits: 2 }, { quiet: [ALWAYS] })))).toEqual([]);
    expect(victimsOf(decided(busy(four(), { state: 'modifying' }), within({ maxUnits: 2 })))).toEqual([]);
  });

  it('is reached, whatever the weights, as far as instances divide, and never fallen below', () => {
    const hosts = fc.array(fc.constantFrom('m5.large', 'm5.xlarge'), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(hosts, fc.integer({ min: 1, max: 40 }), (types, maxUnits) => {
        const all = types.map((type, index) => ({ id: `i-${index}`, type }));
        const weightOf = (id: string) => (all.find((host) => host.id === id)?.type === 'm5.large' ? 2 : 4);
        const leaving = new Set<string>(victimsOf(decided(busy(all), within({ maxUnits }))));
        const staying = all.filter(({ id }) => !leaving.has(id)).map(({ id }) => weightOf(id));
        const units = staying.reduce((sum, weight) => sum + weight, 0);
        if (leaving.size > 0) expect(units).toBeGreaterThanOrEqual(maxUnits);
        for (const weight of staying) expect(units - weight).toBeLessThan(maxUnits);
      }),
    );
  });
});

describe('a minimum above what the fleet has', () => {
  const idle = (hosts: readonly Host[], fleet: NonNullable<ClusterSpec['fleet']> = {}): ClusterSpec => ({
    hosts,
    services: [{ name: 'web', desiredCount: 0 }],
    fleet,
  });

  it('raises the target at once, although nothing is short and nothing may shrink', () => {
    const spec = { ...idle(four()), snapshot: { gaps: [{ part: 'tasks', why: 'not looked at' } as const] } };
    const decision = decided(spec, within({ minUnits: 20 }));
    expect(decision.target).toMatchObject({ reason: 'below-minimum', proposedUnits: 20 });
  });

  it('calls back who was leaving', () => {
    const hosts = [{ id: 'i-1', ...RETIRING }, { id: 'i-2' }];
    const { plan } = decided(idle(hosts, { targetUnits: 2 }), within({ minUnits: 4 }));
    expect(plan).toMatchObject([
      { kind: 'set-target', targetUnits: 4 },
      { kind: 'reactivate', instanceId: 'i-1', reason: 'need-returned' },
    ]);
  });

  it('asks for it beside who leaves and cannot come back', () => {
    const gone = { ...RETIRING.containerInstance, agentConnected: false };
    const hosts = [{ id: 'i-1', containerInstance: gone }, { id: 'i-2' }];
    const { target } = decided(idle(hosts, { targetUnits: 2 }), within({ minUnits: 4 }));
    expect(target.proposedUnits).toBe(6);
  });
});
