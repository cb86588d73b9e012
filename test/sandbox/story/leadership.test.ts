import { describe, expect, it } from 'vitest';
import { failOvers, leaseHolder, writesWithoutLease } from '../../../src/sandbox/story/figures/leadership.ts';
import { anEvidence, asks, at, holds, releases, request } from './an-evidence.ts';

describe('who holds the lease', () => {
  it('is who wrote it last', () => {
    const records = [holds(1, 'controller-a'), holds(5, 'controller-b')];
    expect([0, 2, 6].map((seconds) => leaseHolder({ records }, at(seconds)))).toEqual([
      null,
      'controller-a',
      'controller-b',
    ]);
  });

  it('is nobody after it was given up', () => {
    expect(leaseHolder({ records: [holds(1, 'controller-a'), releases(2, 'controller-a')] }, at(3))).toBeNull();
  });

  it('is nobody once the lease has ended, until somebody takes it', () => {
    const records = [holds(1, 'controller-a'), holds(20, 'controller-b')];
    expect([15.9, 16.2, 21].map((seconds) => leaseHolder({ records }, at(seconds)))).toEqual([
      'controller-a',
      null,
      'controller-b',
    ]);
  });

  it('lasts from each renewal anew', () => {
    const records = [holds(1, 'controller-a'), holds(14, 'controller-a')];
    expect(leaseHolder({ records }, at(28))).toBe('controller-a');
  });

  it('is not who was refused', () => {
    const refused = holds(2, 'controller-b', { status: 400, errorCode: 'ConditionalCheckFailedException' });
    expect(leaseHolder({ records: [holds(1, 'controller-a'), refused] }, at(3))).toBe('controller-a');
  });
});

describe('a fail-over', () => {
  const marks = { kills: [{ name: 'controller-a', at: at(10) }] };

  it('lasts from the kill to the first accepted lease write of the other', () => {
    const records = [holds(9, 'controller-a'), holds(15, 'controller-b'), holds(16, 'controller-b')];
    expect(failOvers(anEvidence({ records, marks }))).toEqual([
      { killed: 'controller-a', killedAt: at(10), next: 'controller-b', afterMs: 5_100 },
    ]);
  });

  it('never ends when nobody takes over', () => {
    expect(failOvers(anEvidence({ records: [holds(9, 'controller-a')], marks }))[0]?.afterMs).toBeNull();
  });
});

describe('a write without the lease', () => {
  const lease = [holds(1, 'controller-a'), holds(10, 'controller-b')];

  it('is one by a controller after another took the lease', () => {
    const late = asks(11, 'controller-a', 8);
    expect(writesWithoutLease(anEvidence({ records: [...lease, late] }))).toEqual([
      `request ${late.number}: ModifySpotFleetRequest by controller-a while controller-b held the lease`,
    ]);
  });

  it('is one by its last holder after the lease ended, although nobody has taken it', () => {
    const [inTime, late] = [asks(24, 'controller-b', 8), asks(26, 'controller-b', 9)];
    expect(writesWithoutLease(anEvidence({ records: [...lease, inTime, late] }))).toEqual([
      `request ${late.number}: ModifySpotFleetRequest by controller-b while nobody held the lease`,
    ]);
  });

  it('is not one by its holder, a read, a refused one, or one by an agent', () => {
    const records = [
      ...lease,
      asks(5, 'controller-a', 8),
      asks(11, 'controller-b', 9),
      request(11, 'controller-a', 'DescribeServices', {}),
      asks(11, 'controller-a', 8, { status: 400 }),
      request(11, 'agent i-1', 'UpdateContainerInstancesState', {}),
    ];
    expect(writesWithoutLease(anEvidence({ records }))).toEqual([]);
  });

  it('is one before anybody held it', () => {
    expect(writesWithoutLease(anEvidence({ records: [asks(0, 'controller-a', 8)] }))[0]).toContain('nobody held');
  });
});
