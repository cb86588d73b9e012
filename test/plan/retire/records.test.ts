// An instance that ECS knows twice: its agent lost its state and registered anew; the old record stays, disconnected.
import { describe, expect, it } from 'vitest';
import { containerInstanceArn } from '../../../src/model/ids.ts';
import type { ClusterSnapshot } from '../../../src/model/snapshot.ts';
import { aRetirement, arnOf, aSnapshot, type Host, NOW } from '../../support/builders.ts';
import { decidedOn } from '../../support/decided.ts';

const OLD = containerInstanceArn('arn:aws:ecs:us-east-1:123456789012:container-instance/production/old');

/** With an old record of i-1 on which so many tasks are counted. */
function twice(host: Partial<Host>, runningTaskCount: number): ClusterSnapshot {
  const snapshot = aSnapshot({ hosts: [{ id: 'i-1', ...host }, { id: 'i-2' }], fleet: { targetUnits: 2 } });
  const [record] = snapshot.containerInstances;
  if (record === undefined) throw new Error('there is a record');
  const old = {
    ...record,
    arn: OLD,
    status: 'ACTIVE' as const,
    agentConnected: false,
    registeredAt: record.registeredAt - 1_000,
    runningTaskCount,
    attributes: {},
  };
  return { ...snapshot, containerInstances: [old, ...snapshot.containerInstances] };
}

const RETIRING = {
  containerInstance: { status: 'DRAINING', attributes: { 'spotkeeper.retiring': 'excess' } },
} as const;

describe('an instance with an old record', () => {
  it('ends when it is empty and nothing stands on the old one', () => {
    expect(decidedOn(twice(RETIRING, 0)).plan).toContainEqual(
      expect.objectContaining({ kind: 'terminate', containerInstanceArn: arnOf('i-1') }),
    );
  });

  it('does not end while tasks are counted on the old one, and the plan is sound', () => {
    expect(decidedOn(twice(RETIRING, 1)).plan.filter(({ kind }) => kind === 'terminate')).toEqual([]);
  });

  it('is not chosen while tasks are counted on the old one', () => {
    const { scaleIn } = decidedOn(twice({}, 1)).report;
    expect(scaleIn.victims.map(({ instanceId }) => instanceId)).not.toContain('i-1');
    expect(scaleIn.unremovable).toContainEqual({ instanceId: 'i-1', reason: 'tasks-unknown' });
  });
});

describe('an instance that an operator drains as well', () => {
  it('is not set ACTIVE when our own drain takes too long', () => {
    const since = new Date(NOW - 3_600_000).toISOString();
    const attributes = { 'spotkeeper.retiring': `excess@${since}`, 'spotkeeper.cordoned': 'operator-drain' };
    const hosts = [
      { id: 'i-1', tasks: { web: 1 }, containerInstance: { status: 'DRAINING' as const, attributes } },
      { id: 'i-2' },
    ];
    const snapshot = aSnapshot({ hosts, services: [{ name: 'web', desiredCount: 1 }], fleet: { targetUnits: 2 } });
    const excess = { limitMs: 60_000, end: 'give-up' } as const;
    const retirement = aRetirement({ drain: { ...aRetirement().drain, excess } });
    const { plan } = decidedOn(snapshot, { policy: { retirement } });
    expect(plan.filter(({ kind }) => kind === 'reactivate')).toEqual([]);
  });
});
