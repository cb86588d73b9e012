// `npm run bench`: bundles bench/main.ts, and the controller's thread for it, beside the command and runs it. The bench is
// TypeScript and Node 20 runs none.
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
await build({
  entryPoints: { bench: at('./main.ts'), 'bench-pool-check': at('../src/bin/pool-check-thread.ts') },
  outdir: at('../dist'),
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
  await import(at('../dist/bench.mjs'));
} finally {
  for (const name of ['bench', 'bench-pool-check']) rmSync(at(`../dist/${name}.mjs`), { force: true });
}
