// `npm run bench`: bundles bench/main.ts, and the controller's thread for it, and runs it. The bench is TypeScript and Node
// 20 runs none. A folder of its own, so that a build meanwhile takes nothing away; inside node_modules, from where the
// packages that stay outside the bundle are found.
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const folder = at(`../node_modules/.cache/spotkeeper-bench-${process.pid}`);
await build({
  entryPoints: { bench: at('./main.ts'), 'bench-pool-check': at('../src/bin/pool-check-thread.ts') },
  outdir: folder,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  external: ['dynalite'],
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  logLevel: 'warning',
});
try {
  await import(`${folder}/bench.mjs`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
