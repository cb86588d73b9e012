// `npm start` as a stranger gets it: the built command plays the whole story with real processes, and is judged by its
// exit code, by what it says, and by what it leaves behind.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Expectation } from '../../src/sandbox/story/expectation.ts';
import type { Figures } from '../../src/sandbox/story/figures/figures.ts';
import { runCommand } from '../support/run-command.ts';
import { type RunningScript, watchChild } from '../support/script.ts';
import { until } from '../support/until.ts';

const started: ChildProcess[] = [];

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL');
});

function sandbox(...args: string[]): RunningScript {
  const child = spawn(process.execPath, ['dist/spotkeeper.js', 'sandbox', ...args], {
    env: { PATH: process.env.PATH ?? '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  started.push(child);
  return watchChild(child);
}

interface StoryDocument {
  readonly held: boolean;
  readonly expectations: readonly Expectation[];
  readonly figures: Figures;
}

/** The whole document, or null while it is still being written. */
function documentIn(text: string): StoryDocument | null {
  try {
    return JSON.parse(text) as StoryDocument;
  } catch {
    // Not all of it is there yet.
    return null;
  }
}

/** What the kept sandbox says to export. */
function exportsIn(text: string): Record<string, string> {
  return Object.fromEntries(
    [...text.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
}

/** Process ids the story has told of and that still run. */
function childrenAlive(told: string): number[] {
  return [...told.matchAll(/started, process (\d+)/g)].map(([, pid]) => Number(pid)).filter(isAlive);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    // ESRCH is the answer.
    return false;
  }
}

describe('the story', () => {
  it('holds every expectation, and can be kept and looked into', { timeout: 180_000 }, async () => {
    const kept = sandbox('--keep', '--json');
    await until('the sandbox to be kept', () => kept.stderr().includes('export SPOTKEEPER_CONFIG'), 150_000);
    await until('the document', () => documentIn(kept.stdout()) !== null);
    const { held, expectations, figures } = documentIn(kept.stdout()) as StoryDocument;
    expect(expectations.filter((expectation) => !expectation.held)).toEqual([]);
    expect(held).toBe(true);
    expect(new Set(expectations.map(({ act }) => act))).toEqual(new Set([1, 2, 3, 4, 5, 6, 7]));
    expect(figures.notices).toHaveLength(1);
    expect(figures.failOvers).toHaveLength(1);
    expect(figures.retirements.length).toBeGreaterThanOrEqual(2);
    expect(figures.calls.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['ModifySpotFleetRequest', 'UpdateContainerInstancesState', 'PutMetricData', 'PutItem']),
    );

    const environment = exportsIn(kept.stderr());
    const plan = await runCommand(['plan', '--json'], environment);
    expect(plan).toMatchObject({ code: 0, stderr: '' });
    const status = await runCommand(['status'], environment);
    expect(status.stdout).toMatch(/^Cluster {3}story, seen /);
    expect(childrenAlive(kept.stderr()).length).toBeGreaterThanOrEqual(4);

    kept.child.kill('SIGINT');
    expect(await kept.over).toEqual({ code: 0, signal: null });
    expect(childrenAlive(kept.stderr())).toEqual([]);
    expect(existsSync(dirname(environment.SPOTKEEPER_CONFIG ?? ''))).toBe(false);
  });
});

describe('a story that is ended early', () => {
  const controllersRun = (told: string) => told.includes('controller-b started');

  it('ends every child and exits with 130 after Ctrl-C', { timeout: 60_000 }, async () => {
    const story = sandbox();
    await until('the controllers to run', () => controllersRun(story.stdout()), 40_000);
    expect(childrenAlive(story.stdout()).length).toBeGreaterThanOrEqual(4);
    story.child.kill('SIGINT');
    expect(await story.over).toEqual({ code: 130, signal: null });
    expect(childrenAlive(story.stdout())).toEqual([]);
    expect(story.stderr()).toBe('');
  });

  it('leaves no child behind even when it is killed', { timeout: 60_000 }, async () => {
    const story = sandbox();
    await until('the controllers to run', () => controllersRun(story.stdout()), 40_000);
    story.child.kill('SIGKILL');
    await story.over;
    await until('every child to be gone', () => childrenAlive(story.stdout()).length === 0);
  });

  it('has no colour and no progress when it is piped', { timeout: 60_000 }, async () => {
    const story = sandbox();
    await until('the first act', () => story.stdout().includes('Act 1: steady state'), 40_000);
    story.child.kill('SIGINT');
    await story.over;
    expect(story.stdout()).not.toContain('\u001b');
  });
});
