// Lines of text in files of bounded size, in a directory of bounded size: a file that is full is compressed, and the oldest
// go when all together take too much. Nothing is made durable: what a loss of power takes of it is not worth a wait.
import { createReadStream, createWriteStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { Failure } from '../ports/failure.ts';

/** One file of a directory of lines. */
export interface LineFile {
  readonly name: string;
  /** When its first line was appended, epoch milliseconds. */
  readonly beganAt: number;
  readonly isCompressed: boolean;
}

// Small files lose less when the oldest goes.
const FILES_IN_ALL = 8;
// A file may begin with a line that is much longer than the others, and must not be hardly more than that.
const FIRST_LINES = 4;

export class RotatedLines {
  readonly #directory: string;
  readonly #maximumBytes: number;
  readonly #fileBytes: number;
  #current: {
    readonly name: string;
    readonly handle: FileHandle;
    readonly inode: number;
    bytes: number;
    firstBytes: number;
  } | null = null;
  /** What else is there, oldest first. */
  #others: { readonly name: string; readonly bytes: number }[] = [];

  /** @param options.maximumBytes what all files may take together; one is left over for the moment of compressing */
  constructor({ directory, maximumBytes }: { directory: string; maximumBytes: number }) {
    this.#directory = directory;
    this.#fileBytes = maximumBytes / FILES_IN_ALL;
    this.#maximumBytes = maximumBytes - this.#fileBytes;
  }

  /** Whether the next line is the first of a file. */
  get isAtStart(): boolean {
    return this.#current === null;
  }

  /**
   * @param at epoch milliseconds; the file that begins with this line is named by it
   * @throws Failure `unavailable`; then the next line begins a new file, so that only a last line is ever cut
   */
  async append(line: string, at: number): Promise<void> {
    const text = `${line}\n`;
    try {
      const current = this.#current ?? (await this.#begin(at));
      const bytes = Buffer.byteLength(text);
      await this.#makeRoom(current.bytes + bytes);
      await current.handle.appendFile(text);
      await this.#assertInPlace(current);
      if (current.bytes === 0) current.firstBytes = bytes;
      current.bytes += bytes;
      const fullBytes = Math.max(this.#fileBytes, FIRST_LINES * current.firstBytes);
      if (current.bytes >= Math.min(fullBytes, this.#maximumBytes / 2)) await this.end();
    } catch (cause) {
      await this.#abandon();
      throw new Failure('unavailable', `writing to ${this.#directory}`, { cause });
    }
  }

  /** The next line begins a new file. @throws what the file system says */
  async end(): Promise<void> {
    const current = this.#current;
    this.#current = null;
    if (current === null) return;
    await current.handle.close();
    await this.#compress(current.name);
  }

  async #begin(at: number) {
    await mkdir(this.#directory, { recursive: true });
    const name = nameOf(at);
    this.#others = await this.#measure();
    const handle = await open(join(this.#directory, name), 'wx');
    this.#current = { name, handle, inode: (await handle.stat()).ino, bytes: 0, firstBytes: 0 };
    return this.#current;
  }

  /** A file that somebody removed takes lines as before, and nobody will ever read them. */
  async #assertInPlace({ name, inode }: { readonly name: string; readonly inode: number }): Promise<void> {
    const { ino } = await stat(join(this.#directory, name));
    if (ino !== inode) throw new Error(`${name} is another file now`);
  }

  async #measure() {
    const names = (await readdir(this.#directory)).filter((name) => OURS.test(name)).sort();
    return Promise.all(names.map(async (name) => ({ name, bytes: (await stat(join(this.#directory, name))).size })));
  }

  async #makeRoom(forBytes: number): Promise<void> {
    let sum = this.#others.reduce((bytes, other) => bytes + other.bytes, forBytes);
    while (sum > this.#maximumBytes) {
      const oldest = this.#others.shift();
      if (oldest === undefined) return;
      await rm(join(this.#directory, oldest.name), { force: true });
      sum -= oldest.bytes;
    }
  }

  async #compress(name: string): Promise<void> {
    const path = join(this.#directory, name);
    const draft = `${path}.gz${DRAFT}`;
    await pipeline(createReadStream(path), createGzip(), createWriteStream(draft, { flags: 'w' }));
    await rename(draft, `${path}.gz`);
    await rm(path);
  }

  /** Leaves what was written where it is, but for a file in which no line is whole. */
  async #abandon(): Promise<void> {
    const current = this.#current;
    this.#current = null;
    if (current === null) return;
    // The first failure is what is told; a file that cannot be closed or removed either goes when it is the oldest.
    await current.handle.close().catch(() => {});
    if (current.bytes === 0) await rm(join(this.#directory, current.name), { force: true }).catch(() => {});
  }
}

/**
 * The files of a directory, oldest first; empty when there is no such directory. One that was compressed just now may be
 * there twice: it is named once.
 * @throws Failure `unavailable` when the directory cannot be read
 */
export async function lineFilesIn(directory: string): Promise<LineFile[]> {
  try {
    const names = (await readdir(directory)).filter((name) => OURS.test(name) && !name.endsWith(DRAFT));
    return names
      .filter((name) => !name.endsWith('.gz') || !names.includes(name.slice(0, -'.gz'.length)))
      .sort()
      .map((name) => ({ name, beganAt: beginningOf(name), isCompressed: name.endsWith('.gz') }));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
    throw new Failure('unavailable', `reading the directory ${directory}`, { cause });
  }
}

const DRAFT = '.part';
const OURS = /^\d{8}T\d{6}\.\d{3}Z\.jsonl(\.gz(\.part)?)?$/;

/** `20261121T081500.000Z.jsonl`: sorts by time, and has no character that a shell or scp minds. */
const nameOf = (at: number): string => `${new Date(at).toISOString().replace(/[-:]/g, '')}.jsonl`;

const beginningOf = (name: string): number =>
  Date.parse(name.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\d\.\d{3}Z).*$/, '$1-$2-$3:$4:$5'));
