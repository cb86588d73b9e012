// Bundles the command into dist/. Code splitting keeps `spotkeeper agent` from loading what only the controller or the
// sandbox needs. dynalite stays outside the bundle: it carries a native store that only the sandbox uses.
import { readFileSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const { version } = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8'));
rmSync(new URL('./dist', import.meta.url), { recursive: true, force: true });
await build({
  entryPoints: { spotkeeper: 'src/bin/spotkeeper.ts', 'pool-check-thread': 'src/bin/pool-check-thread.ts' },
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: ['dynalite'],
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
});
