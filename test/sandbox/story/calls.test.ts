import { describe, expect, it } from 'vitest';
import { callCounts, duplicatedWrites, refusedCalls } from '../../../src/sandbox/story/figures/calls.ts';
import { anEvidence, arnOf, asks, request } from './an-evidence.ts';

const ends = (seconds: number, ...ids: string[]) =>
  request(seconds, 'controller-a', 'TerminateInstances', { InstanceId: ids });
const sets = (seconds: number, status: string) =>
  request(seconds, 'controller-a', 'UpdateContainerInstancesState', { containerInstances: [arnOf('i-1')], status });
const marks = (seconds: number, action: string, value = 'excess') =>
  request(seconds, 'controller-a', action, {
    attributes: [{ name: 'spotkeeper.retiring', value, targetId: arnOf('i-1') }],
  });

const duplicates = (...records: ReturnType<typeof asks>[]) => duplicatedWrites(anEvidence({ records })).length;

describe('a call that is refused for want of a permission', () => {
  const refused = (code: string, fault: string | null = null) =>
    request(1, 'agent i-1', 'StopTask', {}, { status: 400, errorCode: code, errorMessage: 'no', fault });

  it.each(['AccessDeniedException', 'AccessDenied', 'UnauthorizedOperation'])('is told once, by %s', (code) => {
    const records = [refused(code), refused(code), asks(2, 'controller-a', 8)];
    expect(refusedCalls(anEvidence({ records }))).toEqual(['agent i-1: ecs StopTask']);
  });

  it('is neither one that failed otherwise nor one that a fault refused', () => {
    const records = [refused('ThrottlingException'), refused('AccessDenied', 'error')];
    expect(refusedCalls(anEvidence({ records }))).toEqual([]);
  });
});

describe('a write made twice', () => {
  it('asks for what the one before it had asked for', () => {
    expect(duplicates(asks(1, 'controller-a', 8), asks(2, 'controller-b', 8))).toBe(1);
    expect(duplicates(ends(1, 'i-1'), ends(2, 'i-1', 'i-2'))).toBe(1);
    expect(duplicates(sets(1, 'DRAINING'), sets(2, 'DRAINING'))).toBe(1);
    expect(duplicates(marks(1, 'PutAttributes'), marks(2, 'PutAttributes'))).toBe(1);
    const stop = (seconds: number) =>
      request(seconds, 'agent i-1', 'StopTask', { task: 'arn:aws:ecs:r:1:task/story/t' });
    expect(duplicates(stop(1), stop(2))).toBe(1);
  });

  it('does not ask for something else, or come back to it after something else', () => {
    expect(duplicates(asks(1, 'controller-a', 8), asks(2, 'controller-a', 9), asks(3, 'controller-a', 8))).toBe(0);
    expect(duplicates(ends(1, 'i-1'), ends(2, 'i-2'))).toBe(0);
    expect(duplicates(sets(1, 'DRAINING'), sets(2, 'ACTIVE'), sets(3, 'DRAINING'))).toBe(0);
    expect(duplicates(marks(1, 'PutAttributes'), marks(2, 'DeleteAttributes'), marks(3, 'PutAttributes'))).toBe(0);
  });

  it('was accepted both times', () => {
    expect(duplicates(asks(1, 'controller-a', 8, { status: 400 }), asks(2, 'controller-a', 8))).toBe(0);
  });
});

describe('API calls', () => {
  it('are counted by action, most first, with their errors, and without polls of instance metadata', () => {
    const records = [
      asks(1, 'controller-a', 8),
      request(1, 'controller-a', 'ListTasks', {}),
      request(2, 'controller-a', 'ListTasks', {}, { status: 400 }),
      request(2, 'i-1', 'GET /latest/meta-data/spot/instance-action', {}),
    ];
    expect(callCounts(anEvidence({ records }))).toEqual([
      { service: 'ecs', action: 'ListTasks', calls: 2, errors: 1 },
      { service: 'ec2', action: 'ModifySpotFleetRequest', calls: 1, errors: 0 },
    ]);
  });
});
