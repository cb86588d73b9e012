import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_MEMORY } from '../../../src/agent/respond/memory.ts';
import { respond } from '../../../src/agent/respond/respond.ts';
import { hasDrained, readStepId, withoutKind } from '../../../src/agent/respond/step-ids.ts';
import { anySituation, aSituation, interrupted, MINUTE, NOW } from './situations.ts';

describe('the id of a step', () => {
  it('says what is done, at which moment and for which cause, or that this is the same for every cause', () => {
    fc.assert(
      fc.property(anySituation, (situation) => {
        for (const step of respond(situation).steps) {
          const { kind, moment, key } = readStepId(step.id);
          expect(kind).toBe(step.kind);
          expect(moment).toBe('moment' in step ? step.moment : null);
          const isOfOneCause = ['drain', 'cordon', 'run-hooks', 'send-webhooks'].includes(step.kind);
          expect(key).toBe(isOfOneCause && 'cause' in step ? step.cause.key : null);
        }
      }),
    );
  });

  it('that takes something back is its kind alone', () => {
    expect(readStepId('undrain')).toEqual({ kind: 'undrain', moment: null, key: null });
  });

  it('is of no cause where a later version wrote it', () => {
    expect(readStepId('reboot/now')).toEqual({ kind: 'reboot', moment: null, key: null });
    expect(readStepId('')).toEqual({ kind: '', moment: null, key: null });
  });

  it('is of one kind, whatever it begins with', () => {
    expect(withoutKind(['drain/maintenance/a', 'drained', 'undrain', 'stop-task/drain'], 'drain')).toEqual([
      'drained',
      'undrain',
      'stop-task/drain',
    ]);
  });
});

describe('whether it is drained', () => {
  const { cause } = respond(aSituation({ signals: interrupted() }));
  const another = respond(aSituation({ signals: interrupted(NOW + MINUTE) })).cause;
  const memory = { ...NO_MEMORY, taken: [`drain/interruption/terminate/${NOW + 2 * MINUTE}`] };

  it('is known of each cause, and of any', () => {
    expect([cause, another].map((one) => one && hasDrained(memory, one))).toEqual([true, false]);
    expect([memory, NO_MEMORY].map((one) => hasDrained(one))).toEqual([true, false]);
  });
});
