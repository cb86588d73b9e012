// A file as small as one that people write, as text. A process that runs reads its files again and again, and whatever
// lies at the path by then must neither hold it up nor fill its memory.
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

// Our own examples are a tenth of it. Looking for keys that are given twice takes time by the square of the keys: a second
// for as many as fit into this, and a leader that is held up for longer loses its lease.
const LARGEST_BYTES = 64 * 1_024;

/** Never throws for what may lie at a path, and never waits for it: a pipe nobody writes to would be waited for for ever. */
export function readSmallFile(path: string): { readonly text: string } | { readonly problem: string } {
  let file: number | null = null;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const found = fstatSync(file);
    if (found.isDirectory()) return { problem: 'this is a directory, expected a file' };
    if (!found.isFile()) return { problem: 'this is a pipe or a device, expected a file' };
    const bytes = readAtMost(file, LARGEST_BYTES + 1);
    if (bytes.length > LARGEST_BYTES)
      return { problem: `the file is too large; expected at most ${LARGEST_BYTES / 1_024} KiB` };
    return { text: bytes.toString('utf8') };
  } catch (error) {
    return { problem: reasonUnreadable(error) };
  } finally {
    if (file !== null) closeSync(file);
  }
}

/** The file may grow meanwhile, so its size is no bound. */
function readAtMost(file: number, most: number): Buffer {
  const bytes = Buffer.alloc(most);
  let length = 0;
  for (let more = -1; more !== 0 && length < most; length += more)
    more = readSync(file, bytes, length, most - length, null);
  return bytes.subarray(0, length);
}

function reasonUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'this user may not read the file';
  return `the file cannot be read (${code ?? String(error)})`;
}
