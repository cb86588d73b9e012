// dist/agent.js, the agent as one file: what it is made of, and how it is started.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AGENT } from '../../build.mjs';
import { runProgram } from '../../src/cli/program.ts';
import { runCommand } from '../support/run-command.ts';

const MOST_BYTES = 1_000_000;
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'spotkeeper-agent-'));
const alone = join(folder, 'agent.js');

beforeAll(() => copyFileSync('dist/agent.js', alone));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The file in a folder that holds nothing else of ours. */
function runAlone(args: readonly string[], env: Readonly<Record<string, string>> = {}, script = alone) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8', env });
  return { code: status, stdout, stderr };
}

describe('the file of the agent', () => {
  it('is one, is smaller than a megabyte and needs nothing but Node', async () => {
    const { metafile } = await build({ ...AGENT, outdir: 'dist', write: false, metafile: true });
    const outputs = Object.entries(metafile?.outputs ?? {});
    expect(outputs.map(([name]) => name)).toEqual(['dist/agent.js']);
    const outside = outputs.flatMap(([, { imports }]) => imports.map(({ path }) => path.replace(/^node:/, '')));
    expect(outside.filter((path) => !builtinModules.includes(path))).toEqual([]);
    expect(statSync('dist/agent.js').size).toBeLessThan(MOST_BYTES);
  });

  it('runs in a folder where nothing else is', () => {
    expect(runAlone(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
    expect(runAlone([], { SPOTKEEPER_POLL_SECONDS: 'often' })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        '[bad-configuration] SPOTKEEPER_POLL_SECONDS: interruption.pollSeconds: expected',
      ),
    });
  });

  it('runs through a link', () => {
    const link = join(folder, 'link');
    symlinkSync(alone, link);
    expect(runAlone(['--version'], {}, link).stdout).toBe(`${version}\n`);
  });

  it('is what the command runs as its agent', async () => {
    expect(await runCommand(['agent', '--version'])).toEqual(runAlone(['--version']));
    expect(await runCommand(['agent', '--help'])).toEqual(runAlone(['--help']));
  });

  it('reads its configuration from options as the command does', async () => {
    const options = ['-c', 'nowhere.yaml', '--region=here', '--log-level', 'loud'];
    const { code, stderr } = runAlone(options);
    expect(code).toBe(2);
    expect(stderr).toContain('nowhere.yaml: there is no such file');
    expect(stderr).toContain('--region: region: expected');
    expect(stderr).toContain('--log-level: log.level: expected');
    expect(await runCommand(['agent', ...options])).toEqual({ code, stdout: '', stderr });
  });

  it.each([['--bogus'], ['extra'], ['--config'], ['--help=x']])('refuses %s with exit code 2', (argument) => {
    expect(runAlone([argument])).toEqual({ code: 2, stdout: '', stderr: expect.stringMatching(/^error: .+\n$/s) });
  });

  it('helps in the words in which the command lists it', async () => {
    const written: string[] = [];
    const stream = { write: (text: string) => written.push(text) };
    const never = () => Promise.reject(new Error('help runs nothing'));
    const commands = {
      agent: never,
      controller: never,
      plan: never,
      status: never,
      explain: never,
      cordon: never,
      uncordon: never,
      drain: never,
      replace: never,
      pause: never,
      resume: never,
      checkConfig: never,
      sandbox: never,
      hostShutdown: never,
    };
    await runProgram(['agent', '--help'], { commands, streams: { stdout: stream, stderr: stream }, version });
    expect(runAlone(['--help'])).toEqual({ code: 0, stdout: written.join(''), stderr: '' });
  });
});
