// Reads back what the recorder wrote, pass by pass, oldest first. A last line that was cut by a crash is no line; a file
// that is damaged in its middle is read as far as it goes, and named.
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type LineFile, lineFilesIn } from '../../runtime/rotated-lines.ts';
import { applied, type Json } from './difference.ts';
import { passOf, type RecordedPass } from './frame.ts';
import { FORMAT, type RecordLine } from './recorder.ts';

export interface ReadPass extends RecordedPass {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Passes since the one before that are not recorded. */
  readonly missed: number;
}

export class Recording {
  readonly #directory: string;
  readonly #files: readonly LineFile[];
  readonly #damaged = new Set<string>();

  constructor(directory: string, files: readonly LineFile[]) {
    this.#directory = directory;
    this.#files = files;
  }

  /** When the oldest pass that is still there was, epoch milliseconds; null when there is none. */
  get beganAt(): number | null {
    return this.#files[0]?.beganAt ?? null;
  }

  /** Names of the files that could not be read to their end; known once they have been read. */
  get damaged(): readonly string[] {
    return [...this.#damaged];
  }

  /** When the newest pass was, epoch milliseconds; null when there is none. */
  async lastAt(): Promise<number | null> {
    for (const file of this.#files.toReversed()) {
      let last: number | null = null;
      // A line may be as large as the cluster: here only its beginning is looked at.
      for await (const text of this.#textsOf(file)) last = instantOf(text) ?? last;
      if (last !== null) return last;
    }
    return null;
  }

  /** Every pass at or after the instant (epoch milliseconds). */
  async *passesSince(from: number): AsyncGenerator<ReadPass> {
    const first = this.#files.findLastIndex(({ beganAt }) => beganAt <= from);
    for (const file of this.#files.slice(Math.max(first, 0))) yield* this.#passesOf(file, from);
  }

  async *#passesOf(file: LineFile, from: number): AsyncGenerator<ReadPass> {
    let frame: Json = null;
    for await (const { at, missed, change } of this.#linesOf(file)) {
      frame = applied(change, frame);
      if (at >= from) yield { at, missed, ...passOf(frame) };
    }
  }

  async *#linesOf(file: LineFile): AsyncGenerator<RecordLine> {
    let isCut = false;
    for await (const text of this.#textsOf(file)) {
      const line = lineOf(text);
      if (isCut || (line !== null && line.format !== FORMAT)) {
        this.#damaged.add(file.name);
        return;
      }
      if (line === null) isCut = true;
      else yield line;
    }
  }

  async *#textsOf(file: LineFile): AsyncGenerator<string> {
    try {
      const stream = await this.#open(file);
      if (stream !== null) yield* linesIn(stream);
    } catch {
      // What went wrong inside a file (a disk error, a compressed file that ends early) helps nobody here; its name does.
      this.#damaged.add(file.name);
    }
  }

  /** null when it is gone: the oldest files go while others are read. */
  async #open({ name, isCompressed }: LineFile): Promise<Readable | null> {
    const path = join(this.#directory, name);
    const plain = isCompressed ? null : await openIfThere(path);
    if (plain !== null) return plain;
    // One that was not compressed when the directory was listed may be by now.
    const compressed = await openIfThere(isCompressed ? path : `${path}.gz`);
    // Whatever goes wrong on the way is told to whoever reads the end of it.
    return compressed === null ? null : pipeline(compressed, createGunzip(), () => {});
  }
}

/** @throws Failure `unavailable` when there is a directory and it cannot be read */
export async function openRecording(directory: string): Promise<Recording> {
  return new Recording(directory, await lineFilesIn(directory));
}

async function openIfThere(path: string): Promise<Readable | null> {
  try {
    const handle = await open(path);
    return handle.createReadStream();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** The last one may lack its line end. */
async function* linesIn(stream: Readable): AsyncGenerator<string> {
  // A line may be as large as the cluster: its parts are put together once, not with each chunk.
  let parts: string[] = [];
  stream.setEncoding('utf8');
  for await (const chunk of stream as AsyncIterable<string>) {
    const [first = '', ...others] = chunk.split('\n');
    parts.push(first);
    for (const other of others) {
      yield parts.join('');
      parts = [other];
    }
  }
  const rest = parts.join('');
  if (rest !== '') yield rest;
}

/** As the recorder begins each line; null for a line that is none. */
function instantOf(text: string): number | null {
  const [, at] = /^\{"format":\d+,"at":(\d+),/.exec(text) ?? [];
  return at === undefined ? null : Number(at);
}

/** null for a line that is none. */
function lineOf(text: string): RecordLine | null {
  try {
    return JSON.parse(text) as RecordLine;
  } catch {
    return null;
  }
}
