// Real files, and a writer that is really killed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readIfThere, writeAtomically } from '../../src/runtime/atomic-file.ts';
import { bundleInto } from '../support/bundle.ts';
import { aFolder } from '../support/folder.ts';
import { until } from '../support/until.ts';

/** Writes versions of 300 KB without end, each line of which holds its number. */
const WRITER = `
import { writeAtomically } from 'SRC/runtime/atomic-file.ts';
const [path, first] = process.argv.slice(2);
for (let version = Number(first); ; version += 1) await writeAtomically(path, (version + '\\n').repeat(300_000 / 8), 0o644);
`;

/** The number of the version; an error when the text is not one whole version. */
function versionIn(text: string): number {
  const lines = text.split('\n');
  expect([new Set(lines.slice(0, -1)).size, lines.length, lines.at(-1)]).toEqual([1, 37_501, '']);
  return Number(lines[0]);
}

describe('an atomic write', () => {
  it('makes the file and replaces it, with the mode it is given whatever the umask', async () => {
    const folder = aFolder();
    const path = join(folder, 'state.json');
    const umask = process.umask(0o077);
    try {
      await writeAtomically(path, 'one', 0o644);
      await writeAtomically(path, 'two', 0o600);
      expect([readIfThere(path), statSync(path).mode & 0o777]).toEqual(['two', 0o600]);
      await writeAtomically(path, 'three', 0o644);
      expect([readIfThere(path), statSync(path).mode & 0o777]).toEqual(['three', 0o644]);
    } finally {
      process.umask(umask);
    }
    expect(readdirSync(folder)).toEqual(['state.json']);
  });

  it('leaves one whole version behind whenever its process is killed, and its next write tidies up', async () => {
    const folder = aFolder();
    const path = join(folder, 'state.json');
    const script = bundleInto(aFolder(), WRITER);
    let first = 1_000_000;
    for (let round = 0; round < 8; round += 1) {
      const writer = spawn(process.execPath, [script, path, String(first)], { stdio: 'inherit' });
      const written = () => existsSync(path) && versionIn(readFileSync(path, 'utf8'));
      // Some rounds end in the middle of the first write, others after a few.
      await until('a version of this writer', () => Number(written()) >= first + (round % 3));
      writer.kill('SIGKILL');
      await once(writer, 'exit');
      const version = versionIn(readFileSync(path, 'utf8'));
      expect(version).toBeGreaterThanOrEqual(first);
      first = version + 1;
    }
    await writeAtomically(path, 'ours', 0o644);
    expect(readdirSync(folder)).toEqual(['state.json']);
  });

  it('shows no reader anything but whole versions', async () => {
    const path = join(aFolder(), 'state.json');
    const writer = spawn(process.execPath, [bundleInto(aFolder(), WRITER), path, '1000000'], { stdio: 'inherit' });
    await until('the first version', () => existsSync(path));
    const versions = new Set<number>();
    await until('ten versions', () => versions.add(versionIn(readIfThere(path) ?? '')).size >= 10);
    writer.kill('SIGKILL');
    await once(writer, 'exit');
  });

  it('that fails leaves no draft behind, and the file as it was', async () => {
    const folder = aFolder();
    const path = join(folder, 'taken');
    mkdirSync(path);
    await expect(writeAtomically(path, 'text', 0o644)).rejects.toMatchObject({ code: 'unavailable' });
    expect(readdirSync(folder)).toEqual(['taken']);
  });

  it('into a folder that is not there fails', async () => {
    const path = join(aFolder(), 'missing', 'state.json');
    await expect(writeAtomically(path, 'text', 0o644)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('removes drafts of processes that are gone, and none of one that runs, nor of another file', async () => {
    const folder = aFolder();
    const gone = spawn('true');
    await once(gone, 'exit');
    for (const draft of [
      `.state.json.draft-${gone.pid}.a`,
      `.state.json.draft-${process.pid}.of-an-earlier-life`,
      `.state.json.draft-${process.ppid}.b`,
      `.other.json.draft-${gone.pid}.c`,
    ]) {
      writeFileSync(join(folder, draft), 'half');
    }
    await writeAtomically(join(folder, 'state.json'), 'text', 0o644);
    const left = [`.state.json.draft-${process.ppid}.b`, `.other.json.draft-${gone.pid}.c`, 'state.json'];
    expect(readdirSync(folder).sort()).toEqual(left.sort());
  });

  it('beside another of the same file leaves one of the two', async () => {
    const folder = aFolder();
    const path = join(folder, 'state.json');
    await Promise.all(['one', 'two'].map((text) => writeAtomically(path, text.repeat(50_000), 0o644)));
    expect(['one'.repeat(50_000), 'two'.repeat(50_000)]).toContain(readIfThere(path));
    expect(readdirSync(folder)).toEqual(['state.json']);
  });
});

describe('reading', () => {
  it('gives null only where there is no file', () => {
    const folder = aFolder();
    expect(readIfThere(join(folder, 'missing'))).toBe(null);
    writeFileSync(join(folder, 'empty'), '');
    expect(readIfThere(join(folder, 'empty'))).toBe('');
    expect(() => readIfThere(folder)).toThrow(expect.objectContaining({ code: 'unavailable' }));
  });

  it.skipIf(process.getuid?.() === 0)('a file that may not be read fails', () => {
    const path = join(aFolder(), 'secret');
    writeFileSync(path, 'text');
    chmodSync(path, 0);
    expect(() => readIfThere(path)).toThrow(expect.objectContaining({ code: 'unavailable' }));
  });
});
