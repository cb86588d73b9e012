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
 * Packages that come along with others and that the agent never uses: a table of file types for forms (we post JSON), a
 * tracer for developers, and sign-in with a browser (nobody sits at an instance: a profile that asks for it is an error
 * there, told in these words).
 */
const NOT_IN_THE_AGENT = {
  '^mime-db$': 'module.exports = {};',
  '^debug$': 'const silent = Object.assign(() => {}, { enabled: false }); module.exports = () => silent;',
  '^@aws-sdk/credential-provider-(sso|login)$': `
    const refuse = () => async () => {
      throw new Error('the agent takes no credentials from a sign-in with a browser (SSO, aws login)');
    };
    export { refuse as fromSSO, refuse as fromLoginCredentials };`,
};

const withoutThem = {
  name: 'packages the agent never uses',
  setup: ({ onResolve, onLoad }) => {
    for (const [filter, contents] of Object.entries(NOT_IN_THE_AGENT)) {
      onResolve({ filter: new RegExp(filter) }, ({ path }) => ({ path, namespace: filter }));
      onLoad({ filter: /./, namespace: filter }, () => ({ contents, loader: 'js' }));
    }
  },
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
  plugins: [withoutThem],
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
