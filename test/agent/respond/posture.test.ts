import { describe, expect, it } from 'vitest';
import { respond } from '../../../src/agent/respond/respond.ts';
import { aSituation, aTask, HOUR, recommended } from './situations.ts';

describe('a drain that protected tasks hold up', () => {
  it('names them, and nobody where a cordon is all that is asked', () => {
    const [free, held] = [aTask('a'), aTask('b', { isProtected: true })];
    const here = { tasks: [free, held], isComplete: true };
    const heldUpBy = (response: 'cordon' | 'drain') => {
      const settings = { rebalance: { response, liftAfterMs: HOUR } };
      return respond(aSituation({ signals: recommended(), here, settings })).protectedTasks;
    };
    expect(heldUpBy('drain')).toEqual([held.arn]);
    expect(heldUpBy('cordon')).toEqual([]);
  });
});
