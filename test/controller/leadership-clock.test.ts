// From which instant a lease is counted, in virtual time.
import { describe, expect, it } from 'vitest';
import { Leadership } from '../../src/controller/leadership.ts';
import type { LeaseRecord } from '../../src/ports/lease-store.ts';
import { keepingLogger } from '../support/log-lines.ts';
import { turnedClock } from '../support/turned-clock.ts';

const DURATIONS = { leaseDurationMs: 1_000, renewDeadlineMs: 600, retryPeriodMs: 100 };
const THEIRS: LeaseRecord = { holder: 'other', leaseDurationMs: 1_000, version: 'v', isReleased: false };

function aStandby(slowFirstReadMs: number) {
  const clock = turnedClock();
  const stop = new AbortController();
  let record: LeaseRecord = THEIRS;
  let reads = 0;
  const leadership = new Leadership({
    store: {
      async read() {
        reads += 1;
        if (reads === 1) await clock.sleep(slowFirstReadMs);
        return record;
      },
      async write(next) {
        record = next;
        return true;
      },
    },
    clock,
    logger: keepingLogger().logger,
    holder: 'me',
    newVersion: () => 'mine',
    ...DURATIONS,
    onElected: () => {},
    onStep: () => {},
  });
  const ended = leadership.run(stop.signal);
  return {
    clock,
    leadership,
    async end() {
      stop.abort();
      await clock.turn(1_000);
      await ended;
    },
  };
}

describe('a standby whose first look takes long', () => {
  it('waits a whole lease from when it has heard: the record may have been renewed while it asked', async () => {
    const { clock, leadership, end } = aStandby(500);
    await clock.turn(1_499);
    expect(leadership.role).toBe('standby');
    await clock.turn(2);
    expect(leadership.role).toBe('leader');
    await end();
  });

  it('looks at the very moment at which the lease it watches would end', async () => {
    const { clock, leadership, end } = aStandby(0);
    await clock.turn(999);
    expect(leadership.role).toBe('standby');
    await clock.turn(2);
    expect(leadership.role).toBe('leader');
    await end();
  });
});
