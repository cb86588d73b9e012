import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createSdNotify, type SdNotifyOptions } from '../../src/runtime/sd-notify.ts';
import { systemClock } from '../../src/runtime/system-clock.ts';
import { aFolder } from '../support/folder.ts';
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

/** A word with systemd by a helper of ours, which fails until it is mended and writes down what it was told since. */
function aBrokenHelper(over: Pick<SdNotifyOptions, 'watchdogUsec'> & Partial<SdNotifyOptions>) {
  const folder = aFolder();
  const [command, told] = [join(folder, 'helper'), join(folder, 'told')];
  writeFileSync(command, '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  writeFileSync(told, '');
  const clock = handClock();
  const { logger, lines } = keepingLogger();
  const systemd = createSdNotify({ socket: '/nonexistent/socket', clock, logger, command, ...over });
  const mend = () => writeFileSync(command, `#!/bin/sh\necho "$1" >> '${told}'\n`);
  const heard = () => readFileSync(told, 'utf8').split('\n').slice(0, -1);
  return { systemd, clock, mend, heard, lines };
}

describe('what did not reach systemd', () => {
  it('is said again at the next sign of life when it was that we are ready, and no more once it went through', async () => {
    const { systemd, mend, heard, lines } = aBrokenHelper({ watchdogUsec: null });
    await systemd.ready();
    await systemd.watchdog();
    mend();
    for (let call = 0; call < 3; call += 1) await systemd.watchdog();
    expect(heard()).toEqual(['READY=1']);
    expect(lines).toHaveLength(1);
  });

  it('is not that we are ready any more when we are stopping', async () => {
    const { systemd, mend, heard } = aBrokenHelper({ watchdogUsec: null });
    await systemd.ready();
    mend();
    await systemd.stopping();
    await systemd.watchdog();
    expect(heard()).toEqual(['STOPPING=1']);
  });

  it('is no ping: the next sign of life is one', async () => {
    const { systemd, clock, mend, heard } = aBrokenHelper({ watchdogUsec: 30_000_000 });
    await systemd.watchdog();
    mend();
    clock.set(1_000);
    await systemd.watchdog();
    expect(heard()).toEqual(['WATCHDOG=1']);
    clock.set(10_999);
    await systemd.watchdog();
    expect(heard()).toEqual(['WATCHDOG=1']);
  });

  it('does not pile up while a helper is slow', async () => {
    const { systemd, mend, heard } = aBrokenHelper({ watchdogUsec: 30_000_000 });
    await systemd.ready();
    mend();
    await Promise.all(Array.from({ length: 5 }, () => systemd.watchdog()));
    expect(heard()).toEqual(['READY=1', 'WATCHDOG=1']);
  });
});

describe('pings', () => {
  it('come after the share of the time that was asked for', async () => {
    const { systemd, clock, mend, heard } = aBrokenHelper({ watchdogUsec: 30_000_000, pingShare: 1 / 2 });
    mend();
    for (const atMs of [0, 14_999, 15_000, 29_999, 30_000]) {
      clock.set(atMs);
      await systemd.watchdog();
    }
    expect(heard()).toHaveLength(3);
  });
});
