// Tells systemd how we are. Node has no Unix datagram sockets, so each message is sent by systemd's own `systemd-notify`;
// that needs NotifyAccess=all in the unit, because the helper is our child and not the main process. It waits until
// systemd has read the message, so the helper can still be identified. Nothing here is ever fatal: a process that cannot
// report is no worse at its work.
import { execFile } from 'node:child_process';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';

/** systemd answers in milliseconds; a helper that hangs must not hold up the end of the process. */
const HELPER_TIMEOUT_MS = 2_000;

export interface SdNotify {
  ready(): Promise<void>;
  stopping(): Promise<void>;
  /** A line for `systemctl status`. */
  status(text: string): Promise<void>;
  /** Call it whenever the work has moved on; it pings only as often as systemd needs. */
  watchdog(): Promise<void>;
}

export interface SdNotifyOptions {
  /** `NOTIFY_SOCKET`; null when systemd does not ask, and then nothing is ever sent. */
  readonly socket: string | null;
  /** `WATCHDOG_USEC`; null without a watchdog. */
  readonly watchdogUsec: number | null;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The program that sends; another one only in tests. */
  readonly command?: string;
}

/** Messages leave one after the other in the order of the calls. The promises resolve when sent, and never reject. */
export function createSdNotify(options: SdNotifyOptions): SdNotify {
  const { socket, watchdogUsec, clock } = options;
  if (socket === null) return { ready: nothing, stopping: nothing, status: nothing, watchdog: nothing };
  const send = inOrder((message) => runHelper(options, socket, message), options.logger);
  // systemd asks for a ping at least every half of the time; a third leaves room for a slow poll.
  const pingEveryMs = watchdogUsec === null ? Number.POSITIVE_INFINITY : watchdogUsec / 1_000 / 3;
  let pingedAtMs = Number.NEGATIVE_INFINITY;
  return {
    ready: () => send('READY=1'),
    stopping: () => send('STOPPING=1'),
    status: (text) => send(`STATUS=${text}`),
    watchdog: () => {
      const nowMs = clock.monotonicMs();
      if (watchdogUsec === null || nowMs - pingedAtMs < pingEveryMs) return nothing();
      pingedAtMs = nowMs;
      return send('WATCHDOG=1');
    },
  };
}

async function nothing(): Promise<void> {}

function inOrder(deliver: (message: string) => Promise<void>, logger: Logger): (message: string) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  let isFailing = false;
  return (message) => {
    last = last.then(async () => {
      try {
        await deliver(message);
        isFailing = false;
      } catch (err) {
        if (!isFailing) logger.warn({ err, message }, 'systemd could not be notified');
        isFailing = true;
      }
    });
    return last;
  };
}

function runHelper(options: SdNotifyOptions, socket: string, message: string): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(
      options.command ?? 'systemd-notify',
      [message],
      // Only what the helper needs: our environment may hold credentials.
      { env: { NOTIFY_SOCKET: socket }, timeout: HELPER_TIMEOUT_MS },
      (error) => (error === null ? resolve() : reject(error)),
    );
  });
}
