// Bundles the program into dist/: the agent as one file that needs no other (`agent.js`), and every other command with
// what they share in pieces of their own. dynalite stays outside: it carries a native store that only the sandbox uses.
//
//   node build.mjs [--outdir <folder>]
import { readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const { version } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'));

const COMMON = {
  absWorkingDir: fileURLToPath(new URL('.', import.meta.url)),
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  define: { SPOTKEEPER_VERSION: JSON.stringify(version) },
  // CommonJS packages inside an ESM bundle still ask for require and __dirname.
  banner: {
    js: [
      "import { createRequire as bundleCreateRequire } from 'node:module';",
      "import { dirname as bundleDirname } from 'node:path';",
      "import { fileURLToPath as bundleFileURLToPath } from 'node:url';",
      'const require = bundleCreateRequire(import.meta.url);',
      'const __filename = bundleFileURLToPath(import.meta.url);',
      'const __dirname = bundleDirname(__filename);',
    ].join('\n'),
  },
  logLevel: 'warning',
};

/**
 * One file: what it imports later is in it as a function that has not run yet. Packages are taken as ES modules where
 * they are to be had, so that of a client only the calls we make come along.
 */
export const AGENT = {
  ...COMMON,
  entryPoints: { agent: 'src/bin/agent-main.ts' },
  mainFields: ['module', 'main'],
  minify: true,
  legalComments: 'none',
};

export const COMMAND = {
  ...COMMON,
  entryPoints: { spotkeeper: 'src/bin/spotkeeper.ts', 'pool-check-thread': 'src/bin/pool-check-thread.ts' },
  splitting: true,
  external: ['dynalite'],
  plugins: [
    {
      name: 'the agent is the file beside it',
      setup: ({ onResolve }) =>
        onResolve({ filter: /\/agent-main\.ts$/ }, () => ({ path: './agent.js', external: true })),
    },
  ],
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { outdir: { type: 'string', default: 'dist' } } });
  rmSync(new URL(`${values.outdir}/`, import.meta.url), { recursive: true, force: true });
  for (const options of [AGENT, COMMAND]) await build({ ...options, outdir: values.outdir });
}
