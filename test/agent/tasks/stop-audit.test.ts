import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overrunMs } from '../../../src/agent/tasks/stop-audit.ts';

describe('the overrun of a stop', () => {
  const ms = fc.integer({ min: 0, max: 400_000 });

  it('is what is missing from the two minutes, and none where no load balancer is waited for', () => {
    fc.assert(
      fc.property(ms, ms, ms, (deregistrationMs, stopTimeoutMs, marginMs) => {
        const overMs = overrunMs({ deregistrationMs, stopTimeoutMs, marginMs });
        const fits = deregistrationMs + stopTimeoutMs + marginMs <= 120_000;
        if (fits || deregistrationMs === 0) expect(overMs).toBeNull();
        else expect(120_000 + (overMs ?? 0)).toBe(deregistrationMs + stopTimeoutMs + marginMs);
      }),
    );
  });
});
