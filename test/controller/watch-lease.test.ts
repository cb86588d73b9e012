// The lease on disk, as it is watched by somebody who only looks.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { watchLease } from '../../src/controller/watch-lease.ts';
import type { LeaseRecord } from '../../src/ports/lease-store.ts';
import { createFileLeaseStore } from '../../src/runtime/file-lease.ts';
import { steppedClock } from '../support/stepped-clock.ts';

const record = (version: string, over: Partial<LeaseRecord> = {}): LeaseRecord => ({
  ...{ holder: 'a', leaseDurationMs: 5_000, version, isReleased: false },
  ...over,
});

/** @param next what is written after so many milliseconds */
async function watched(
  first: LeaseRecord | null,
  next: { afterMs: number; as: LeaseRecord } | null,
  retryPeriodMs = 1_000,
) {
  const store = createFileLeaseStore(join(mkdtempSync(join(tmpdir(), 'spotkeeper-test-')), 'lease'));
  if (first !== null) await store.write(first, null);
  const clock = steppedClock();
  const sleep = async (durationMs: number) => {
    const before = clock.monotonicMs();
    clock.advance(durationMs);
    const isDue = next !== null && before < next.afterMs && clock.monotonicMs() >= next.afterMs;
    if (isDue) await store.write(next.as, first?.version ?? null);
  };
  return watchLease(store, { clock: { ...clock, sleep }, retryPeriodMs });
}

describe('a lease that is watched', () => {
  it('is renewed as soon as it changes, late in the period as well', async () => {
    const found = await watched(record('1'), { afterMs: 1_100, as: record('2') });
    expect(found).toEqual({ kept: record('2'), isRenewed: true, watchedMs: 1_250 });
  });

  it('is not renewed when it stands still for longer than a retry period', async () => {
    expect(await watched(record('1'), null)).toEqual({ kept: record('1'), isRenewed: false, watchedMs: 1_500 });
  });

  it.each([
    [100, 1_000],
    [30_000, 3_000],
  ])('with a retry period of %i ms is watched for %i ms', async (retryPeriodMs, watchedMs) => {
    expect(await watched(record('1'), null, retryPeriodMs)).toMatchObject({ isRenewed: false, watchedMs });
  });

  it('is not watched when nobody holds it', async () => {
    expect(await watched(null, null)).toEqual({ kept: null, isRenewed: null, watchedMs: 0 });
    const released = record('1', { isReleased: true });
    expect(await watched(released, null)).toEqual({ kept: released, isRenewed: null, watchedMs: 0 });
  });

  it('belongs to nobody when it is given up meanwhile', async () => {
    const given = record('2', { isReleased: true });
    expect(await watched(record('1'), { afterMs: 300, as: given })).toMatchObject({ kept: given, isRenewed: null });
  });
});
