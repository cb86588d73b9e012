import { describe, expect, it } from 'vitest';
import { withinTime } from '../../src/ports/time-limit.ts';
import { systemClock as clock } from '../../src/runtime/system-clock.ts';

const untilAborted = (signal: AbortSignal) =>
  new Promise<string>((resolve) => {
    if (signal.aborted) resolve('aborted');
    signal.addEventListener('abort', () => resolve('aborted'));
  });

describe('a call within a time limit', () => {
  it('gives its result when it is in time', async () => {
    expect(await withinTime({ clock, limitMs: 60_000, signal: undefined }, async () => 'done')).toBe('done');
  });

  it('is aborted when the time is up', async () => {
    expect(await withinTime({ clock, limitMs: 5, signal: undefined }, untilAborted)).toBe('aborted');
  });

  it('is aborted early with the signal of its caller, also when that came first', async () => {
    const controller = new AbortController();
    const call = withinTime({ clock, limitMs: 60_000, signal: controller.signal }, untilAborted);
    controller.abort();
    expect(await call).toBe('aborted');
    expect(await withinTime({ clock, limitMs: 60_000, signal: AbortSignal.abort() }, untilAborted)).toBe('aborted');
  });
});
