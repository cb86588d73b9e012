import { describe, expect, it } from 'vitest';
import { isOrderly, retirements } from '../../../src/sandbox/story/figures/retirements.ts';
import type { WorldEvent } from '../../../src/world/history.ts';
import { anEvidence, asks, at, draining, ending, joined, launched, request, target } from './an-evidence.ts';

const terminates = request(20, 'controller-a', 'TerminateInstances', { InstanceId: ['i-1'] });
const placed: WorldEvent = {
  at: at(2),
  kind: 'task-placed',
  taskArn: 't',
  group: 'service:web',
  instanceId: 'i-1',
  wantedAt: at(2),
};
const stopped = (seconds: number): WorldEvent => ({
  at: at(seconds),
  kind: 'task-stopped',
  taskArn: 't',
  group: 'service:web',
  instanceId: 'i-1',
  end: 'exited',
});
/** Eight units, of which the four of i-2 stay. */
const events = [target(0, 8), launched(0, 'i-1', 4), launched(0, 'i-2', 4), joined(1, 'i-1'), placed];

const isGood = (more: readonly WorldEvent[], ...records: Parameters<typeof anEvidence>[0]['records'] & object) => {
  const [retirement] = retirements(anEvidence({ events: [...events, ...more], records: [...records, terminates] }));
  return retirement !== undefined && isOrderly(retirement);
};

describe('a retirement', () => {
  it('is orderly when the target came down, then the instance drained, and then ended empty', () => {
    expect(isGood([draining(12, 'i-1'), stopped(15)], asks(10, 'controller-a', 4))).toBe(true);
  });

  it('is not when the target came down after the drain', () => {
    expect(isGood([draining(12, 'i-1'), stopped(15)], asks(13, 'controller-a', 4))).toBe(false);
  });

  it('is when the target was that low from the start', () => {
    const low = [target(0, 4), ...events.slice(1), draining(12, 'i-1'), stopped(15)];
    const [retirement] = retirements(anEvidence({ events: low, records: [terminates] }));
    expect(retirement !== undefined && isOrderly(retirement)).toBe(true);
  });

  it('is not when the target came down before, but not for this instance', () => {
    expect(isGood([draining(12, 'i-1'), stopped(15)], asks(5, 'controller-a', 6))).toBe(false);
  });

  it('is not when the lowering was of another instance that has gone since', () => {
    const other = [launched(0, 'i-3', 4), ending(9, 'i-3')];
    expect(isGood([...other, draining(12, 'i-1'), stopped(15)], asks(5, 'controller-a', 8))).toBe(false);
  });

  it('is not when the target went up again before the instance ended', () => {
    const records = [asks(10, 'controller-a', 4), asks(14, 'controller-a', 8)];
    expect(isGood([draining(12, 'i-1'), stopped(15)], ...records)).toBe(false);
  });

  it('is not when the target went up', () => {
    expect(isGood([draining(12, 'i-1'), stopped(15)], asks(10, 'controller-a', 9))).toBe(false);
  });

  it('is not when the instance never drained', () => {
    expect(isGood([stopped(15)], asks(10, 'controller-a', 4))).toBe(false);
  });

  it('is not when a task still ran', () => {
    expect(isGood([draining(12, 'i-1'), stopped(21)], asks(10, 'controller-a', 4))).toBe(false);
  });
});
