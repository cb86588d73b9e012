import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cause } from '../../../src/agent/respond/cause.ts';
import type { Step } from '../../../src/agent/respond/steps.ts';
import { type Answering, type TaskNotice, taskNoticeOf } from '../../../src/agent/tell/task-notice.ts';
import { taskArn } from '../../../src/model/ids.ts';

const SINCE = Date.parse('2026-11-21T15:00:00Z');
const CAUSE: Cause = {
  kind: 'interruption',
  key: 'interruption/terminate/1',
  action: 'terminate',
  deadlineAt: SINCE + 120_000,
  isVoluntary: false,
};

function aStop(name: string, at: number): Step {
  return { id: name, cause: CAUSE, at, kind: 'stop-task', taskArn: taskArn(name), taskKind: 'service' };
}

const answering = (over: Partial<Answering> = {}): Answering => ({
  cause: CAUSE,
  since: SINCE,
  isDrained: false,
  steps: [],
  now: SINCE,
  ...over,
});

describe('a notice for tasks', () => {
  it('says why, until when and who will be stopped when', () => {
    const drain: Step = { id: 'drain', cause: CAUSE, at: SINCE, kind: 'drain', isOwnerAsked: false };
    const steps = [drain, aStop('b', SINCE + 80_000), aStop('a', SINCE + 80_000), aStop('c', SINCE + 10_000)];
    expect(taskNoticeOf(answering({ steps }), null)).toEqual({
      signal: 'interruption',
      action: 'terminate',
      deadline: '2026-11-21T15:02:00.000Z',
      since: '2026-11-21T15:00:00.000Z',
      isDrained: false,
      stops: [
        { taskArn: 'c', at: '2026-11-21T15:00:10.000Z' },
        { taskArn: 'a', at: '2026-11-21T15:01:20.000Z' },
        { taskArn: 'b', at: '2026-11-21T15:01:20.000Z' },
      ],
    });
  });

  it('follows a stop that is planned for another time', () => {
    const first = taskNoticeOf(answering({ steps: [aStop('a', SINCE + 80_000)] }), null);
    const second = taskNoticeOf(answering({ steps: [aStop('a', SINCE + 60_000)], now: SINCE + 1_000 }), first);
    expect(second.stops).toEqual([{ taskArn: 'a', at: '2026-11-21T15:01:00.000Z' }]);
  });

  it('forgets a stop that is not called for any more, as the task has ended by itself', () => {
    const first = taskNoticeOf(answering({ steps: [aStop('a', SINCE + 80_000)] }), null);
    expect(taskNoticeOf(answering({ now: SINCE + 1_000 }), first).stops).toEqual([]);
  });

  it('keeps a stop that is due as it was announced, planned anew or taken', () => {
    const first = taskNoticeOf(answering({ steps: [aStop('a', SINCE)] }), null);
    const retried = taskNoticeOf(answering({ steps: [aStop('a', SINCE + 1_500)], now: SINCE + 1_500 }), first);
    const taken = taskNoticeOf(answering({ now: SINCE + 3_000 }), retried);
    expect([retried, taken]).toEqual([first, first]);
  });

  it('says when no task is left', () => {
    expect(taskNoticeOf(answering({ isDrained: true }), taskNoticeOf(answering(), null)).isDrained).toBe(true);
  });

  it('of another cause begins anew', () => {
    const first = taskNoticeOf(answering({ steps: [aStop('a', SINCE)] }), null);
    const cause: Cause = { ...CAUSE, kind: 'maintenance', action: 'system-reboot' };
    expect(taskNoticeOf(answering({ cause, now: SINCE + 1_000 }), first).stops).toEqual([]);
  });

  it('does not change while nothing changes, however often and late stops that are due are planned anew', () => {
    const plans = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(200_000)), { maxLength: 3 });
    fc.assert(
      fc.property(plans, fc.array(fc.nat(300_000), { minLength: 1, maxLength: 8 }), (planned, laterMs) => {
        const tasks = [...new Map(planned)];
        let notice: TaskNotice | null = null;
        const seen: TaskNotice[] = [];
        for (const now of laterMs.map((ms) => SINCE + ms).sort((a, b) => a - b)) {
          // A step is never before the instant of planning.
          const steps = tasks.map(([name, ms]) => aStop(name, Math.max(now, SINCE + ms)));
          notice = taskNoticeOf(answering({ steps, now }), notice);
          seen.push(notice);
        }
        const [first] = seen;
        expect(seen.every((one) => JSON.stringify(one) === JSON.stringify(first))).toBe(true);
      }),
    );
  });
});
