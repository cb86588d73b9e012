// The lease record on the local disk, for a controller on one host. Every version is a file of its own, numbered, and
// made by linking a finished file to its final name: link fails when the name exists, which is the compare-and-set. A
// crash at any line leaves the old version or the new one, never half of one.
import { randomUUID } from 'node:crypto';
import { link, mkdir, readdir, readFile, rm, unlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Failure } from '../ports/failure.ts';
import type { LeaseRecord, LeaseStore } from '../ports/lease-store.ts';

interface Kept {
  readonly number: number;
  readonly record: LeaseRecord;
}

/** @param path the lease's name on disk; versions are `PATH.1`, `PATH.2`, ... and only the newest is kept */
export function createFileLeaseStore(path: string): LeaseStore {
  return {
    read: () => atDisk(`reading the lease file ${path}`, async () => (await newest(path))?.record ?? null),
    write: (next, expectedVersion) =>
      atDisk(`writing the lease file ${path}`, async () => {
        await mkdir(dirname(path), { recursive: true });
        const kept = await newest(path);
        if ((kept?.record.version ?? null) !== expectedVersion) return kept?.record.version === next.version;
        const number = (kept?.number ?? 0) + 1;
        if (!(await publish(`${path}.${number}`, next))) return false;
        // While we were stopped between looking and linking, others may have made this version, the next, and removed
        // this one again: then it is no longer the newest, and not ours to hold.
        if ((await numbers(path)).at(-1) !== number) {
          await rm(`${path}.${number}`, { force: true });
          return false;
        }
        await removeOlder(path, number);
        return true;
      }),
  };
}

async function newest(path: string): Promise<Kept | null> {
  for (const number of (await numbers(path)).reverse()) {
    try {
      return { number, record: JSON.parse(await readFile(`${path}.${number}`, 'utf8')) };
    } catch (error) {
      // Removed between listing and reading, because a newer one exists by now: the next lower number is gone as well.
      if (!hasCode(error, 'ENOENT')) throw error;
      return newest(path);
    }
  }
  return null;
}

/** The version numbers on disk, ascending. */
async function numbers(path: string): Promise<number[]> {
  const prefix = `${basename(path)}.`;
  const names = await readdir(dirname(path)).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  });
  return names
    .filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
    .map((name) => Number(name.slice(prefix.length)))
    .sort((a, b) => a - b);
}

/** false when somebody else made that version first. */
async function publish(file: string, record: LeaseRecord): Promise<boolean> {
  const draft = join(dirname(file), `.${basename(file)}.${randomUUID()}`);
  try {
    await writeFile(draft, JSON.stringify(record), { flush: true });
    await link(draft, file);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function removeOlder(path: string, number: number): Promise<void> {
  for (const old of await numbers(path)) {
    if (old >= number) continue;
    await unlink(`${path}.${old}`).catch((error: unknown) => {
      if (!hasCode(error, 'ENOENT')) throw error;
    });
  }
}

async function atDisk<Result>(doing: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const isOperators = hasCode(error, 'EACCES') || hasCode(error, 'EROFS') || hasCode(error, 'ENOTDIR');
    throw new Failure(isOperators ? 'bad-configuration' : 'unavailable', doing, { cause: error });
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
