// Which boot of the host this is.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import type { Clock } from '../ports/clock.ts';

export interface Boot {
  /** Another after every boot. */
  readonly id: string;
  /** When it began, by what the kernel says of its uptime; epoch milliseconds. */
  readonly upSince: number;
}

/** https://docs.kernel.org/admin-guide/sysctl/kernel.html#random */
const BOOT_ID_FILE = '/proc/sys/kernel/random/boot_id';

/** @param given the boot's id where somebody else says it, as systemd does; null to ask the kernel */
export function thisBoot(given: string | null, clock: Clock): Boot {
  return { id: given ?? kernelsBootId(), upSince: clock.now() - uptimeMs() };
}

/** For how long this boot has lasted, whatever the wall clock was set to meanwhile. */
export function uptimeMs(): number {
  return uptime() * 1_000;
}

/** Where the kernel does not say (it may be hidden from a service), every start counts as a boot: less is remembered. */
function kernelsBootId(): string {
  try {
    return readFileSync(BOOT_ID_FILE, 'utf8').trim();
  } catch {
    return randomUUID();
  }
}
