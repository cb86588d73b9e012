import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { needMs } from '../../../src/agent/respond/stops.ts';
import { overrunsOf, type StopTimes } from '../../../src/agent/tasks/stop-audit.ts';
import { aTask, SETTINGS } from '../respond/situations.ts';

const MARGIN_MS = 5_000;
const A_SERVICE: StopTimes = { of: { service: 'web' }, isDaemon: false, deregistrationMs: 0, stopTimeoutMs: 30_000 };
const A_DAEMON: StopTimes = { of: { family: 'logs' }, isDaemon: true, deregistrationMs: 0, stopTimeoutMs: 30_000 };

const overruns = (...stops: StopTimes[]) =>
  overrunsOf(stops, MARGIN_MS).map(({ message: _, key: __, ...rest }) => rest);

describe('the overrun of a stop', () => {
  it('is none where all have the time that they need', () => {
    const slow = { ...A_SERVICE, deregistrationMs: 55_000 };
    expect(overruns({ ...A_SERVICE, stopTimeoutMs: 85_000 }, slow, A_DAEMON)).toEqual([]);
  });

  it('names a stop timeout that is too long by itself, and asks for a shorter one', () => {
    const [found] = overrunsOf([{ ...A_SERVICE, of: { family: 'report' }, stopTimeoutMs: 120_000 }], MARGIN_MS);
    expect(found?.message).toContain('shorten stopTimeout');
    expect(found?.fields).toEqual({ family: 'report', deregistrationMs: 0, stopTimeoutMs: 120_000, marginMs: 5_000 });
    expect(found?.overMs).toBe(5_000);
  });

  it.each([
    ['the load balancer where it is only too long with that', 300_000, 30_000, 'deregisters too slowly'],
    ['the stop timeout where a faster load balancer would not help', 300_000, 116_000, 'shorten stopTimeout'],
  ])('is blamed on %s', (_name, deregistrationMs, stopTimeoutMs, blame) => {
    const [found, ...more] = overrunsOf([{ ...A_SERVICE, deregistrationMs, stopTimeoutMs }], MARGIN_MS);
    expect([found?.message.includes(blame), more]).toEqual([true, []]);
  });

  it('names a daemon and the longest of the others that do not fit together', () => {
    const longest = { ...A_SERVICE, deregistrationMs: 10_000, stopTimeoutMs: 80_000 };
    const other = { ...A_SERVICE, of: { service: 'shop' } };
    expect(overruns(other, longest, A_DAEMON)).toEqual([
      {
        overMs: 5_000,
        fields: { daemon: 'logs', daemonMs: 30_000, longest: 'web', longestMs: 90_000, marginMs: 5_000 },
      },
    ]);
  });

  it('is said of one alone, and not again of it together with daemons', () => {
    const tooLong = { ...A_SERVICE, stopTimeoutMs: 200_000 };
    expect(overruns(tooLong, A_DAEMON)).toMatchObject([{ fields: { service: 'web' } }]);
  });

  it('is that of the slowest while a deployment runs two revisions', () => {
    const [old, fresh] = [200_000, 300_000].map((stopTimeoutMs) => ({ ...A_SERVICE, stopTimeoutMs }));
    expect(old && fresh && overruns(old, fresh, old)).toMatchObject([{ fields: { stopTimeoutMs: 300_000 } }]);
  });

  it('is found exactly where the stops would begin more than two minutes before the deadline', () => {
    const stop = fc.record({
      of: fc.nat(5).map((number) => ({ service: `service-${number}` })),
      isDaemon: fc.boolean(),
      deregistrationMs: fc.oneof(fc.constant(0), fc.nat(60_000)),
      stopTimeoutMs: fc.nat(130_000),
    });
    const stops = fc.uniqueArray(stop, { maxLength: 4, selector: ({ of }) => of.service });
    fc.assert(
      fc.property(stops, (all) => {
        const tasks = all.map(({ isDaemon, deregistrationMs, stopTimeoutMs }, at) =>
          aTask(`${at}`, { kind: isDaemon ? 'daemon' : 'service', deregistrationMs, stopTimeoutMs }),
        );
        const isLate = needMs({ tasks, isComplete: true }, { ...SETTINGS, marginMs: MARGIN_MS }) > 120_000;
        expect(overrunsOf(all, MARGIN_MS).length > 0).toBe(isLate);
      }),
    );
  });
});
