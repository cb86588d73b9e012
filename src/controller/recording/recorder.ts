// Writes down every pass: one JSON line each, in it what changed since the line before; the first line of a file has all of
// it. A pass never waits for its record and never fails by it: while one is being written one may wait, and what comes
// on top of that is left out.
import type { Logger } from '../../ports/logger.ts';
import type { RotatedLines } from '../../runtime/rotated-lines.ts';
import { type Change, difference, type Json } from './difference.ts';
import { frameOf, type RecordedPass } from './frame.ts';

/** One line of a recording. */
export interface RecordLine {
  /** Rises with every change of it that an older reader would not understand. */
  readonly format: number;
  /** Of the pass; epoch milliseconds. */
  readonly at: number;
  /** Passes since the line before that are not recorded. */
  readonly missed: number;
  /** From the pass of the line before; in the first line of a file from nothing. */
  readonly change: Change | null;
}

export const FORMAT = 1;

// So many in a row without one left out: then the disk keeps up again, and did not just catch its breath.
const KEEPS_UP_AFTER = 20;

type Lines = Pick<RotatedLines, 'isAtStart' | 'append' | 'end'>;

interface Frame {
  readonly at: number;
  readonly frame: Json;
}

export class Recorder {
  readonly #lines: Lines;
  readonly #logger: Logger;
  #before: Json = null;
  #waiting: Frame | null = null;
  #writing: Promise<void> | null = null;
  /** Left out since the last line, and since a trouble was last said to be over. */
  #missed = 0;
  #missedInTrouble = 0;
  #trouble: 'none' | 'failing' | 'behind' = 'none';
  #keptUp = 0;
  #isReignNew = false;

  constructor({ lines, logger }: { lines: Lines; logger: Logger }) {
    this.#lines = lines;
    this.#logger = logger;
  }

  /** What is recorded from now on is of another reign: a file never tells of two. */
  begin(): void {
    this.#isReignNew = true;
  }

  /** Returns at once; the pass must be over, and the next observation must not have begun. Never throws. */
  record(pass: RecordedPass): void {
    if (this.#waiting !== null) this.#leaveOut();
    this.#waiting = { at: pass.input.now, frame: frameOf(pass) };
    this.#writing ??= this.#writeAll();
  }

  /** Resolves when everything so far is written, or cannot be. */
  async idle(): Promise<void> {
    await this.#writing;
  }

  /** The same, and the file is closed. Nothing is to be recorded afterwards. */
  async close(): Promise<void> {
    await this.idle();
    await this.#lines.end().catch((err: unknown) => this.#logger.warn({ err }, 'the last record could not be closed'));
  }

  async #writeAll(): Promise<void> {
    for (let next = this.#waiting; next !== null; next = this.#waiting) {
      this.#waiting = null;
      await this.#write(next);
    }
    this.#writing = null;
  }

  async #write({ at, frame }: Frame): Promise<void> {
    try {
      if (this.#isReignNew) await this.#lines.end();
      this.#isReignNew = false;
      const change = difference(this.#lines.isAtStart ? null : this.#before, frame);
      const line: RecordLine = { format: FORMAT, at, missed: this.#missed, change };
      await this.#lines.append(JSON.stringify(line), at);
      this.#before = frame;
      this.#missed = 0;
      this.#noteWritten();
    } catch (err) {
      // Whatever it is: a record is never worth a controller.
      this.#noteFailure(err);
    }
  }

  #leaveOut(): void {
    this.#missed += 1;
    this.#missedInTrouble += 1;
    this.#keptUp = 0;
    if (this.#trouble !== 'none') return;
    this.#trouble = 'behind';
    this.#logger.warn({}, 'passes come faster than they can be recorded; some are left out of the record');
  }

  #noteFailure(err: unknown): void {
    this.#missed += 1;
    this.#missedInTrouble += 1;
    if (this.#trouble !== 'failing') this.#logger.warn({ err }, 'passes cannot be recorded; all else goes on');
    this.#trouble = 'failing';
  }

  /** A lasting trouble is said when it starts and when it ends. */
  #noteWritten(): void {
    this.#keptUp += 1;
    if (this.#trouble === 'none' || (this.#trouble === 'behind' && this.#keptUp < KEEPS_UP_AFTER)) return;
    this.#logger.info({ missed: this.#missedInTrouble }, 'passes are recorded again');
    this.#trouble = 'none';
    this.#missedInTrouble = 0;
  }
}
