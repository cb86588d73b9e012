// systemd stops this host. A unit beside ours, which systemd stops first, says so by a file in our runtime directory; its
// content is the instant until when systemd waits, in ISO 8601 with a zone.
import { statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../ports/clock.ts';
import { Failure } from '../../ports/failure.ts';
import type { SignalSource } from './signal.ts';

export const HOST_SHUTDOWN_FILE = 'host-shutdown';

// The file alone says that the host stops; without a deadline we count with less than our own unit waits (100 s).
const DEADLINE_WITHOUT_WORDS_MS = 60_000;
const LONGEST_CONTENT_BYTES = 64;

/** A host that runs on for so long after it was to stop does not stop: the file was left behind. */
const GIVEN_UP_AFTER_MS = 600_000;

export interface HostShutdownOptions {
  readonly runtimeDirectory: string;
  readonly periodMs: number;
  /** A file that is older was left over by another boot. */
  readonly uptimeMs: () => number;
  readonly clock: Clock;
}

/** Failure `unreadable` where the file is there and cannot be read. */
export function hostShutdownSource(options: HostShutdownOptions): SignalSource<'host-shutdown'> {
  const { runtimeDirectory, periodMs, uptimeMs, clock } = options;
  const path = join(runtimeDirectory, HOST_SHUTDOWN_FILE);
  return {
    kind: 'host-shutdown',
    periodMs,
    isMetadata: false,
    async read() {
      const file = await readStart(path);
      if (file === null || clock.now() - file.modifiedAt > uptimeMs()) return null;
      const deadlineAt = deadlineIn(file.text) ?? file.modifiedAt + DEADLINE_WITHOUT_WORDS_MS;
      return clock.now() - deadlineAt > GIVEN_UP_AFTER_MS ? null : { kind: 'host-shutdown', deadlineAt };
    },
  };
}

async function readStart(path: string): Promise<{ text: string; modifiedAt: number } | null> {
  // Asked every second of the host's life, so by the one way that costs next to nothing where there is no file.
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return null;
  let file: FileHandle | null = null;
  try {
    file = await open(path);
    const { mtimeMs } = await file.stat();
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LONGEST_CONTENT_BYTES), 0, LONGEST_CONTENT_BYTES, 0);
    return { text: buffer.toString('utf8', 0, bytesRead), modifiedAt: Math.floor(mtimeMs) };
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return null;
    throw new Failure('unreadable', `reading whether this host is being stopped from ${path}`, { cause });
  } finally {
    await file?.close();
  }
}

/** null for what is not an instant: `Date.parse` alone would take a "1" for a day of the year 2001. */
function deadlineIn(text: string): number | null {
  const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text.trim());
  const at = isInstant ? Date.parse(text.trim()) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}
