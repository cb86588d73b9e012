// A scale-in that was undone makes the next one wait.
import { describe, expect, it } from 'vitest';
import { type Memory, NO_MEMORY } from '../../../src/plan/memory.ts';
import { aSnapshot, type Host, NOW } from '../../support/builders.ts';
import { decidedOn } from '../../support/decided.ts';

const IDLE_MS = 300_000;
const policy = { scaleIn: { idleMs: IDLE_MS } };
const spare: readonly Host[] = [{ id: 'i-1' }, { id: 'i-2' }];
const web = { name: 'web', shape: { cpuUnits: 2000, memoryMiB: 4000 } };

function at(now: number, memory: Memory, services: readonly object[] = []) {
  const hosts = spare.map((host) => ({ ...host, containerInstance: { seenAt: now } }));
  // Every field of a service has a default but its name.
  const spec = { hosts, services: services as { name: string }[] };
  return decidedOn({ ...aSnapshot(spec), observedAt: now }, { policy, memory, now });
}

describe('a surplus', () => {
  it('has to last twice as long for each undoing of the last hours', () => {
    const since = (undone: number, lastedMs: number) =>
      at(NOW, {
        ...NO_MEMORY,
        surplusSince: NOW - lastedMs,
        undoneAt: Array.from({ length: undone }, () => NOW - 60_000),
      }).report.scaleIn.reason;
    expect(since(0, IDLE_MS)).toBe('retire');
    expect(since(1, IDLE_MS)).toBe('surplus-too-young');
    expect(since(1, 2 * IDLE_MS)).toBe('retire');
    expect(since(3, 8 * IDLE_MS - 1)).toBe('surplus-too-young');
    expect(since(3, 8 * IDLE_MS)).toBe('retire');
  });

  it('is as old as it was when the clock was put back, and no older', () => {
    const { memory } = at(NOW, { ...NO_MEMORY, surplusSince: NOW + 6 * 3_600_000 });
    expect(memory.surplusSince).toBe(NOW);
  });
});

describe('an undoing', () => {
  const retired = at(NOW, { ...NO_MEMORY, surplusSince: NOW - IDLE_MS }).memory;
  const wanting = [{ ...web, desiredCount: 5, placementFailure: 'no room' }];

  it('is asking anew soon after somebody was chosen to leave', () => {
    expect(retired).toMatchObject({ retiredAt: NOW, undoneAt: [] });
    expect(at(NOW + 60_000, retired, wanting).memory).toMatchObject({ retiredAt: null, undoneAt: [NOW + 60_000] });
  });

  it('is not a need that comes long after', () => {
    expect(at(NOW + 3_600_000, retired, wanting).memory.undoneAt).toEqual([]);
  });

  it('is forgotten after some hours', () => {
    expect(at(NOW, { ...NO_MEMORY, undoneAt: [NOW - 7 * 3_600_000, NOW - 60_000] }).memory.undoneAt).toEqual([
      NOW - 60_000,
    ]);
  });
});
