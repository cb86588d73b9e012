import { afterEach, describe, expect, it } from 'vitest';
import { createSdNotify } from '../../src/runtime/sd-notify.ts';
import { systemClock } from '../../src/runtime/system-clock.ts';
import { keepingLogger } from '../support/log-lines.ts';
import { type NotifySocket, openNotifySocket, whyNoNotifySocket } from '../support/notify-socket.ts';

const why = whyNoNotifySocket();
if (why !== null) process.stderr.write(`sd_notify over a real socket is not tested: ${why}\n`);

/** A clock whose monotonic time is set by hand. */
function handClock() {
  let atMs = 0;
  const set = (ms: number) => {
    atMs = ms;
  };
  return { ...systemClock, monotonicMs: () => atMs, set };
}

let socket: NotifySocket | null = null;
afterEach(() => {
  socket?.close();
  socket = null;
});

describe.skipIf(why !== null)('systemd, over a real socket,', () => {
  it('hears what it is told, in the order of the calls', async () => {
    socket = await openNotifySocket();
    const { logger, lines } = keepingLogger();
    const systemd = createSdNotify({ socket: socket.path, watchdogUsec: null, clock: systemClock, logger });
    void systemd.ready();
    await systemd.stopping();
    expect(socket.heard()).toEqual(['READY=1', 'STOPPING=1']);
    expect(lines).toEqual([]);
  });

  it('hears of the watchdog as often as it needs to, and not each time the work moves on', async () => {
    socket = await openNotifySocket();
    const clock = handClock();
    const { logger } = keepingLogger();
    const systemd = createSdNotify({ socket: socket.path, watchdogUsec: 30_000_000, clock, logger });
    for (const atMs of [0, 1_000, 9_999, 10_000, 10_001, 20_500]) {
      clock.set(atMs);
      await systemd.watchdog();
    }
    expect(socket.heard()).toEqual(['WATCHDOG=1', 'WATCHDOG=1', 'WATCHDOG=1']);
  });

  it('hears no ping when it asked for none', async () => {
    socket = await openNotifySocket();
    const { logger } = keepingLogger();
    const systemd = createSdNotify({ socket: socket.path, watchdogUsec: null, clock: systemClock, logger });
    await systemd.watchdog();
    await systemd.ready();
    expect(socket.heard()).toEqual(['READY=1']);
  });
});

describe('without systemd', () => {
  it('nothing is sent and nothing fails', async () => {
    const { logger, lines } = keepingLogger();
    const command = '/nonexistent/systemd-notify';
    const systemd = createSdNotify({ socket: null, watchdogUsec: 1, clock: systemClock, logger, command });
    await Promise.all([systemd.ready(), systemd.watchdog(), systemd.stopping()]);
    expect(lines).toEqual([]);
  });

  it('a helper that is not there is told once, and is never fatal', async () => {
    const { logger, lines } = keepingLogger();
    const command = '/nonexistent/systemd-notify';
    const options = { socket: '/nonexistent/socket', watchdogUsec: null, clock: systemClock, logger, command };
    const systemd = createSdNotify(options);
    await systemd.ready();
    await systemd.stopping();
    expect(lines.map(({ level }) => level)).toEqual(['warn']);
  });
});
