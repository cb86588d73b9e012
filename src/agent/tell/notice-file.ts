// The notice as a file that containers can watch. They have its directory mounted, so that stays as it is, and only the
// file in it is replaced; it is written when the notice changes, and never at rest.
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../ports/clock.ts';
import { Failure } from '../../ports/failure.ts';
import type { Logger } from '../../ports/logger.ts';
import type { Rng } from '../../ports/rng.ts';
import { readIfThere, writeAtomically } from '../../runtime/atomic-file.ts';
import { type Backoff, backoffDelayMs } from '../../runtime/backoff.ts';
import type { Level } from '../level.ts';
import type { TaskNotice } from './task-notice.ts';

export interface NoticeFileOptions {
  /** Made where it is missing. */
  readonly directory: string;
  readonly board: Level<TaskNotice | null>;
  readonly clock: Clock;
  readonly rng: Rng;
  readonly logger: Logger;
}

export const NOTICE_FILE = 'notice.json';

// Tasks run as anybody.
const FILE_MODE = 0o644;
const DIRECTORY_MODE = 0o755;

/** Only while it cannot be written. Soon at first, as a notice is of no use to anybody after two minutes. */
const BACKOFF: Backoff = { baseMs: 1_000, capMs: 15_000 };

/** Keeps the file as the board is, until the signal aborts. What fails is told once and tried again. */
export async function keepNoticeFile(options: NoticeFileOptions, signal: AbortSignal): Promise<void> {
  const { directory, board, clock, rng, logger } = options;
  const path = join(directory, NOTICE_FILE);
  for (let failures = 0; !signal.aborted; ) {
    const notice = board.value;
    try {
      await show(directory, `${JSON.stringify({ notice })}\n`);
      if (failures > 0) logger.info({ path }, 'the notice for tasks is written again');
      failures = 0;
      await board.changed(notice, signal);
    } catch (err) {
      if (!(err instanceof Failure)) throw err;
      if (failures === 0)
        logger.warn({ err }, 'the notice for tasks cannot be written: they do not see it in the file');
      await clock.sleep(backoffDelayMs(failures, BACKOFF, rng), signal);
      failures += 1;
    }
  }
}

async function show(directory: string, text: string): Promise<void> {
  const path = join(directory, NOTICE_FILE);
  if (readIfThere(path) === text) return;
  await makeDirectory(directory);
  await writeAtomically(path, text, FILE_MODE);
}

async function makeDirectory(directory: string): Promise<void> {
  try {
    const made = await mkdir(directory, { recursive: true });
    // Whatever the umask of this process; one that was there is somebody else's to decide about.
    if (made !== undefined) await chmod(directory, DIRECTORY_MODE);
  } catch (cause) {
    throw new Failure('unavailable', `making the directory ${directory}`, { cause });
  }
}
