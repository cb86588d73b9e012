import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { lineFilesIn, RotatedLines } from '../../src/runtime/rotated-lines.ts';
import { aFolder } from '../support/folder.ts';

const AT = Date.parse('2026-11-21T08:15:00.042Z');
const KIB = 1_024;

/** A line that no compression makes shorter, the same for the same number. */
function noise(number: number, length: number): string {
  let state = number + 1;
  let text = '';
  while (text.length < length) {
    state = (state * 48_271) % 2_147_483_647;
    text += state.toString(36);
  }
  return text.slice(0, length);
}

const sizeOf = (directory: string) =>
  readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);

describe('rotated lines', () => {
  it('are in a file named by the instant of the first, and its directory is made', async () => {
    const directory = join(aFolder(), 'var', 'recording');
    const lines = new RotatedLines({ directory, maximumBytes: 64 * KIB });
    expect(lines.isAtStart).toBe(true);
    await lines.append('one', AT);
    await lines.append('two', AT + 15_000);
    expect(lines.isAtStart).toBe(false);
    expect(readdirSync(directory)).toEqual(['20261121T081500.042Z.jsonl']);
    expect(readFileSync(join(directory, '20261121T081500.042Z.jsonl'), 'utf8')).toBe('one\ntwo\n');
    expect(await lineFilesIn(directory)).toEqual([
      { name: '20261121T081500.042Z.jsonl', beganAt: AT, isCompressed: false },
    ]);
    await lines.end();
  });

  it('are compressed when their file is full, and nothing is left of the file', async () => {
    const directory = aFolder();
    const lines = new RotatedLines({ directory, maximumBytes: 8 * KIB });
    const line = 'x'.repeat(KIB / 4);
    for (const at of [AT, AT + 1, AT + 2, AT + 3]) await lines.append(line, at);
    expect(lines.isAtStart).toBe(true);
    expect(readdirSync(directory)).toEqual(['20261121T081500.042Z.jsonl.gz']);
    const packed = readFileSync(join(directory, '20261121T081500.042Z.jsonl.gz'));
    expect(gunzipSync(packed).toString()).toBe(`${line}\n`.repeat(4));
  });

  it('are not cut into files of hardly more than a long first line', async () => {
    const directory = aFolder();
    const lines = new RotatedLines({ directory, maximumBytes: 64 * KIB });
    await lines.append(noise(1, 7 * KIB), AT);
    for (let number = 1; !lines.isAtStart; number += 1) await lines.append(noise(number, KIB), AT + number);
    const [file = ''] = readdirSync(directory);
    expect(gunzipSync(readFileSync(join(directory, file))).length).toBeGreaterThanOrEqual(4 * 7 * KIB);
  });

  it('never take more than they may, and the newest stay', async () => {
    const directory = aFolder();
    const lines = new RotatedLines({ directory, maximumBytes: 64 * KIB });
    for (let number = 0; number < 400; number += 1) {
      await lines.append(noise(number, KIB), AT + number);
      expect(sizeOf(directory)).toBeLessThanOrEqual(64 * KIB);
    }
    await lines.end();
    const files = await lineFilesIn(directory);
    expect(files.length).toBeGreaterThan(4);
    expect(files.at(-1)?.beganAt).toBeGreaterThan(AT + 380);
    expect(files[0]?.beganAt).toBeGreaterThan(AT + 300);
  });

  it('make room by what an earlier process left, and touch no file that is not theirs', async () => {
    const directory = aFolder();
    writeFileSync(join(directory, '20261120T081500.042Z.jsonl'), noise(1, 60 * KIB));
    writeFileSync(join(directory, '20261120T091500.042Z.jsonl.gz.part'), noise(2, KIB));
    writeFileSync(join(directory, 'notes.txt'), noise(3, 100 * KIB));
    const lines = new RotatedLines({ directory, maximumBytes: 64 * KIB });
    await lines.append('x', AT);
    expect(readdirSync(directory).sort()).toEqual([
      '20261120T091500.042Z.jsonl.gz.part',
      '20261121T081500.042Z.jsonl',
      'notes.txt',
    ]);
    await lines.end();
  });

  it('begin a new file after one that could not be written', async () => {
    const directory = join(aFolder(), 'recording');
    writeFileSync(directory, 'a file where the directory should be');
    const lines = new RotatedLines({ directory, maximumBytes: 64 * KIB });
    await expect(lines.append('x', AT)).rejects.toMatchObject({ code: 'unavailable' });
    expect(lines.isAtStart).toBe(true);
  });

  it('say that their directory was deleted, and begin anew in it', async () => {
    const directory = join(aFolder(), 'recording');
    const lines = new RotatedLines({ directory, maximumBytes: 64 * KIB });
    await lines.append('one', AT);
    rmSync(directory, { recursive: true });
    await expect(lines.append('two', AT + 1)).rejects.toMatchObject({ code: 'unavailable' });
    expect(lines.isAtStart).toBe(true);
    await lines.append('three', AT + 2);
    expect(readFileSync(join(directory, '20261121T081500.044Z.jsonl'), 'utf8')).toBe('three\n');
    await lines.end();
  });

  it('do not take a file that was put in the place of theirs for theirs', async () => {
    const directory = aFolder();
    const lines = new RotatedLines({ directory, maximumBytes: 64 * KIB });
    await lines.append('one', AT);
    const path = join(directory, '20261121T081500.042Z.jsonl');
    renameSync(path, `${path}.old`);
    writeFileSync(path, 'of somebody else');
    await expect(lines.append('two', AT + 1)).rejects.toMatchObject({ code: 'unavailable' });
    expect(lines.isAtStart).toBe(true);
  });
});

describe('the files of a directory', () => {
  it('are none where there is no directory', async () => {
    expect(await lineFilesIn(join(aFolder(), 'nowhere'))).toEqual([]);
  });

  it('are named once each, oldest first, without drafts', async () => {
    const directory = aFolder();
    const names = ['20261121T081500.000Z.jsonl', '20261120T081500.000Z.jsonl.gz', 'notes.txt'];
    const twice = ['20261121T081500.000Z.jsonl.gz', '20261121T081500.000Z.jsonl.gz.part'];
    for (const name of [...names, ...twice]) writeFileSync(join(directory, name), '');
    expect((await lineFilesIn(directory)).map(({ name }) => name)).toEqual([
      '20261120T081500.000Z.jsonl.gz',
      '20261121T081500.000Z.jsonl',
    ]);
  });
});
