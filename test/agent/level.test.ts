import { describe, expect, it } from 'vitest';
import { Level } from '../../src/agent/level.ts';

const never = new AbortController().signal;

describe('a level', () => {
  it('wakes everybody who waits, at a change and not when the same is said again', async () => {
    const level = new Level<{ at: number } | null>(null);
    const stands = { at: 1 };
    const both = Promise.all([level.changed(null, never), level.changed(null, never)]);
    level.put(stands);
    await both;
    level.put({ ...stands });
    expect(level.value).toBe(stands);
  });

  it('does not keep waiting whom the signal calls away, nor who has missed a change', async () => {
    const level = new Level(1);
    const gaveUp = new AbortController();
    const waiting = level.changed(1, gaveUp.signal);
    gaveUp.abort();
    await waiting;
    await level.changed(0, never);
  });
});
