// Tells systemd how we are. Node has no Unix datagram sockets, so each message is sent by systemd's own `systemd-notify`;
// that needs NotifyAccess=all in the unit, because the helper is our child and not the main process. It waits until
// systemd has read the message, so the helper can still be identified. Nothing here is ever fatal: a process that cannot
// report is no worse at its work.
import { spawn } from 'node:child_process';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';

/** systemd answers in milliseconds; a helper that hangs must not hold up the end of the process. */
const HELPER_TIMEOUT_MS = 2_000;

export interface SdNotify {
  /** Said again with `watchdog` until it went through: systemd would otherwise end a process that works. */
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
  /** Which part of the watchdog's time passes between two pings; a third by default, which leaves room for slow work. */
  readonly pingShare?: number;
  readonly clock: Clock;
  readonly logger: Logger;
  /** The program that sends; another one only in tests. */
  readonly command?: string;
}

const DEFAULT_PING_SHARE = 1 / 3;

/** Messages leave one after the other in the order of the calls. The promises resolve when sent, and never reject. */
export function createSdNotify(options: SdNotifyOptions): SdNotify {
  const { socket, watchdogUsec, pingShare = DEFAULT_PING_SHARE, clock } = options;
  if (socket === null) return { ready: nothing, stopping: nothing, status: nothing, watchdog: nothing };
  const send = inOrder((message) => runHelper(options, socket, message), options.logger);
  const pingEveryMs = watchdogUsec === null ? Number.POSITIVE_INFINITY : (watchdogUsec / 1_000) * pingShare;
  const ready = new Owed(() => send('READY=1'));
  let pingedAtMs = Number.NEGATIVE_INFINITY;
  const ping = new Owed(() => {
    pingedAtMs = clock.monotonicMs();
    return send('WATCHDOG=1');
  });
  return {
    ready: () => {
      ready.owe();
      return ready.settle();
    },
    stopping: async () => {
      ready.drop();
      await send('STOPPING=1');
    },
    status: async (text) => {
      await send(`STATUS=${text}`);
    },
    watchdog: async () => {
      if (watchdogUsec !== null && clock.monotonicMs() - pingedAtMs >= pingEveryMs) ping.owe();
      if (ready.isOwed || ping.isOwed) await Promise.all([ready.settle(), ping.settle()]);
    },
  };
}

async function nothing(): Promise<void> {}

/** A message that is tried again until it went through, one at a time. */
class Owed {
  readonly #send: () => Promise<boolean>;
  #isOwed = false;
  #isUnderWay = false;

  constructor(send: () => Promise<boolean>) {
    this.#send = send;
  }

  get isOwed(): boolean {
    return this.#isOwed;
  }

  owe(): void {
    this.#isOwed = true;
  }

  drop(): void {
    this.#isOwed = false;
  }

  async settle(): Promise<void> {
    if (!this.#isOwed || this.#isUnderWay) return;
    this.#isUnderWay = true;
    if (await this.#send()) this.#isOwed = false;
    this.#isUnderWay = false;
  }
}

/** What it returns says of each message whether it was delivered. */
function inOrder(deliver: (message: string) => Promise<void>, logger: Logger): (message: string) => Promise<boolean> {
  let last: Promise<unknown> = Promise.resolve();
  let isFailing = false;
  const attempt = async (message: string) => {
    try {
      await deliver(message);
      isFailing = false;
    } catch (err) {
      if (!isFailing) logger.warn({ err, message }, 'systemd could not be notified');
      isFailing = true;
    }
    return !isFailing;
  };
  return (message) => {
    const sent = last.then(() => attempt(message));
    last = sent;
    return sent;
  };
}

/** Without pipes: nobody reads what it says, and they are most of what starting it costs this process. */
function runHelper(options: SdNotifyOptions, socket: string, message: string): Promise<void> {
  const command = options.command ?? 'systemd-notify';
  return new Promise((resolve, reject) => {
    // Only what the helper needs: our environment may hold credentials.
    const env = { NOTIFY_SOCKET: socket };
    const helper = spawn(command, [message], { env, stdio: 'ignore', timeout: HELPER_TIMEOUT_MS });
    helper.once('error', reject);
    helper.once('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ended with ${code ?? signal}`));
    });
  });
}
