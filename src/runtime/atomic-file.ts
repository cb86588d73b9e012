// Small files that are always one whole version, whoever reads them and whatever ends us: a draft beside the file is made
// durable and then takes its name. A draft that a killed process left behind is removed by the next write.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../ports/failure.ts';

const beingWritten = new Set<string>();

/**
 * Replaces the file, or makes it. Resolves when it would survive a loss of power; until then the version before does.
 * Whoever writes one file twice waits for the first before the second.
 *
 * @param mode as it is to be, whatever the umask of this process
 * @throws Failure `unavailable`; then the file is as it was, unless only making it durable has failed
 */
export async function writeAtomically(path: string, text: string, mode: number): Promise<void> {
  const draft = join(dirname(path), `${draftPrefix(path)}${process.pid}.${randomUUID()}`);
  beingWritten.add(draft);
  try {
    await removeStaleDrafts(path);
    await fill(draft, text, mode);
    await rename(draft, path);
    await makeDurable(dirname(path));
  } catch (cause) {
    // What went wrong before says more than that the draft cannot be removed either; the next write tries that again.
    await rm(draft, { force: true }).catch(() => {});
    throw new Failure('unavailable', `writing the file ${path}`, { cause });
  } finally {
    beingWritten.delete(draft);
  }
}

/** The whole text; null when there is no such file. @throws Failure `unavailable` when there is, and it cannot be read */
export function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (hasCode(cause, 'ENOENT')) return null;
    throw new Failure('unavailable', `reading the file ${path}`, { cause });
  }
}

async function fill(draft: string, text: string, mode: number): Promise<void> {
  const file = await open(draft, 'wx', mode);
  try {
    await file.chmod(mode);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A name lives in its folder: without this, a loss of power could bring the version before back. */
async function makeDurable(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function removeStaleDrafts(path: string): Promise<void> {
  const prefix = draftPrefix(path);
  for (const name of await readdir(dirname(path))) {
    if (!name.startsWith(prefix)) continue;
    const draft = join(dirname(path), name);
    const writer = Number.parseInt(name.slice(prefix.length), 10);
    // A process number comes back, as ours does in a container after each restart.
    const isStale = writer === process.pid ? !beingWritten.has(draft) : !isRunning(writer);
    if (isStale) await rm(draft, { force: true });
  }
}

const draftPrefix = (path: string): string => `.${basename(path)}.draft-`;

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
