// The file in a real directory.
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Level } from '../../../src/agent/level.ts';
import { keepNoticeFile } from '../../../src/agent/tell/notice-file.ts';
import type { TaskNotice } from '../../../src/agent/tell/task-notice.ts';
import { systemClock as clock } from '../../../src/runtime/system-clock.ts';
import { aFolder } from '../../support/folder.ts';
import { keepingLogger } from '../../support/log-lines.ts';
import { until } from '../../support/until.ts';

const NOTICE: TaskNotice = {
  signal: 'interruption',
  action: 'terminate',
  deadline: '2026-11-21T15:02:00.000Z',
  since: '2026-11-21T15:00:00.000Z',
  isDrained: false,
  stops: [],
};

function kept(directory: string) {
  const board = new Level<TaskNotice | null>(null);
  const { logger, lines } = keepingLogger();
  const life = new AbortController();
  // The least jitter: what fails is tried again at once.
  const keeping = keepNoticeFile({ directory, board, clock, rng: { next: () => 0.001 }, logger }, life.signal);
  const end = async () => {
    life.abort();
    await keeping;
  };
  onTestFinished(end);
  const path = join(directory, 'notice.json');
  const shows = (notice: TaskNotice | null) =>
    until('the file shows it', () => {
      try {
        return readFileSync(path, 'utf8') === `${JSON.stringify({ notice })}\n`;
      } catch {
        return false;
      }
    });
  return { board, lines, end, path, shows };
}

describe('the notice file', () => {
  it('says from the start that there is no notice, then what there is, then that there is none', async () => {
    const { board, shows, path } = kept(aFolder());
    await shows(null);
    board.put(NOTICE);
    await shows(NOTICE);
    board.put(null);
    await shows(null);
    expect(statSync(path).mode & 0o777).toBe(0o644);
  });

  it('stays in the same directory, since containers have that mounted', async () => {
    const directory = aFolder();
    const before = statSync(directory).ino;
    const { board, shows } = kept(directory);
    await shows(null);
    board.put(NOTICE);
    await shows(NOTICE);
    expect([statSync(directory).ino, readdirSync(directory)]).toEqual([before, ['notice.json']]);
  });

  it('is not written when it says the same already', async () => {
    const directory = aFolder();
    const first = kept(directory);
    await first.shows(null);
    await first.end();
    const { ino, mtimeMs } = statSync(first.path);
    const { board, shows, end } = kept(directory);
    board.put(null);
    await shows(null);
    await end();
    expect(statSync(first.path)).toMatchObject({ ino, mtimeMs });
  });

  it('catches up with a notice that came while it was being written', async () => {
    const { board, shows } = kept(aFolder());
    board.put(NOTICE);
    board.put({ ...NOTICE, action: 'stop' });
    await shows({ ...NOTICE, action: 'stop' });
  });

  it('is readable by everybody, and so is a directory that had to be made, whatever the umask', async () => {
    const umask = process.umask(0o077);
    onTestFinished(() => void process.umask(umask));
    const directory = join(aFolder(), 'made');
    const { shows, path } = kept(directory);
    await shows(null);
    expect([statSync(directory).mode & 0o777, statSync(path).mode & 0o777]).toEqual([0o755, 0o644]);
  });

  it('leaves the mode of a directory that is there as it is', async () => {
    const directory = aFolder();
    chmodSync(directory, 0o711);
    const { shows } = kept(directory);
    await shows(null);
    expect(statSync(directory).mode & 0o777).toBe(0o711);
  });

  it('that cannot be written is said once, and written when it can', async () => {
    const directory = join(aFolder(), 'taken');
    writeFileSync(directory, 'a file in its place');
    const { board, shows, lines } = kept(directory);
    board.put(NOTICE);
    await until('it is said', () => lines.length > 0);
    rmSync(directory);
    mkdirSync(directory);
    await shows(NOTICE);
    await until('it is said, too', () => lines.length > 1);
    expect(lines).toMatchObject([
      { level: 'warn', message: 'the notice for tasks cannot be written: they do not see it in the file' },
      { level: 'info', message: 'the notice for tasks is written again' },
    ]);
  });
});
