// How old an instance is: by AWS's clock, however ours is set meanwhile.
import { describe, expect, it } from 'vitest';
import { plan } from '../../../src/plan/decide.ts';
import { clockSet } from '../../../src/plan/learn/cloud-time.ts';
import { type Memory, NO_MEMORY } from '../../../src/plan/memory.ts';
import { aHeadroom, aPolicy, aSnapshot, NOW } from '../../support/builders.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const policy = aPolicy({
  headroom: aHeadroom({ largestTasks: 0 }),
  retirement: { ...aPolicy().retirement, minimumAgeMs: 5 * MINUTE_MS },
});

/** A pass over a busy instance and one that was launched at that instant, if it was. */
function pass(now: number, launchedAt: number | null, memory: Memory = NO_MEMORY) {
  const hosts = [{ id: 'i-1', tasks: { web: 2 } }, ...(launchedAt === null ? [] : [{ id: 'i-new' }])];
  const made = aSnapshot({ hosts, services: [{ name: 'web' }] });
  const snapshot = {
    ...made,
    observedAt: now,
    containerInstances: made.containerInstances.map((each) => ({ ...each, seenAt: now })),
    instances: made.instances.map((each) =>
      each.id === 'i-new' && launchedAt !== null ? { ...each, launchedAt } : each,
    ),
  };
  const { report, memory: next } = plan({ snapshot, policy, memory, now });
  const { victims, unremovable } = report.scaleIn;
  const isYoung = unremovable.some(({ instanceId, reason }) => instanceId === 'i-new' && reason === 'too-young');
  return { isYoung, leaves: victims.some(({ instanceId }) => instanceId === 'i-new'), memory: next };
}

describe('an instance that was launched while we look', () => {
  const before = pass(NOW, null);
  const launchedAt = NOW + 10_000;
  const met = pass(NOW + 15_000, launchedAt, before.memory);

  it('is no older for a clock that is set forward', () => {
    expect(met.isYoung).toBe(true);
    const set = pass(NOW + 30_000 + HOUR_MS, launchedAt, clockSet(met.memory, HOUR_MS));
    expect(set).toMatchObject({ isYoung: true, leaves: false });
  });

  it('is no older for a clock that is ahead already', () => {
    const ahead = pass(NOW + HOUR_MS, null);
    const seen = pass(NOW + HOUR_MS + 15_000, launchedAt, ahead.memory);
    expect(seen).toMatchObject({ isYoung: true, leaves: false });
    const grown = pass(NOW + HOUR_MS + 15_000 + 5 * MINUTE_MS, launchedAt, seen.memory);
    expect(grown).toMatchObject({ isYoung: false, leaves: true });
  });

  it('is old enough once that time has gone by, and not a pass before', () => {
    expect(pass(NOW + 10_000 + 5 * MINUTE_MS, launchedAt, met.memory).isYoung).toBe(true);
    expect(pass(NOW + 15_000 + 5 * MINUTE_MS, launchedAt, met.memory)).toMatchObject({ isYoung: false, leaves: true });
  });
});

describe('at the first pass', () => {
  it('there is nothing but our own clock to go by', () => {
    expect(pass(NOW, NOW - 4 * MINUTE_MS).isYoung).toBe(true);
    expect(pass(NOW, NOW - 6 * MINUTE_MS).leaves).toBe(true);
  });
});
