import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readInterruptionNotice } from '../../../src/aws/imds/interruption-notice.ts';
import { readRebalanceRecommendation } from '../../../src/aws/imds/rebalance-recommendation.ts';
import { readTargetLifecycleState } from '../../../src/aws/imds/target-lifecycle-state.ts';
import { TARGET_LIFECYCLE_STATES } from '../../../src/ports/metadata.ts';

const refused = expect.objectContaining({ name: 'Failure', code: 'refused' });

describe('an interruption notice', () => {
  it.each(['terminate', 'stop', 'hibernate'])('may be to %s', (action) => {
    const text = JSON.stringify({ action, time: '2017-09-18T08:22:00Z' });
    expect(readInterruptionNotice(text, 'reading')).toEqual({ action, deadlineAt: Date.UTC(2017, 8, 18, 8, 22) });
  });

  it.each([
    '{"action":"evict","time":"2017-09-18T08:22:00Z"}',
    '{"action":null,"time":"2017-09-18T08:22:00Z"}',
    '{"time":"2017-09-18T08:22:00Z"}',
  ])('that says when, and nothing known of what, is one to terminate: %s', (text) => {
    const deadlineAt = Date.UTC(2017, 8, 18, 8, 22);
    expect(readInterruptionNotice(text, 'reading')).toEqual({ action: 'terminate', deadlineAt });
  });

  it.each([
    '{"action":"terminate","time":"2017-09-18T08:22:00"}',
    '{"action":"terminate","time":"2017-09-18"}',
    '{"action":"terminate","time":"8"}',
    '{"action":"terminate","time":1505722920}',
    '{"action":"terminate"}',
    '{"action":"evict","time":"soon"}',
    '{"action":"evict"}',
  ])('is not %s', (text) => {
    expect(() => readInterruptionNotice(text, 'reading')).toThrow(refused);
  });

  it('that was cut off anywhere is none, and never another one', () => {
    const text = '{"action":"terminate","time":"2017-09-18T08:22:00Z"}';
    fc.assert(
      fc.property(fc.integer({ min: 0, max: text.length - 1 }), (length) => {
        expect(() => readInterruptionNotice(text.slice(0, length), 'reading')).toThrow(refused);
      }),
    );
  });

  it('is nothing that is not one, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        expect(() => readInterruptionNotice(text, 'reading')).toThrow(refused);
      }),
    );
  });
});

describe('a rebalance recommendation', () => {
  it('says when it was emitted', () => {
    const text = '{"noticeTime":"2020-10-27T08:22:00Z"}';
    expect(readRebalanceRecommendation(text, 'reading')).toEqual({ noticedAt: Date.UTC(2020, 9, 27, 8, 22) });
  });

  it.each(['', '<html>', '{"noticeTime":', '{}', '{"noticeTime":"soon"}', 'null'])('is not %j', (text) => {
    expect(() => readRebalanceRecommendation(text, 'reading')).toThrow(refused);
  });
});

describe('a target lifecycle state', () => {
  it.each([...TARGET_LIFECYCLE_STATES])('may be %s', (state) => {
    expect(readTargetLifecycleState(`${state}\n`, 'reading')).toBe(state);
  });

  it.each(['', 'Terminating', 'terminated', '<html>InService</html>', 'InService Terminated'])(
    'is not "%s"',
    (text) => {
      expect(() => readTargetLifecycleState(text, 'reading')).toThrow(refused);
    },
  );
});
