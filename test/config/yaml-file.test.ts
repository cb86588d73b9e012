// What may lie at the path of a file while a process runs. It is read in a process of its own, since the worst of it ends
// that process, or holds it up for ever.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { badConfiguration } from '../../src/config/mistake.ts';
import { aFolder } from '../support/folder.ts';
import { startScript } from '../support/script.ts';

interface Read {
  readonly entries: readonly { readonly name: string }[];
  readonly mistakes: readonly { readonly problem: string }[];
}

/** What a process of its own makes of each path. */
async function readings(paths: readonly string[]): Promise<readonly Read[]> {
  const running = await startScript(`
    import { readYamlFile } from './src/config/yaml-file.ts';
    console.log(JSON.stringify(${JSON.stringify(paths)}.map(readYamlFile)));`);
  onTestFinished(() => void running.child.kill('SIGKILL'));
  expect(await running.over).toEqual({ code: 0, signal: null });
  return JSON.parse(running.stdout());
}

async function problemsOf(text: string): Promise<string> {
  const path = join(aFolder(), 'file.yaml');
  writeFileSync(path, text);
  const [read] = await readings([path]);
  return read?.mistakes.map(({ problem }) => problem).join('\n') ?? '';
}

describe('a file that is no configuration', () => {
  it.each([
    ['lists', '['.repeat(9_000)],
    ['lists below a key', `cluster: ${'['.repeat(9_000)}`],
    ['sections', '{a: '.repeat(9_000)],
    ['items of lists', `${'- '.repeat(9_000)}a`],
    ['keys that are sections', '? '.repeat(9_000)],
    ['indented keys', Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
  ])('is a mistake for thousands of %s in each other', async (_name, text) => {
    expect(await problemsOf(text)).toContain('nested too deep');
  });

  it('may hold any number of brackets in a text and beside each other', async () => {
    expect(await problemsOf(`a: "${'['.repeat(9_000)}"\nb: [${'[],'.repeat(9_000)}]\n# ${'['.repeat(9_000)}`)).toBe('');
  });

  it('is refused when it is larger than any that people write', async () => {
    expect(await problemsOf(`a: ${'x'.repeat(64 * 1_024 - 4)}\n`)).toBe('');
    expect(await problemsOf(`a: ${'x'.repeat(64 * 1_024 - 3)}\n`)).toContain('too large');
  });

  it('is not waited for when it is a pipe or a device, and not read for ever', async () => {
    const folder = aFolder();
    const [pipe, directory] = [join(folder, 'pipe'), join(folder, 'directory')];
    execFileSync('mkfifo', [pipe]);
    mkdirSync(directory);
    const problems = (await readings([pipe, '/dev/zero', directory])).map(({ mistakes }) => mistakes[0]?.problem);
    expect(problems).toEqual([
      'this is a pipe or a device, expected a file',
      'this is a pipe or a device, expected a file',
      'this is a directory, expected a file',
    ]);
  });
});

describe('what is said of a file', () => {
  const mistake = (problem: string) => ({ source: 'file.yaml', line: 1, key: null, problem });

  it('is in one line of bounded length for each mistake, whatever it quotes', () => {
    const { message } = badConfiguration([mistake(`unknown \u001B[2J\n${'x'.repeat(10_000)}`)]);
    expect(message).not.toMatch(/\p{Cc}/u);
    expect(message.length).toBeLessThan(500);
  });

  it('ends with how many more mistakes there are', () => {
    const lines = badConfiguration(Array.from({ length: 53 }, (_, index) => mistake(`mistake ${index}`))).message.split(
      '\n',
    );
    expect(lines).toHaveLength(51);
    expect(lines.at(-2)).toContain('mistake 49');
    expect(lines.at(-1)).toBe('and 3 more');
    expect(badConfiguration(Array.from({ length: 50 }, () => mistake('one'))).message).not.toContain('more');
  });
});
