// Holds the source tree to its own rules: who may import whom, where clock, chance, environment and output live.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsOf, MAY_IMPORT, type SourceFile, violationsIn } from './support/architecture.ts';
import { readSource } from './support/source-text.ts';

const root = new URL('..', import.meta.url).pathname;

function sourceTree(): SourceFile[] {
  return readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({
      path: `src/${name.replaceAll('\\', '/')}`,
      text: readFileSync(join(root, 'src', name), 'utf8'),
    }));
}

/** A file that keeps every rule but the one its extra code breaks. */
const sample = (path: string, code: string): SourceFile => ({ path, text: `// A sample.\n${code}\n` });

describe('the source tree', () => {
  it('keeps every rule of the architecture', () => {
    expect(violationsIn(sourceTree())).toEqual([]);
  });

  it('has a line in the import table for each of its folders', () => {
    const folders = new Set(sourceTree().map((file) => file.path.split('/')[1]));
    expect([...folders].filter((folder) => MAY_IMPORT[folder ?? ''] === undefined)).toEqual([]);
  });

  it('is not empty', () => {
    expect(sourceTree().length).toBeGreaterThan(20);
  });
});

describe('the checker fires on', () => {
  const bad: readonly (readonly [string, SourceFile, string])[] = [
    [
      'a forbidden import',
      sample('src/plan/a.ts', "import { x } from '../aws/b.ts';"),
      'plan may not import src/aws/b.ts',
    ],
    ['a type import', sample('src/model/a.ts', "import type { X } from '../ports/b.ts';"), 'model may not import'],
    ['an import over lines', sample('src/model/a.ts', "import {\n  x,\n} from '../ports/b.ts';"), 'a.ts:4'],
    ['a dynamic import', sample('src/agent/a.ts', "await import('../aws/b.ts');"), 'agent may not import src/aws/b.ts'],
    ['a re-export', sample('src/world/a.ts', "export { x } from '../sandbox/b.ts';"), 'world may not import'],
    ['an inline type import', sample('src/model/a.ts', "type X = import('../ports/b.ts').X;"), 'model may not import'],
    ['a bare import', sample('src/world/a.ts', "import '../sandbox/b.ts';"), 'world may not import'],
    [
      'more of plan than the policy',
      sample('src/config/a.ts', "import { x } from '../plan/b.ts';"),
      'config may not import',
    ],
    ['a missing extension', sample('src/plan/a.ts', "import { x } from '../model/b';"), 'without its .ts'],
    [
      'a package far from home',
      sample('src/aws/a.ts', "import axios from 'axios';"),
      'whose home is src/runtime/webhook',
    ],
    ['a scoped package', sample('src/cli/a.ts', "import { X } from '@aws-sdk/client-ec2';"), 'whose home is src/aws/'],
    ['an unknown package', sample('src/cli/a.ts', "import x from 'left-pad';"), 'has no home'],
    ['Node in a pure folder', sample('src/plan/a.ts', "import { x } from 'node:fs';"), 'plan is pure'],
    ['an unknown folder', sample('src/utils/a.ts', "import { x } from '../model/b.ts';"), 'utils has no line'],
    ['Date.now', sample('src/plan/a.ts', 'const at = Date.now();'), 'the wall clock'],
    ['new Date()', sample('src/world/a.ts', 'const at = new Date();'), 'the wall clock'],
    ['new Date without call', sample('src/world/a.ts', 'const at = new Date;'), 'the wall clock'],
    ['performance.now', sample('src/aws/a.ts', 'performance.now();'), 'the monotonic clock'],
    ['Math.random', sample('src/world/a.ts', 'Math.random();'), 'randomness'],
    ['a timer', sample('src/sandbox/a.ts', 'setTimeout(() => {}, 5);'), 'a timer'],
    ['a timer from a module', sample('src/aws/a.ts', "import { setTimeout } from 'node:timers/promises';"), 'a timer'],
    ['process.env', sample('src/bin/a.ts', 'const home = process.env.HOME;'), 'the environment'],
    ['env of node:process', sample('src/cli/a.ts', "import { env } from 'node:process';"), 'the environment'],
    ['process.env in a template', sample('src/cli/a.ts', 'const a = `x$' + '{process.env.A}`;'), 'the environment'],
    ['console', sample('src/bin/a.ts', 'console.log(1);'), 'the console'],
    ['a standard stream', sample('src/cli/a.ts', "process.stdout.write('x');"), 'the standard streams'],
    ['process.exit', sample('src/cli/a.ts', 'process.exit(1);'), 'the life of the process'],
    ['AbortSignal.timeout', sample('src/agent/a.ts', 'AbortSignal.timeout(5);'), 'an abort timer'],
    ['an index file', sample('src/model/index.ts', ''), 'no index files'],
    ['a long file', sample('src/model/a.ts', 'x;\n'.repeat(251)), 'more than one idea'],
    ['a file without a word', { path: 'src/model/a.ts', text: 'export const x = 1;\n' }, 'neither opens'],
  ];

  it.each(bad)('%s', (_name, file, expected) => {
    expect(violationsIn([file]).join('\n')).toContain(expected);
  });
});

describe('the checker leaves alone', () => {
  const good: readonly (readonly [string, SourceFile])[] = [
    ['an allowed import', sample('src/plan/a.ts', "import { x } from '../model/b.ts';")],
    ['an import in a comment', sample('src/plan/a.ts', "// import { x } from '../aws/b.ts';")],
    ['an import in a string', sample('src/plan/a.ts', `const x = "import { x } from '../aws/b.ts'";`)],
    ['a dated Date', sample('src/plan/a.ts', 'const at = new Date(0);')],
    ['the clock in its home', sample('src/runtime/a.ts', 'const at = Date.now();')],
    ['the environment in its home', sample('src/config/a.ts', 'const home = process.env.HOME;')],
    ['a clock in a template text', sample('src/plan/a.ts', 'const a = `Date.now() $' + '{1} console.log`;')],
    ['a quote in a regular expression', sample('src/plan/a.ts', `const a = /['"]/.test(b); // console.log`)],
    ['a division', sample('src/plan/a.ts', 'const a = b / c; const d = e / f;')],
    [
      'a documented export after imports',
      {
        path: 'src/ports/a.ts',
        text: "import type { X } from '../model/b.ts';\n\n/** A port. */\nexport interface Y extends X {}\n",
      },
    ],
  ];

  it.each(good)('%s', (_name, file) => {
    expect(violationsIn([file])).toEqual([]);
  });

  it('sees every import of a file', () => {
    const text = "import a from 'x';\nimport type {\n  B,\n} from './b.ts';\nconst c = await import(\n  './c.ts'\n);\n";
    expect(importsOf(readSource(text)).map(({ specifier }) => specifier)).toEqual(['x', './b.ts', './c.ts']);
  });
});
