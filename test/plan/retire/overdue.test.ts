// A drain that takes longer than the operator allows, and who may be chosen again after it.
import { describe, expect, it } from 'vitest';
import { NO_MEMORY } from '../../../src/plan/memory.ts';
import { aRetirement, type Host, NOW } from '../../support/builders.ts';
import { decided } from '../../support/decided.ts';

const since = (agoMs: number, reason = 'excess') => `${reason}@${new Date(NOW - agoMs).toISOString()}`;

const draining = (agoMs: number, tasks: Host['tasks'], reason?: string): Host => ({
  id: 'i-1',
  ...(tasks === undefined ? {} : { tasks }),
  containerInstance: { status: 'DRAINING', attributes: { 'spotkeeper.retiring': since(agoMs, reason) } },
});

const limits = (end: 'terminate' | 'give-up') => {
  const usual = aRetirement();
  const excess = { limitMs: 60_000, end };
  return { retirement: aRetirement({ drain: { ...usual.drain, excess, drift: excess } }) };
};

const cluster = (host: Host) => ({
  hosts: [host, { id: 'i-2' }, { id: 'i-3' }],
  services: [{ name: 'web', desiredCount: 1 }],
  fleet: { targetUnits: 4 },
});

describe('a drain of ours', () => {
  it('goes on within its time', () => {
    const { plan } = decided(cluster(draining(59_000, { web: 1 })), { policy: limits('give-up') });
    expect(plan).toEqual([]);
  });

  it('is given up after it, and the instance left in peace for an hour', () => {
    const { plan, memory } = decided(cluster(draining(61_000, { web: 1 })), { policy: limits('give-up') });
    expect(plan).toMatchObject([{ kind: 'reactivate', instanceId: 'i-1', reason: 'drain-given-up' }]);
    expect(memory.givenUp).toEqual({ 'i-1': NOW });
    const back = { hosts: [{ id: 'i-1' }], fleet: { targetUnits: 2 } };
    const refusal = (agoMs: number) =>
      decided(back, { memory: { ...NO_MEMORY, givenUp: memory.givenUp }, now: NOW + agoMs }).report.scaleIn;
    expect(refusal(1_000).unremovable).toEqual([{ instanceId: 'i-1', reason: 'given-up' }]);
  });

  it('or has its tasks stopped, each by itself, and ends the instance only when it is empty', () => {
    const { plan } = decided(cluster(draining(61_000, { web: 2 })), { policy: limits('terminate') });
    expect(plan).toMatchObject([
      { kind: 'stop-task', instanceId: 'i-1', reason: 'excess' },
      { kind: 'stop-task', instanceId: 'i-1', reason: 'excess' },
    ]);
  });

  it('that is over is over: an empty instance ends, however late', () => {
    const { plan } = decided(cluster(draining(61_000, undefined)), { policy: limits('give-up') });
    expect(plan).toMatchObject([{ kind: 'terminate', instanceId: 'i-1' }]);
  });

  it('of an earlier version, which says no time, has no end', () => {
    const host: Host = {
      ...draining(0, { web: 1 }),
      containerInstance: { status: 'DRAINING', attributes: { 'spotkeeper.retiring': 'excess' } },
    };
    expect(decided(cluster(host), { policy: limits('give-up') }).plan).toEqual([]);
  });
});

describe('an instance that is to be replaced', () => {
  const marked = (agoMs: number): Host => ({
    id: 'i-1',
    tasks: { web: 1 },
    containerInstance: { attributes: { 'spotkeeper.retiring': since(agoMs, 'drift') } },
  });

  it('is asked for anew before it drains', () => {
    const alone = { hosts: [marked(1_000)], services: [{ name: 'web', desiredCount: 1 }], fleet: { targetUnits: 2 } };
    expect(decided(alone).plan).toMatchObject([{ kind: 'set-target', fromUnits: 2, targetUnits: 3 }]);
  });

  it('drains when nothing is short without it, and is not called back by its own absence', () => {
    const both = {
      hosts: [marked(1_000), { id: 'i-2' }],
      services: [{ name: 'web', desiredCount: 1 }],
      fleet: { targetUnits: 4 },
    };
    expect(decided(both).plan).toMatchObject([
      { kind: 'set-target', targetUnits: 2, reason: 'retirement' },
      { kind: 'drain', instanceId: 'i-1', reason: 'drift' },
    ]);
  });

  it('stays when its replacement does not come in time', () => {
    const alone = { hosts: [marked(61_000)], services: [{ name: 'web', desiredCount: 1 }], fleet: { targetUnits: 4 } };
    expect(decided(alone, { policy: limits('give-up') }).plan).toContainEqual(
      expect.objectContaining({ kind: 'reactivate', reason: 'drain-given-up' }),
    );
  });
});

describe('consolidation', () => {
  const justSo = {
    hosts: [
      { id: 'i-1', tasks: { web: 1 } },
      { id: 'i-2', tasks: { web: 1 } },
    ],
    services: [{ name: 'web', desiredCount: 2 }],
    fleet: { targetUnits: 4 },
  };

  it('is what the last that could leave does, and has a pace', () => {
    const retirement = aRetirement({ consolidateEveryMs: 600_000 });
    const first = decided(justSo, { policy: { retirement } });
    expect(first.report.scaleIn.victims).toEqual([{ instanceId: 'i-1', reason: 'consolidation' }]);
    const lately = first.memory.retirements.map((each) => ({ ...each, at: NOW - 599_000 }));
    const again = decided(justSo, { policy: { retirement }, memory: { ...first.memory, retirements: lately } });
    expect(again.report.scaleIn.unremovable).toContainEqual({ instanceId: 'i-1', reason: 'consolidated-lately' });
    expect(again.plan).toEqual([]);
  });
});

describe('a victim', () => {
  it('is never younger than five minutes', () => {
    const retirement = aRetirement({ minimumAgeMs: 300_000 });
    const { report } = decided(
      { hosts: [{ id: 'i-1', instance: { launchedAt: NOW - 299_000 } }] },
      { policy: { retirement } },
    );
    expect(report.scaleIn.unremovable).toEqual([{ instanceId: 'i-1', reason: 'too-young' }]);
  });

  it('does not move more of the tasks than twice its share of the cost', () => {
    const hosts = [
      { id: 'i-1', tasks: { web: 3 } },
      { id: 'i-2', type: 'm5.2xlarge', tasks: { web: 1 } },
    ];
    const unlike = { hosts, services: [{ name: 'web', desiredCount: 4 }], fleet: { targetUnits: 10 } };
    const { report } = decided(unlike);
    expect(report.scaleIn.victims.map(({ instanceId }) => instanceId)).not.toContain('i-1');
  });

  it('may run standalone tasks where the operator lets them be waited for', () => {
    const hosts = [{ id: 'i-1', tasks: { 'family:batch': 1 } }, { id: 'i-2' }, { id: 'i-3' }];
    const retirement = aRetirement({ standaloneTasks: 'wait', budgets: [] });
    const { report } = decided({ hosts }, { policy: { retirement } });
    expect(report.scaleIn.victims.map(({ instanceId }) => instanceId)).toContain('i-1');
  });
});
