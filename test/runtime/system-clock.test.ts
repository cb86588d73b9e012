import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/runtime/system-clock.ts';

const A_YEAR_MS = 365 * 24 * 3_600_000;

describe('the system clock', () => {
  it('sleeps at least as long as asked by its own monotonic count', async () => {
    const startedAtMs = systemClock.monotonicMs();
    await systemClock.sleep(20);
    expect(systemClock.monotonicMs() - startedAtMs).toBeGreaterThanOrEqual(20);
  });

  it('wakes at once when the signal aborts', async () => {
    const controller = new AbortController();
    const asleep = systemClock.sleep(A_YEAR_MS, controller.signal);
    controller.abort();
    await expect(asleep).resolves.toBeUndefined();
  });

  it('does not fall asleep on a signal that has aborted, nor for a duration that is over', async () => {
    await systemClock.sleep(A_YEAR_MS, AbortSignal.abort());
    await systemClock.sleep(-5);
  });

  it('does not take a duration longer than a timer holds for none', async () => {
    const controller = new AbortController();
    let isAwake = false;
    const asleep = systemClock.sleep(A_YEAR_MS, controller.signal).then(() => {
      isAwake = true;
    });
    await systemClock.sleep(5);
    expect(isAwake).toBe(false);
    controller.abort();
    await asleep;
  });
});
