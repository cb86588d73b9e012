// The operator's files while the process runs: read again every few seconds and when somebody says so (SIGHUP), judged as a
// whole, and taken as a whole or not at all. It compares what the files say, not when they were written: a config map whose
// links are swapped, an editor that writes a new file and a change back and forth all come to the same.
//
// What it finds by itself must be found twice in a row: a file that is just being written may look complete, and mean
// something else. Whoever says so has finished writing.
import type { Clock } from '../ports/clock.ts';
import { explain, Failure } from '../ports/failure.ts';
import type { Logger } from '../ports/logger.ts';

/** What two readings differ in, as the reader of the files tells it. */
export interface Differences {
  /** By the operator's own keys, what takes effect at the next pass. */
  readonly changed: Readonly<Record<string, { readonly from: unknown; readonly to: unknown }>>;
  /** Keys that are not as they were at start, and that take effect after a restart. */
  readonly afterRestart: readonly string[];
  /** The files are about another cluster or fleet now. */
  readonly isOfAnother: boolean;
}

export interface ReloadOptions<Config> {
  /** What was read at start. */
  readonly started: Config;
  /** Reads and judges every file. @throws Failure `bad-configuration` with every mistake */
  readonly read: () => Config;
  readonly differences: (started: Config, present: Config, found: Config) => Differences;
  /** Called when something else is in force. */
  readonly onTaken: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Reading two small files takes a few milliseconds, and nobody waits for it who may say so. */
const READ_EVERY_MS = 3_000;

type Found<Config> =
  | { readonly config: Config; readonly key: string }
  | { readonly mistakes: Failure; readonly key: string };

export class Reload<Config> {
  readonly #options: ReloadOptions<Config>;
  #present: Config;
  /** What the files said when they were last heeded, and when they were last read. */
  #heeded: string;
  #seen: string;
  #trouble: string | null = null;
  #afterRestart = '';

  constructor(options: ReloadOptions<Config>) {
    this.#options = options;
    this.#present = options.started;
    this.#heeded = keyOf(options.started);
    this.#seen = this.#heeded;
  }

  /** What is in force. */
  get config(): Config {
    return this.#present;
  }

  /** Why the files are not what is in force; null when they are. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** Reads the files until the signal aborts. */
  async run(signal: AbortSignal): Promise<void> {
    for (;;) {
      await this.#options.clock.sleep(READ_EVERY_MS, signal);
      if (signal.aborted) return;
      const found = this.#read();
      const isSteady = found.key === this.#seen;
      this.#seen = found.key;
      if (isSteady && found.key !== this.#heeded) this.#heed(found);
    }
  }

  /** Reads them now, and says what came of it whatever that is: somebody asked. */
  now(): void {
    const found = this.#read();
    this.#seen = found.key;
    const isNew = found.key !== this.#heeded;
    if (isNew || 'mistakes' in found) this.#heed(found);
    else this.#options.logger.info({}, 'the files were read again: nothing has changed');
  }

  #read(): Found<Config> {
    try {
      const config = this.#options.read();
      return { config, key: keyOf(config) };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { mistakes: error, key: explain(error) };
    }
  }

  #heed(found: Found<Config>): void {
    const { logger, differences, started, onTaken } = this.#options;
    this.#heeded = found.key;
    if ('mistakes' in found) {
      this.#trouble = `the files have mistakes, and what was read before them stays in force: ${explain(found.mistakes)}`;
      logger.error({ err: found.mistakes }, 'the files have mistakes: what was read before them stays in force');
      return;
    }
    const { changed, afterRestart, isOfAnother } = differences(started, this.#present, found.config);
    if (isOfAnother) {
      this.#trouble = `the files are about another cluster or fleet (${afterRestart.join(', ')}): restart, or put them back`;
      logger.error(
        { afterRestart },
        'the files are about another cluster or fleet: nothing of them is taken before a restart',
      );
      return;
    }
    const wasTrouble = this.#trouble !== null;
    this.#trouble = null;
    this.#sayAfterRestart(afterRestart);
    if (Object.keys(changed).length === 0) {
      if (wasTrouble) logger.info({}, 'the files are good again, and as they were');
      return;
    }
    this.#present = found.config;
    logger.info({ changed }, 'the files have changed: this is in force from the next pass on');
    onTaken();
  }

  #sayAfterRestart(keys: readonly string[]): void {
    const said = keys.join();
    if (said === this.#afterRestart) return;
    this.#afterRestart = said;
    if (keys.length > 0)
      this.#options.logger.warn(
        { afterRestart: keys },
        'some of what has changed in the files takes effect after a restart',
      );
  }
}

const keyOf = (config: unknown): string => JSON.stringify(config);
