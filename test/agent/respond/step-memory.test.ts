import { describe, expect, it } from 'vitest';
import type { Cause } from '../../../src/agent/respond/cause.ts';
import { NO_MEMORY } from '../../../src/agent/respond/memory.ts';
import { afterStep, beforeStep, rememberDrain, withdrawDrain } from '../../../src/agent/respond/step-memory.ts';
import { NOW } from './situations.ts';

const aCause = (key: string): Cause => ({ kind: 'maintenance', key, action: null, deadlineAt: NOW, isVoluntary: true });
const cause = aCause('maintenance/a/b');
const mark = { cause: 'maintenance/a/b', since: NOW };
const drain = { id: 'drain/maintenance/a/b', cause, at: NOW, kind: 'drain', isOwnerAsked: true } as const;

describe('a drain', () => {
  it('is ours only when it was marked, for the cause and since when', () => {
    expect(afterStep(beforeStep(NO_MEMORY, drain, NOW), drain).drained).toBeNull();
    expect(rememberDrain(NO_MEMORY, cause, NOW).drained).toEqual(mark);
  });

  it('that was ours already is not marked anew for another cause', () => {
    const memory = rememberDrain(NO_MEMORY, cause, NOW);
    expect(rememberDrain(memory, aCause('maintenance/c'), NOW + 1)).toBe(memory);
  });

  it('that ECS never took is not ours, unless it was marked before that attempt', () => {
    const memory = rememberDrain(NO_MEMORY, cause, NOW);
    expect(withdrawDrain(memory, memory.drained)).toEqual(NO_MEMORY);
    expect(withdrawDrain(memory, null)).toBe(memory);
    expect(withdrawDrain(memory, { cause: 'maintenance/c', since: 1 })).toBe(memory);
  });
});

describe('what others can see of an instance', () => {
  const cordon = { id: 'cordon/maintenance/a/b', cause, at: NOW, kind: 'cordon', value: 'maintenance' } as const;
  const notice = { id: 'write-notice/x', cause, at: NOW, kind: 'write-notice', value: 'x' } as const;

  it('is marked before it is set', () => {
    expect(beforeStep(NO_MEMORY, cordon, NOW)).toEqual({ ...NO_MEMORY, cordoned: mark });
    expect(beforeStep(NO_MEMORY, notice, NOW)).toEqual({ ...NO_MEMORY, notice: 'x' });
  });

  it('keeps the mark that it has', () => {
    const memory = { ...NO_MEMORY, cordoned: { cause: 'rebalance/1', since: 1 }, notice: 'w' };
    expect(beforeStep(memory, cordon, NOW)).toBe(memory);
    expect(beforeStep(memory, notice, NOW)).toBe(memory);
  });

  it('is the notice that was written last', () => {
    const before = { ...NO_MEMORY, notice: 'w', taken: ['write-notice/w', 'stop-task/a'] };
    expect(afterStep(before, notice)).toEqual({ ...NO_MEMORY, notice: 'x', taken: ['stop-task/a', 'write-notice/x'] });
  });
});
